import type { Precision } from '../../support/precision.ts'
import type { PlainGradient } from './gradients.ts'
import type { Settings } from './settings.ts'

/** A variable and its slots, as lists of doubles. */
export interface TwinVariable {
  readonly precision: Precision
  readonly size: number
  readonly width: number
  value: number[]
  accumulator: number[]
  average: number[]
  factor: number
}

/** A gradient with the variable that it is of. */
export interface TwinPair {
  readonly gradient: NonNullable<PlainGradient>
  readonly variable: TwinVariable
}

function rounded(precision: Precision, value: number): number {
  return precision === 'float32' ? Math.fround(value) : value
}

/** The gradients after clipnorm, globalClipnorm or clipvalue. Repeated rows are still apart. */
export function clippedGradients(pairs: readonly TwinPair[], clipping: Settings['clipping']): TwinPair[] {
  if (clipping === null) return [...pairs]
  const { option, limit } = clipping
  const scaleOf = (values: readonly number[]) => Math.min(1, limit / Math.max(norm(values), Number.MIN_VALUE))
  const globalScale = scaleOf(pairs.flatMap(({ gradient }) => gradient.values))
  return pairs.map(({ gradient, variable }) => {
    const scale = option === 'globalClipnorm' ? globalScale : scaleOf(gradient.values)
    const change = (x: number) => (option === 'clipvalue' ? Math.sign(x) * Math.min(Math.abs(x), limit) : x * scale)
    const values = gradient.values.map((x) => rounded(gradient.precision, change(x)))
    return { gradient: { ...gradient, values }, variable }
  })
}

function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, x) => sum + x * x, 0))
}

/** The gradient of each touched coordinate; rows that are named more than once are summed in the order given. */
export function touchedBy({ gradient, variable }: TwinPair): Map<number, number> {
  const { indices, values, precision } = gradient
  const touched = new Map<number, number>()
  values.forEach((g, j) => {
    const i = indices === null ? j : indices[Math.floor(j / variable.width)] * variable.width + (j % variable.width)
    touched.set(i, rounded(precision, (touched.get(i) ?? -0) + g))
  })
  return touched
}

/** w ← w − w · weightDecay · rate, on every coordinate. */
export function decay(variable: TwinVariable, weightDecay: number, rate: number): void {
  variable.value = variable.value.map((w) => w - w * weightDecay * rate)
}

/** One step of ClippyAdagrad on the touched coordinates, as section 1 of the design has it. */
export function clippyStep(variable: TwinVariable, touched: Map<number, number>, rate: number, s: Settings): void {
  const { value, accumulator } = variable
  if (s.mode === 'standard') for (const [i, g] of touched) accumulator[i] += g * g
  let factor = 1
  for (const [i, g] of touched) {
    const root = Math.sqrt(accumulator[i] + s.epsilon)
    const delta = (rate * g) / root
    const bound = Math.abs(value[i]) * s.relative + s.accumulatorRelative / root + s.absolute
    if (delta !== 0) factor = Math.min(factor, bound / Math.abs(delta))
  }
  for (const [i, g] of touched) value[i] -= (factor * (rate * g)) / Math.sqrt(accumulator[i] + s.epsilon)
  const share = s.mode === 'clipped' ? factor : 1
  if (s.mode !== 'standard') for (const [i, g] of touched) accumulator[i] += (share * g) ** 2
  if (s.exports) variable.factor = factor
}

/** average ← momentum · average + (1 − momentum) · value. */
export function updateAverage(variable: TwinVariable, momentum: number): void {
  variable.average = variable.average.map((average, i) => momentum * average + (1 - momentum) * variable.value[i])
}

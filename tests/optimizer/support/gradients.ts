import fc from 'fast-check'
import type { Gradient } from '../../../src/index.ts'
import { arrayOf, type Precision } from '../../support/precision.ts'
import { plainNumber, type Start } from './variables.ts'

/** A gradient as data; null where the loss does not depend on the variable. */
export type PlainGradient = {
  readonly precision: Precision
  readonly indices: readonly number[] | null
  readonly values: readonly number[]
} | null

const right = ['dense', 'dense', 'dense', 'unique', 'repeated', 'rowless', 'null'] as const
const wrong = ['not finite', 'long', 'short', 'precision', 'beyond', 'negative', 'fraction', 'half a row'] as const

/** What to make a gradient of, whatever variable it will be for. */
export interface Draw {
  readonly kind: (typeof right)[number] | (typeof wrong)[number]
  readonly numbers: readonly number[]
  readonly rows: readonly number[]
  readonly bad: number
}

function drawOf(kind: fc.Arbitrary<Draw['kind']>): fc.Arbitrary<Draw> {
  return fc.record({
    kind,
    numbers: fc.array(plainNumber, { minLength: 12, maxLength: 12 }),
    rows: fc.array(fc.nat({ max: 11 }), { minLength: 1, maxLength: 4 }),
    bad: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  })
}

/** Gradients that every optimizer takes. */
export const goodDraw: fc.Arbitrary<Draw> = drawOf(fc.constantFrom(...right))

/** Now and then one that is refused. */
export const anyDraw: fc.Arbitrary<Draw> = fc.oneof(
  { weight: 12, arbitrary: goodDraw },
  { weight: 1, arbitrary: drawOf(fc.constantFrom(...wrong)) },
)

/** The gradient for one variable. */
export function fitted({ kind, numbers, rows, bad }: Draw, { precision, rows: count, width }: Start): PlainGradient {
  const size = count * width
  const dense = numbers.slice(0, size)
  const repeated = rows.map((row) => row % count)
  const unique = [...new Set(repeated)]
  const sparse = (indices: readonly number[]) => ({
    precision,
    indices,
    values: cycle(numbers, indices.length * width),
  })
  switch (kind) {
    case 'dense':
      return { precision, indices: null, values: dense }
    case 'unique':
      return sparse(unique)
    case 'repeated':
      return sparse(repeated)
    case 'rowless':
      return sparse([])
    case 'null':
      return null
    case 'not finite':
      return { precision, indices: null, values: dense.map((x, i) => (i === rows[0] % size ? bad : x)) }
    case 'long':
      return { precision, indices: null, values: [...dense, 1] }
    case 'short':
      return { precision, indices: null, values: dense.slice(1) }
    case 'precision':
      return { precision: precision === 'float32' ? 'float64' : 'float32', indices: null, values: dense }
    case 'beyond':
      return sparse([...unique, count])
    case 'negative':
      return sparse([-1, ...unique])
    case 'fraction':
      return sparse([0.5])
    case 'half a row':
      return { precision, indices: [0, 0], values: cycle(numbers, 2 * width + 1) }
  }
}

function cycle(numbers: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, i) => numbers[i % numbers.length])
}

/** The gradient as the optimizer gets it; the kind of its index list changes with its length. */
export function gradientOf(gradient: PlainGradient): Gradient | null {
  if (gradient === null) return null
  const values = arrayOf(gradient.precision, gradient.values)
  const { indices } = gradient
  if (indices === null) return values
  const isWhole = indices.every((index) => Number.isInteger(index) && index >= 0)
  if (!isWhole || indices.length % 3 === 0) return { indices, values }
  return { indices: indices.length % 3 === 1 ? Int32Array.from(indices) : Uint32Array.from(indices), values }
}

import { createHash } from 'node:crypto'
import type { Contender, Prepared } from './contenders/contender.ts'
import { type Problem, ROW_WIDTH, type Settings, touchedCoordinates } from './problem.ts'

const STEPS = 2
/** Of the larger of a coordinate's first and last value. Single precision and its square roots lose about 1e-6. */
const TOLERANCE = 1e-5

/**
 * Lets a contender take two steps and compares every coordinate with the formula in double; throws Error where it differs.
 * Resets it then. Returns a digest of the bits, for contenders that must agree in each of them.
 */
export function checkAnswer({ name, formula, settings }: Contender, problem: Problem, prepared: Prepared): string {
  for (let n = 0; n < STEPS; n++) prepared.step()
  const { variable, accumulator } = prepared.read()
  const touched = touchedCoordinates(problem)
  const expected = expectedValues(problem, formula, settings, touched)
  const hash = createHash('sha256')
  const compare = (role: string, got: ArrayLike<number>, first: Float32Array, want: Float64Array) => {
    requireClose(`${name}, ${role}`, gathered(got, touched), gathered(first, touched), want)
    requireUntouched(`${name}, ${role}`, got, first, touched)
    hash.update(gathered(got, touched))
  }
  compare('variable', variable, problem.variable, expected.variable)
  if (accumulator !== undefined) compare('accumulator', accumulator, problem.accumulator, expected.accumulator)
  prepared.reset()
  return hash.digest('hex')
}

interface Expected {
  readonly variable: Float64Array
  readonly accumulator: Float64Array
}

/** The touched coordinates after the steps, from the formulas, in double. */
export function expectedValues(
  problem: Problem,
  formula: Contender['formula'],
  settings: Settings,
  touched: Int32Array | undefined,
): Expected {
  const variable = gathered(problem.variable, touched)
  const accumulator = gathered(problem.accumulator, touched)
  const gradient = summedGradient(problem)
  for (let n = 0; n < STEPS; n++) {
    if (formula === 'Adagrad') addSquares(accumulator, gradient)
    const factor = formula === 'Adagrad' ? 1 : smallestFactor(variable, accumulator, gradient, settings)
    for (let i = 0; i < variable.length; i++) {
      variable[i] -= (factor * settings.learningRate * gradient[i]) / Math.sqrt(accumulator[i] + settings.epsilon)
    }
    if (formula === 'Clippy') addSquares(accumulator, gradient)
  }
  return { variable, accumulator }
}

function smallestFactor(w: Float64Array, a: Float64Array, g: Float64Array, settings: Settings): number {
  let factor = 1
  for (let i = 0; i < w.length; i++) {
    if (g[i] === 0) continue
    const root = Math.sqrt(a[i] + settings.epsilon)
    const bound =
      Math.abs(w[i]) * settings.variableRelativeThreshold +
      settings.accumulatorRelativeThreshold / root +
      settings.absoluteThreshold
    factor = Math.min(factor, bound / Math.abs((settings.learningRate * g[i]) / root))
  }
  return factor
}

function addSquares(accumulator: Float64Array, gradient: Float64Array): void {
  for (let i = 0; i < accumulator.length; i++) accumulator[i] += gradient[i] ** 2
}

/** The gradient of each touched coordinate, repeated rows summed, in the order of `touchedCoordinates`. */
function summedGradient({ gradient, indices }: Problem): Float64Array {
  if (indices === undefined) return new Float64Array(gradient)
  const places = new Map<number, number>()
  for (const row of indices) if (!places.has(row)) places.set(row, places.size)
  const sums = new Float64Array(places.size * ROW_WIDTH)
  gradient.forEach((value, j) => {
    const place = places.get(indices[Math.floor(j / ROW_WIDTH)]) ?? 0
    sums[place * ROW_WIDTH + (j % ROW_WIDTH)] += value
  })
  return sums
}

function gathered(array: ArrayLike<number>, touched: Int32Array | undefined): Float64Array {
  if (touched === undefined) return new Float64Array(array)
  const values = new Float64Array(touched.length)
  for (let j = 0; j < touched.length; j++) values[j] = array[touched[j]]
  return values
}

function requireClose(what: string, got: Float64Array, first: Float64Array, want: Float64Array): void {
  for (let i = 0; i < want.length; i++) {
    const size = Math.max(Math.abs(first[i]), Math.abs(want[i]))
    // Not `> TOLERANCE * size`, which a NaN would pass.
    if (Math.abs(got[i] - want[i]) <= TOLERANCE * size) continue
    throw new Error(`${what}: coordinate ${i} is ${got[i]} after ${STEPS} steps; expected ${want[i]}`)
  }
}

function requireUntouched(
  what: string,
  got: ArrayLike<number>,
  first: Float32Array,
  touched: Int32Array | undefined,
): void {
  if (touched === undefined) return
  let changed = 0
  for (let i = 0; i < first.length; i++) if (got[i] !== first[i]) changed++
  let allowed = 0
  for (let j = 0; j < touched.length; j++) if (got[touched[j]] !== first[touched[j]]) allowed++
  if (changed > allowed) throw new Error(`${what}: ${changed - allowed} coordinates of rows without a gradient changed`)
}

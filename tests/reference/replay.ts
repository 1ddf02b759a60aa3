import { readFileSync } from 'node:fs'

export type Precision = 'float32' | 'float64'
export type FloatArray = Float32Array | Float64Array
export type Tolerance = Readonly<Record<Precision, number>>

/** For a step that starts from a recorded state. */
export const OF_A_STEP: Tolerance = { float32: 1e-5, float64: 1e-12 }
/** For a state that up to 20 steps led to: the thresholds, a little lower here than in the reference, add up. */
export const OF_A_RUN: Tolerance = { float32: 3e-5, float64: 1e-12 }

/** The cases of a file that make_fixtures.py wrote. */
export function readCases<Case>(file: string): Case[] {
  const text = readFileSync(new URL(`./fixtures/${file}.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { cases: Case[] }).cases
}

export function floats(precision: Precision, values: Iterable<number>): FloatArray {
  return precision === 'float32' ? Float32Array.from(values) : Float64Array.from(values)
}

/** A dense gradient, or rows of a sparse one. */
export type RecordedGradient = number[] | { indices: number[]; values: number[] }

export function gradientOf(
  precision: Precision,
  recorded: RecordedGradient,
): FloatArray | { indices: number[]; values: FloatArray } {
  if (Array.isArray(recorded)) return floats(precision, recorded)
  return { indices: recorded.indices, values: floats(precision, recorded.values) }
}

/** Throws unless |actual − expected| ≤ tolerance · |expected|, both finite. */
export function agree(what: string, actual: number, expected: number, tolerance: number): void {
  within(what, actual, expected, tolerance * Math.abs(expected))
}

/** `agree` for each element; the kind of array and the length must match too. */
export function agreeAll(what: string, actual: FloatArray, expected: FloatArray, tolerance: number): void {
  sameKind(what, actual, expected)
  for (let i = 0; i < expected.length; i++) agree(`${what}[${i}]`, actual[i], expected[i], tolerance)
}

/** As `agreeAll`, with the tolerance relative to max(|before|, |expected|). */
export function agreeMoved(
  what: string,
  actual: FloatArray,
  before: FloatArray,
  expected: FloatArray,
  tolerance: number,
): void {
  sameKind(what, actual, expected)
  sameKind(`${what} before`, before, expected)
  for (let i = 0; i < expected.length; i++) {
    const scale = Math.max(Math.abs(before[i]), Math.abs(expected[i]))
    within(`${what}[${i}]`, actual[i], expected[i], tolerance * scale)
  }
}

/** Throws unless |actual − expected| ≤ allowed and both are finite. */
export function within(what: string, actual: number, expected: number, allowed: number): void {
  // Written so that NaN on either side fails.
  if (Math.abs(actual - expected) <= allowed && Number.isFinite(expected)) return
  const off = Math.abs(actual - expected) / Math.abs(expected)
  throw new Error(`${what} is ${actual}; the reference has ${expected} (relative difference ${off})`)
}

function sameKind(what: string, actual: FloatArray, expected: FloatArray): void {
  if (actual.constructor === expected.constructor && actual.length === expected.length) return
  const kind = (array: FloatArray): string => `${array?.constructor.name} of length ${array?.length}`
  throw new Error(`${what} is a ${kind(actual)}; expected a ${kind(expected)}`)
}

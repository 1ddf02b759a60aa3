import { type FloatArray, type StepOptions, step } from 'clippy-adagrad'
import * as assert from 'uvu/assert'
import { seededRandom } from '../../adult/random.ts'

export const PRECISIONS = ['float32', 'float64'] as const
export type Precision = (typeof PRECISIONS)[number]

/** The modes, which differ in when and with what the accumulator is updated. */
export const MODES: Readonly<Record<string, StepOptions>> = {
  delayed: {},
  clipped: { clipAccumulatorUpdate: true },
  standard: { useStandardAccumulatorUpdate: true },
}

export const OPTIONS: StepOptions = { learningRate: 0.5, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 }

/** Numbers between −1 and 1, the same for the same seed. */
export function values(length: number, precision: Precision, seed: number): FloatArray {
  const random = seededRandom(seed)
  const array = precision === 'float32' ? new Float32Array(length) : new Float64Array(length)
  return array.map(() => 2 * random() - 1)
}

/** A variable in one piece, stepped by the main thread. */
export class Whole {
  readonly variable: FloatArray
  readonly accumulator: FloatArray

  constructor(start: FloatArray) {
    this.variable = start.slice()
    this.accumulator = start.slice().fill(0.1)
  }

  step(gradient: FloatArray, options: StepOptions): number {
    return step(this.variable, this.accumulator, gradient, options)
  }
}

/** Equal bit for bit: 0 is not −0. */
export function sameBits(actual: FloatArray, expected: FloatArray, what: string): void {
  assert.is(actual.constructor, expected.constructor, what)
  assert.is(actual.length, expected.length, what)
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) assert.unreachable(`${what}[${i}] is ${actual[i]}, not ${expected[i]}`)
  }
}

/** What the promise is refused with. */
export async function refusalOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
  throw new Error('expected an error, and nothing was thrown')
}

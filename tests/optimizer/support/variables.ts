import fc from 'fast-check'
import { ClippyAdagrad, type Optimizer, Variable } from '../../../src/index.ts'
import { precision } from '../../support/arbitraries.ts'
import { bytesOf } from '../../support/assertions.ts'
import { arrayOf, type FloatArray, type Precision } from '../../support/precision.ts'

/** A variable of shape [rows, width] before it is made. */
export interface Start {
  readonly precision: Precision
  readonly rows: number
  readonly width: number
  readonly values: readonly number[]
  /** Whether the optimizer is given the bare typed array. */
  readonly raw: boolean
}

/** A variable as a caller holds it. */
export interface Held {
  readonly start: Start
  readonly name: string
  readonly value: FloatArray
  /** What is passed to the optimizer. */
  readonly given: Variable | FloatArray
}

/** Multiples of 1/64: float32 holds them and their sums exactly. */
export const plainNumber: fc.Arbitrary<number> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, -0) },
  { weight: 8, arbitrary: fc.integer({ min: -640, max: 640 }).map((k) => k / 64) },
)

export const anyStart: fc.Arbitrary<Start> = fc
  .record({
    precision,
    rows: fc.integer({ min: 1, max: 4 }),
    width: fc.integer({ min: 1, max: 3 }),
    numbers: fc.array(plainNumber, { minLength: 12, maxLength: 12 }),
    raw: fc.boolean(),
  })
  .map(({ numbers, ...start }) => ({ ...start, values: numbers.slice(0, start.rows * start.width) }))

export function hold(start: Start, name: string, values: ArrayLike<number> = start.values): Held {
  const value = arrayOf(start.precision, values)
  const given = start.raw ? value : new Variable(value, { name, shape: [start.rows, start.width] })
  return { start, name, value, given }
}

/** The same variable in a buffer of its own, as in a process started later. */
export function copyOfHeld({ start, name, value }: Held): Held {
  return hold(start, name, value)
}

/** The bits of everything that an optimizer and its variables hold, as text: equal texts mean that nothing has changed. */
export function bitsOf(optimizer: Optimizer, variables: readonly Held[]): string {
  const own = optimizer.variables.map(({ name, value }) => `${name} ${hex(value)}`)
  const trained = variables.map(({ name, value }) => `${name} ${hex(value)}`)
  const { iterations, skippedSteps, built } = optimizer
  const factors = optimizer instanceof ClippyAdagrad ? optimizer.clippingFactors : []
  return [`${iterations} steps, ${skippedSteps} skipped, built: ${built}, factors ${factors}`, ...own, ...trained].join(
    '\n',
  )
}

function hex(array: FloatArray): string {
  return Buffer.from(bytesOf(array)).toString('hex')
}

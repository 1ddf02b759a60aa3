import * as assert from 'uvu/assert'
import type { Optimizer } from '../../src/index.ts'
import { bytesOf, sameBytes } from './assertions.ts'
import type { FloatArray } from './precision.ts'

/** The bytes of all that a step may change: the variables, the optimizer's state and its counts. */
export function picture(optimizer: Optimizer, variables: readonly FloatArray[]): Uint8Array[] {
  const counts = Float64Array.of(optimizer.iterations, optimizer.skippedSteps, optimizer.built ? 1 : 0)
  return [...variables, ...optimizer.variables.map(({ value }) => value), counts].map(bytesOf)
}

/** Runs the call and checks that not one bit of the variables, the optimizer's state and its counts has changed. */
export function untouched(optimizer: Optimizer, variables: readonly FloatArray[], call: () => void): void {
  const before = picture(optimizer, variables)
  call()
  sameBytes(picture(optimizer, variables), before, 'a call that should change nothing wrote')
}

/** The call throws a plain Error, not one of its subclasses, and its message holds every one of these words. */
export function fails(call: () => unknown, ...words: readonly string[]): void {
  try {
    call()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    assert.is(error instanceof Error && error.constructor, Error, `expected a plain Error: ${String(error)}`)
    for (const word of words) assert.ok(message.includes(word), `the message should name ${word}: "${message}"`)
    return
  }
  assert.unreachable('expected an Error, and nothing was thrown')
}

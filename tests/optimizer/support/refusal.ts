import * as assert from 'uvu/assert'
import type { Optimizer } from '../../../src/index.ts'
import { bitsOf, type Held } from './variables.ts'

export type ErrorKind = typeof Error | typeof RangeError | typeof TypeError

/** What a call throws; undefined where it returns. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error ?? new Error(`threw ${String(error)}`)
  }
  return undefined
}

/** The call throws an error of exactly this class, with these words in its message. */
export function throwsKind(call: () => unknown, kind: ErrorKind, ...words: readonly (string | RegExp)[]): void {
  const error = thrownBy(call)
  if (!(error instanceof Error) || error.constructor !== kind) {
    assert.unreachable(`expected a ${kind.name}, got ${error === undefined ? 'no error' : String(error)}`)
    return
  }
  for (const word of words) {
    const found = typeof word === 'string' ? error.message.includes(word) : word.test(error.message)
    if (!found) assert.unreachable(`the message should have ${word}: "${error.message}"`)
  }
}

/** The call is refused, and no bit of the optimizer and its variables is another. */
export function refusedUnchanged(
  call: () => unknown,
  kind: ErrorKind,
  { optimizer, held }: { readonly optimizer: Optimizer; readonly held: readonly Held[] },
  ...words: readonly (string | RegExp)[]
): void {
  const before = bitsOf(optimizer, held)
  throwsKind(call, kind, ...words)
  assert.is(bitsOf(optimizer, held), before, 'a refused call wrote')
}

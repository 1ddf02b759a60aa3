import * as assert from 'uvu/assert'
import { type Case, describeCase } from './case.ts'
import { type FloatArray, precisionOf } from './precision.ts'

/** Every byte of the buffer below a view, the ones outside the view too. */
export function bytesOf(array: FloatArray): Uint8Array {
  return new Uint8Array(array.buffer).slice()
}

export function bytesOfCase({ variable, accumulator, gradient }: Case): Uint8Array[] {
  return [variable, accumulator, gradient].map(bytesOf)
}

export function sameBytes(actual: readonly Uint8Array[], expected: readonly Uint8Array[], what: string): void {
  const text = (list: readonly Uint8Array[]) => list.map((bytes) => Buffer.from(bytes).toString('hex')).join(' ')
  if (text(actual) !== text(expected)) assert.unreachable(`${what}: ${text(expected)} became ${text(actual)}`)
}

/** Equal bit for bit: 0 is not −0. */
export function sameBits(actual: FloatArray, expected: FloatArray, what: string): void {
  if (precisionOf(actual) !== precisionOf(expected)) assert.unreachable(`${what}: the precisions differ`)
  if (actual.length !== expected.length) assert.unreachable(`${what}: length ${actual.length}, not ${expected.length}`)
  // Long arrays that are equal are so at once; those of NaN may still be.
  if (Buffer.compare(asBytes(actual), asBytes(expected)) === 0) return
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) assert.unreachable(`${what}[${i}]: ${actual[i]}, not ${expected[i]}`)
  }
}

function asBytes({ buffer, byteOffset, byteLength }: FloatArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

export function sameNumber(actual: number, expected: number, what: string): void {
  if (!Object.is(actual, expected)) assert.unreachable(`${what}: ${actual}, not ${expected}`)
}

/** A violation of a promise, with the input that anyone can paste into a test. */
export function promise(kept: boolean, input: Case, what: string): void {
  if (!kept) assert.unreachable(`${what}\n${describeCase(input)}`)
}

type ErrorKind = typeof RangeError | typeof TypeError

/** The call throws exactly this kind of error, and its message holds every one of these words. */
export function refuses(call: () => unknown, kind: ErrorKind, ...words: readonly (string | RegExp)[]): void {
  const error = errorOf(call)
  if (error === null) assert.unreachable(`expected a ${kind.name}, and nothing was thrown`)
  else if (!(error instanceof kind)) assert.unreachable(`expected a ${kind.name}, got ${String(error)}`)
  else {
    for (const word of words) {
      const found = typeof word === 'string' ? error.message.includes(word) : word.test(error.message)
      if (!found) assert.unreachable(`the message should name ${word}: "${error.message}"`)
    }
  }
}

function errorOf(call: () => unknown): unknown {
  try {
    call()
    return null
  } catch (error) {
    return error
  }
}

/** A pattern for this value as a word of its own in a message. */
export function word(value: string | number): RegExp {
  const escaped = String(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w.])`)
}

import { describe } from '../../shared/check.ts'
import { type Precision, precisionOf } from '../precision.ts'
import type { FloatArray } from '../types.ts'

/** A typed array of a call and the role it has there, for checks and their messages. */
interface Operand {
  readonly role: string
  readonly array: FloatArray
}

/** Throws TypeError unless `array` is a Float32Array or Float64Array. */
export function requireFloatArray(array: unknown, role: string): Precision {
  const precision = precisionOf(array)
  if (precision === undefined) {
    throw new TypeError(`${role} is ${describe(array)}; expected a Float32Array or Float64Array`)
  }
  return precision
}

/** Throws TypeError unless both arrays have one precision, and if they share memory. */
export function requireSameKind(one: Operand, other: Operand): void {
  const expected = requireFloatArray(one.array, one.role)
  const given = requireFloatArray(other.array, other.role)
  if (given !== expected) {
    throw new TypeError(
      `${other.role} is a ${given.name} and ${one.role} a ${expected.name}; all arrays of a call have one precision`,
    )
  }
  refuseSharedMemory(one, other)
}

/** Throws TypeError where two arrays are one, or views of the same bytes. */
export function refuseSharedMemory(one: Operand, other: Operand): void {
  if (overlap(one.array, other.array)) {
    throw new TypeError(`${one.role} and ${other.role} share memory; each needs an array of its own`)
  }
}

/** Throws RangeError unless both arrays have one length. */
export function requireSameLength(one: Operand, other: Operand): void {
  if (one.array.length !== other.array.length) {
    throw new RangeError(
      `${other.role} has length ${other.array.length}; expected ${one.array.length}, the length of ${one.role}`,
    )
  }
}

/** Whether two arrays are views of the same bytes, in part at least. */
export function overlap(one: FloatArray, other: FloatArray): boolean {
  if (one.buffer !== other.buffer) return false
  return one.byteOffset < other.byteOffset + other.byteLength && other.byteOffset < one.byteOffset + one.byteLength
}

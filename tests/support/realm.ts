import { runInNewContext } from 'node:vm'

/** The arrays of another realm: what a frame, a vm context or a test runner's sandbox hands over. */
export const otherRealm: {
  readonly Float32Array: Float32ArrayConstructor
  readonly Float64Array: Float64ArrayConstructor
  readonly Int32Array: Int32ArrayConstructor
  readonly Uint8Array: Uint8ArrayConstructor
} = runInNewContext('({ Float32Array, Float64Array, Int32Array, Uint8Array })')

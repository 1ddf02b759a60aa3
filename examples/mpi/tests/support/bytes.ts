import type { FloatArray } from 'clippy-adagrad'

/** All bits, as a text. */
export function bytesOf({ buffer, byteOffset, byteLength }: FloatArray): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}

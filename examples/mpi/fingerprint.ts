import { createHash } from 'node:crypto'
import type { FloatArray, Optimizer } from 'clippy-adagrad'

/** Equal for equal bits of the weights and the optimizer's state, and for practical purposes only then. */
export function fingerprint(weights: readonly FloatArray[], optimizer: Optimizer): string {
  const hash = createHash('sha256')
  for (const { buffer, byteOffset, byteLength } of [...weights, ...optimizer.variables.map(({ value }) => value)]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return hash.digest('hex').slice(0, 16)
}

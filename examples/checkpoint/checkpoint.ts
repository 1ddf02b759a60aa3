import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { FloatArray, Optimizer, Store } from 'clippy-adagrad'

/** What a file holds: all that training needs to go on as if it had never stopped. */
interface Checkpoint {
  /** The number of epochs that are done. */
  readonly epoch: number
  readonly weights: readonly FloatArray[]
  readonly optimizer: Store
}

/** Saves the model's weights and the optimizer's state, which `optimizer` keeps for these weights in this order. */
export function saveCheckpoint(
  path: string,
  epoch: number,
  weights: readonly FloatArray[],
  optimizer: Optimizer,
): void {
  const store: Store = {}
  optimizer.saveOwnVariables(store)
  const checkpoint: Checkpoint = { epoch, weights, optimizer: store }
  // Node's own format keeps every bit. JSON would do too (Array.from each array), but it writes −0 as 0.
  replaceFile(path, serialize(checkpoint))
}

/**
 * Puts back what was saved, into weights and an optimizer made as at the first start, and returns the number of epochs
 * that are done: 0 where there is no file. Throws where the file is of another model.
 */
export function loadCheckpoint(path: string, weights: readonly FloatArray[], optimizer: Optimizer): number {
  if (!existsSync(path)) return 0
  const saved: Checkpoint = deserialize(readFileSync(path))
  // The optimizer makes its state for these weights first; then it checks that the saved state fits.
  optimizer.build(weights)
  optimizer.loadOwnVariables(saved.optimizer)
  weights.forEach((array, k) => {
    array.set(saved.weights[k])
  })
  return saved.epoch
}

/**
 * Replaces a file as a whole: whenever the process is killed, or the power fails, the path has the old content or the new.
 * That needs the new content on the disk before the rename, and a temporary name in the same folder.
 */
export function replaceFile(path: string, content: Uint8Array): void {
  const temporary = `${path}.tmp`
  const file = openSync(temporary, 'w')
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  // The rename itself is on the disk once the folder is. Windows cannot open a folder, and needs no such call.
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'

/** Hands what a rank has found to the test that started it. */
export function writeResult(folder: string, rank: number, result: unknown): void {
  writeFileSync(join(folder, `rank-${rank}`), serialize(result))
}

/** What each rank has found, as the test knows it to be. */
export function readResults<Result>(folder: string, ranks: number): Result[] {
  return Array.from({ length: ranks }, (_, rank) => deserialize(readFileSync(join(folder, `rank-${rank}`))))
}

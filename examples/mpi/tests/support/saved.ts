import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize } from 'node:v8'
import type { FloatArray } from 'clippy-adagrad'
import { ROWS, WIDTH } from './small-model.ts'

/**
 * A checkpoint of the small model as one process would have it: every array whole, by name. Written without the loader's
 * code: each file's rows are put where its name says, at rank, rank + ranks, and so on.
 */
export function readWhole(folder: string): Map<string, FloatArray> {
  const { step, ranks } = JSON.parse(readFileSync(join(folder, 'checkpoint.json'), 'utf8'))
  const names = readdirSync(folder).filter((name) => name.startsWith(`step-${step}.`) && name.endsWith(`-of-${ranks}`))
  if (names.length !== ranks) throw new Error(`expected ${ranks} files of step ${step}, found ${names}`)
  const whole = new Map<string, FloatArray>()
  for (const file of names) {
    const rank = Number(file.match(/rank-(\d+)-/)?.[1])
    const arrays: Record<string, FloatArray> = deserialize(readFileSync(join(folder, file)))
    for (const [name, values] of Object.entries(arrays)) {
      if (!name.endsWith('table') || name.includes('factor')) {
        whole.set(name, values)
        continue
      }
      const table = whole.get(name) ?? new Float32Array(ROWS * WIDTH)
      for (let row = rank, place = 0; row < ROWS; row += ranks, place++) {
        for (let column = 0; column < WIDTH; column++) table[row * WIDTH + column] = values[place * WIDTH + column]
      }
      whole.set(name, table)
    }
  }
  return whole
}

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'

export const FOLDER = fileURLToPath(new URL('..', import.meta.url))

/** A recipe's name in the tests, its file, and the packages that it needs. */
export interface Recipe {
  readonly name: string
  readonly file: string
  readonly packages: readonly string[]
}

export const RECIPES: readonly Recipe[] = [
  { name: 'tf.js as a tape', file: 'tfjs-tape.ts', packages: ['@tensorflow/tfjs'] },
  { name: 'jax-js', file: 'jax-js.ts', packages: ['@jax-js/jax'] },
  { name: 'ONNX Runtime Web', file: 'onnx-runtime.ts', packages: ['onnxruntime-web', 'onnx-proto'] },
  { name: 'ndarray', file: 'ndarray.ts', packages: ['ndarray'] },
  { name: 'ml-matrix', file: 'ml-matrix.ts', packages: ['ml-matrix'] },
]

/** Adds a test, or leaves it out with a line that says so where a package that it needs is not installed. */
export function testWith(test: Test, packages: readonly string[], name: string, run: () => void | Promise<void>): void {
  const missing = packages.find((name) => !existsSync(`${FOLDER}/node_modules/${name}/package.json`))
  if (missing === undefined) return void test(name, run)
  console.log(`skipped: ${name} (${missing} is not installed; npm ci in this folder installs it)`)
  test.skip(name)
}

/** What a recipe prints at its end. */
export interface Result {
  readonly loss: number
  readonly kernel: readonly number[]
  readonly bias: readonly number[]
}

/** Runs a recipe as a user would. */
export function run(file: string): Result {
  const given = ['--import', 'tsx', file]
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { cwd: FOLDER, encoding: 'utf8' })
  assert.is(status, 0, stderr)
  const [, loss, matrix] = /^After 20 steps the loss is (\S+)\. The kernel, .* the bias:\n(.*)$/ms.exec(stdout) ?? []
  assert.ok(matrix, `${file} printed ${stdout}`)
  const rows = matrix.trim().split('\n')
  const weights = rows.map((row) => row.trim().split(/\s+/).map(Number))
  return { loss: Number(loss), kernel: weights.slice(0, -1).flat(), bias: weights.at(-1) ?? [] }
}

export function textOf(file: string): string {
  return readFileSync(`${FOLDER}/${file}`, 'utf8')
}

import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { filesBelow, REPOSITORY, textOf } from '../support/repository.ts'
import type { Mutant } from './mutate.ts'

/** What the tests of the step functions need of the repository. */
const COPIED = ['src', 'tests/step', 'tests/support', 'package.json', 'tsconfig.json']
const WITHOUT_WEBASSEMBLY = ['--import', './tests/support/without-webassembly.ts']

/** One run of one test file, and how long the unchanged code takes. */
interface Run {
  readonly name: string
  readonly arguments: readonly string[]
  readonly milliseconds: number
}

/** Copies of the repository in which the tests of the step functions run on changed code. */
export class Sandboxes {
  readonly #folders: string[] = []
  readonly #children = new Set<ChildProcess>()

  /** A new copy; one for each mutant at a time. */
  make(): string {
    const folder = mkdtempSync(join(tmpdir(), 'clippy-adagrad-mutants-'))
    this.#folders.push(folder)
    for (const path of COPIED) cpSync(join(REPOSITORY, path), join(folder, path), { recursive: true })
    symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'))
    return folder
  }

  /** Every test file of the step functions, with WebAssembly and without it, the quickest first. Throws Error where one fails. */
  async runs(folder: string): Promise<Run[]> {
    const files = filesBelow('tests/step').filter((path) => path.endsWith('.test.ts'))
    const runs: Run[] = []
    for (const mode of [[], WITHOUT_WEBASSEMBLY]) {
      for (const file of files) {
        const pattern = `^${file.slice('tests/'.length).replaceAll('.', '\\.')}$`
        const args = ['--import', 'tsx', ...mode, 'node_modules/uvu/bin.js', 'tests', pattern, '--bail']
        const start = performance.now()
        if (!(await this.#passes(folder, args, 600_000))) throw new Error(`${file} fails before anything is changed`)
        const name = mode.length === 0 ? file : `${file} without WebAssembly`
        runs.push({ name, arguments: args, milliseconds: performance.now() - start })
      }
    }
    return runs.sort((one, other) => one.milliseconds - other.milliseconds)
  }

  /** The name of the first run that sees the mutant; undefined where none does. One that does not end sees it too. */
  async killer(folder: string, { file, text }: Mutant, runs: readonly Run[]): Promise<string | undefined> {
    try {
      writeFileSync(join(folder, file), text)
      for (const { name, arguments: args, milliseconds } of runs) {
        if (!(await this.#passes(folder, args, 10_000 + 10 * Math.ceil(milliseconds)))) return name
      }
      return undefined
    } finally {
      writeFileSync(join(folder, file), textOf(file))
    }
  }

  #passes(folder: string, args: readonly string[], timeout: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore', timeout, killSignal: 'SIGKILL' })
      this.#children.add(child)
      child.on('error', reject)
      child.on('close', (code) => {
        this.#children.delete(child)
        resolve(code === 0)
      })
    })
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL')
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true })
  }
}

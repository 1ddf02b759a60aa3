import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RunResult, RunSpec } from './run.ts'

/** A run that is done. */
export interface Run extends RunSpec, RunResult {}

interface Line {
  readonly fingerprint: string
  readonly run: Run
}

/** Finished runs in a file, a line of JSON each, written as soon as they are done. Those with another fingerprint are passed over. */
export class RunLog {
  readonly #path: string
  readonly #fingerprint: string
  readonly #runs = new Map<string, Run>()

  constructor(path: string, fingerprint: string) {
    this.#path = path
    this.#fingerprint = fingerprint
    mkdirSync(dirname(path), { recursive: true })
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    for (const line of text.split('\n')) {
      const read = parse(line)
      if (read?.fingerprint === fingerprint) this.#runs.set(keyOf(read.run), read.run)
    }
    // A kill may have cut the last line off; the next one must not be glued to it.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  }

  find(spec: RunSpec): Run | undefined {
    return this.#runs.get(keyOf(spec))
  }

  add(run: Run): void {
    this.#runs.set(keyOf(run), run)
    const line: Line = { fingerprint: this.#fingerprint, run }
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`)
  }
}

export function keyOf({ model, method, learningRate, seed, epochs, rows, split }: RunSpec): string {
  return JSON.stringify([model, method, learningRate, seed, epochs, rows, split])
}

/** Undefined for a line that was cut off. */
function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { summarise } from '../tools/statistics.ts'
import type { Figure, Tables } from './figures.ts'
import { specsOf } from './parts/python.ts'
import { FULL_PLAN, labelOf, QUICK_PLAN } from './plan.ts'
import type { ProblemSpec } from './problem.ts'

const SCRIPT = fileURLToPath(new URL('python/bench.py', import.meta.url))

/** What python/bench.py prints. */
interface PythonOutput {
  readonly versions: string
  readonly timings: readonly {
    readonly contender: string
    readonly spec: ProblemSpec
    readonly nanoseconds: readonly number[]
  }[]
  readonly leftOut: readonly { readonly name: string; readonly why: string }[]
}

/** Times the peers in Python; throws Error with what the interpreter said where it fails. */
export async function runPython(
  interpreter: string,
  size: 'full' | 'quick',
): Promise<{ versions: readonly string[]; tables: Tables }> {
  const plan = size === 'quick' ? QUICK_PLAN : FULL_PLAN
  const request = JSON.stringify({ problems: specsOf(plan), ...plan.slow })
  const child = spawn(interpreter, [SCRIPT, request], { stdio: ['ignore', 'pipe', 'pipe'] })
  const finished = once(child, 'close')
  const [output, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), finished])
  if (code !== 0) throw new Error(`${interpreter} ended with code ${code}:\n${complaints}`)
  const { versions, timings, leftOut }: PythonOutput = JSON.parse(output)
  for (const { name, why } of leftOut) console.error(`python, ${name}: left out (${why})`)
  const figures = (kind: ProblemSpec['kind'], unit: (spec: ProblemSpec) => number): Figure[] =>
    timings
      .filter(({ spec }) => spec.kind === kind)
      .map(({ contender, spec, nanoseconds }) => {
        const value = summarise(nanoseconds.map((time) => time / unit(spec)))
        return { row: contender, column: labelOf(spec), value }
      })
  return {
    versions: [versions],
    tables: {
      nanoseconds: figures('dense', (spec) => (spec.kind === 'dense' ? spec.length : 1)),
      microseconds: figures('sparse', () => 1000),
    },
  }
}

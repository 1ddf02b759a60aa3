import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { LeftOut } from './contenders/contender.ts'
import type { Timing } from './measure.ts'
import type { Plan } from './plan.ts'
import type { ProblemSpec } from './problem.ts'
import type { Participant } from './results.ts'
import { summarise } from './statistics.ts'

const SCRIPT = fileURLToPath(new URL('python/bench.py', import.meta.url))

/** What python/bench.py prints. */
interface PythonOutput {
  readonly versions: string
  readonly contenders: readonly { readonly name: string; readonly formula: 'Clippy' | 'Adagrad' }[]
  readonly timings: readonly {
    readonly contender: string
    readonly spec: ProblemSpec
    readonly nanoseconds: number[]
  }[]
  readonly leftOut: readonly LeftOut[]
}

export interface PythonResults {
  readonly versions: string
  readonly participants: readonly Participant[]
  readonly timings: readonly Timing[]
  readonly leftOut: readonly LeftOut[]
}

/** Times the peers in Python on the plan's problems; throws Error with what the interpreter said where it fails. */
export async function runPython(interpreter: string, plan: Plan): Promise<PythonResults> {
  const { rounds, milliseconds } = plan
  const request = JSON.stringify({ problems: [...plan.dense, ...plan.sparse], rounds, milliseconds })
  const child = spawn(interpreter, [SCRIPT, request], { stdio: ['ignore', 'pipe', 'pipe'] })
  const finished = once(child, 'close')
  const [output, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), finished])
  if (code !== 0) throw new Error(`${interpreter} ended with code ${code}:\n${complaints}`)
  return readOutput(JSON.parse(output))
}

function readOutput({ versions, contenders, timings, leftOut }: PythonOutput): PythonResults {
  return {
    versions,
    participants: contenders.map(({ name, formula }) => ({ name, formula, isVariant: false, language: 'Python' })),
    timings: timings.map(({ contender, spec, nanoseconds }) => ({
      contender,
      spec,
      nanoseconds: summarise(nanoseconds),
    })),
    leftOut,
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { RunResult, RunSpec } from './run.ts'
import type { Run, RunLog } from './run-log.ts'
import type { Reply } from './worker.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface SweepOptions {
  /** How many processes train at the same time. */
  readonly jobs: number
  readonly log: RunLog
  /** Called for each run that had to be done, when it is. */
  readonly onRun: (run: Run) => void
}

/** All runs of the list, in its order; those that the log does not have are done now. */
export async function runSweep(specs: readonly RunSpec[], { jobs, log, onRun }: SweepOptions): Promise<Run[]> {
  const waiting = specs.filter((spec) => log.find(spec) === undefined)
  const children: ChildProcess[] = []
  const work = async (): Promise<void> => {
    // tsx reads tsconfig.json in the current directory.
    const child = fork(WORKER, { cwd: ROOT, execArgv: ['--import', 'tsx'] })
    children.push(child)
    for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
      const run: Run = { ...spec, ...(await ask(child, spec)) }
      log.add(run)
      onRun(run)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, waiting.length) }, work))
  } finally {
    for (const child of children) child.kill()
  }
  return specs.map((spec) => {
    const run = log.find(spec)
    if (run === undefined) throw new Error(`there is no result for ${JSON.stringify(spec)}`)
    return run
  })
}

async function ask(child: ChildProcess, spec: RunSpec): Promise<RunResult> {
  const answered = new AbortController()
  const exit = once(child, 'exit', answered).then(([code]) => {
    throw new Error(`a training process ended with code ${code} during ${JSON.stringify(spec)}`)
  })
  const message = once(child, 'message', answered)
  child.send(spec)
  try {
    const [reply]: Reply[] = await Promise.race([message, exit])
    if ('error' in reply) throw new Error(`${JSON.stringify(spec)} failed: ${reply.error}`)
    return reply.result
  } finally {
    // The listener that lost the race is no longer wanted, nor its complaint.
    exit.catch(() => {})
    message.catch(() => {})
    answered.abort()
  }
}

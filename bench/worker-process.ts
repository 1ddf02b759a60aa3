import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Family } from './contenders/index.ts'
import type { Action, Actions, Reply } from './worker-messages.ts'

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url))
const WITHOUT_WEBASSEMBLY = new URL('without-webassembly.mjs', import.meta.url).href
const TSCONFIG = fileURLToPath(new URL('tsconfig.json', import.meta.url))
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A worker in a process of its own, which answers one request at a time. */
export class WorkerProcess {
  readonly family: Family
  readonly #child: ChildProcess

  constructor(family: Family) {
    this.family = family
    this.#child = fork(WORKER, [family], {
      cwd: ROOT,
      // What users get is measured: there `clippy-adagrad` is the build, in one file, which V8 inlines better.
      env: { ...process.env, TSX_TSCONFIG_PATH: TSCONFIG },
      execArgv: [
        '--expose-gc',
        '--max-old-space-size=8192', // The array methods keep millions of numbers.
        ...(family === 'scalar' ? ['--import', WITHOUT_WEBASSEMBLY] : []),
        '--import',
        'tsx',
      ],
    })
  }

  async ask<Name extends Action>(action: Name, argument: Actions[Name]['argument']): Promise<Actions[Name]['answer']> {
    const stopped = new AbortController()
    const exit = once(this.#child, 'exit', stopped).then(([code]) => {
      throw new Error(`a benchmark process ended with code ${code} during '${action}'`)
    })
    const message = once(this.#child, 'message', stopped)
    this.#child.send({ action, argument })
    try {
      const [reply]: Reply[] = await Promise.race([message, exit])
      if ('error' in reply) throw new Error(reply.error)
      return reply.answer as Actions[Name]['answer']
    } finally {
      // The listener that lost the race is no longer wanted, nor its complaint.
      exit.catch(() => {})
      message.catch(() => {})
      stopped.abort()
    }
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill()
    await ended
  }
}

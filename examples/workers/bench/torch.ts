import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Contender } from './contenders.ts'

const SCRIPT = fileURLToPath(new URL('torch_compile.py', import.meta.url))
/** OpenMP's threads go on looking for work for a while after theirs is done; the next contender should not pay for it. */
const COOL_DOWN_MILLISECONDS = 50

export interface TorchContender extends Contender {
  readonly versions: string
}

/** torch.compile with so many threads, once its answer has been checked. Throws Error where the interpreter fails. */
export async function torchContender(interpreter: string, length: number, threads: number): Promise<TorchContender> {
  const child = spawn(interpreter, [SCRIPT, String(length), String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await answers.next()
    if (done) throw new Error(`${interpreter} ended instead of answering`)
    return String(value)
  }
  const versions = await next()
  return {
    name: `torch.compile, ${threads} thread${threads === 1 ? '' : 's'}`,
    versions,
    pid: child.pid,
    async time(milliseconds) {
      child.stdin.write(`${milliseconds}\n`)
      const nanoseconds = Number(await next())
      await setTimeout(COOL_DOWN_MILLISECONDS)
      return nanoseconds
    },
    end: () => ended(child),
  }
}

async function ended(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  const exit = once(child, 'exit')
  child.stdin.end()
  await exit
}

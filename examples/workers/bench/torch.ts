import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Contender } from './contenders.ts'

const SCRIPT = fileURLToPath(new URL('torch_compile.py', import.meta.url))
/** OpenMP's threads go on looking for work for a while after theirs is done; the next contender should not pay for it. */
const COOL_DOWN_MILLISECONDS = 50

/** torch.compile with so many threads, once its answer has been checked. Rejects where the interpreter fails. */
export async function torchContender(interpreter: string, length: number, threads: number): Promise<Contender> {
  const child = spawn(interpreter, [SCRIPT, String(length), String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await answers.next()
    if (done) throw new Error(`${interpreter} ended instead of answering`)
    return String(value)
  }
  const versions = await next()
  return {
    name: `torch.compile, ${threads} thread${threads === 1 ? '' : 's'} (${versions})`,
    async time(steps) {
      child.stdin.write(`${steps}\n`)
      const milliseconds = Number(await next())
      await setTimeout(COOL_DOWN_MILLISECONDS)
      return milliseconds
    },
    async end() {
      const exit = once(child, 'exit')
      child.stdin.end()
      await exit
    },
  }
}

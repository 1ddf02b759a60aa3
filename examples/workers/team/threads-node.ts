import { once } from 'node:events'
import { parentPort, Worker } from 'node:worker_threads'
import type { AnswerMessages, StartThread } from './thread.ts'

const START = new URL('start.mjs', import.meta.url)

export const startThread: StartThread = (program) => {
  const worker = new Worker(START, { workerData: program.href })
  return {
    send: (message) => worker.postMessage(message),
    next: async () => (await once(worker, 'message'))[0],
    loss: new Promise((_, reject) => {
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`a thread ended with code ${code}, so the team has ended`)))
    }),
    end: async () => void (await worker.terminate()),
  }
}

export const answerMessages: AnswerMessages = (answer) => {
  parentPort?.on('message', (message) => parentPort?.postMessage(answer(message)))
}

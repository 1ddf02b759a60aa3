import type { AnswerMessages, StartThread } from './thread.ts'

export const startThread: StartThread = (program) => {
  const name = crypto.randomUUID()
  const worker = new Worker(program, { type: 'module', name })
  return {
    send: (message) => worker.postMessage(message),
    next: () =>
      new Promise((resolve) => worker.addEventListener('message', ({ data }) => resolve(data), { once: true })),
    loss: new Promise((_, reject) => {
      worker.addEventListener('error', ({ message }) => reject(new Error(message ?? `cannot load ${program}`)))
      // No event tells that a worker has ended, but then its lock is free.
      const awaitEnd = () =>
        navigator.locks.request(name, () => reject(new Error('a thread ended, so the team has ended')))
      worker.addEventListener('message', awaitEnd, { once: true })
    }),
    end: async () => worker.terminate(),
  }
}

export const answerMessages: AnswerMessages = (answer) => {
  const isLocked = new Promise<void>((resolve) => {
    navigator.locks.request(self.name, () => {
      resolve()
      return new Promise(() => {})
    })
  })
  self.addEventListener('message', async ({ data }) => {
    await isLocked
    self.postMessage(answer(data))
  })
}

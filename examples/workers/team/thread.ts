/** What the main thread sees of another thread, in Node.js and on a web page alike. */
export interface Thread {
  send(message: unknown): void
  /** What the thread says next. */
  next(): Promise<unknown>
  /** Rejects when the thread fails or ends. */
  readonly loss: Promise<never>
  end(): Promise<void>
}

/** Starts a thread that runs the program. */
export type StartThread = (program: URL) => Thread

/** Called by the program of a thread: from now on, what `answer` returns is said to each message. */
export type AnswerMessages = (answer: (message: unknown) => unknown) => void

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { isBroken, LEFT_ALONE, type MeetingPlace, meetingPlace, reopen } from './meeting.ts'
import type { Answer, MemberData } from './member.ts'

const START = new URL('start.mjs', import.meta.url)

/** Threads that run one program, which obeys commands that all get at the same time, and meets in the middle of them. */
export class Team<Command, Value> {
  readonly #threads: readonly Worker[]
  readonly #place: MeetingPlace
  /** Rejects when a thread fails or ends; the others, who may be waiting for it, are ended too then. */
  readonly #loss: Promise<never>
  #lost: Error | undefined
  #isBusy = false

  private constructor(threads: readonly Worker[], place: MeetingPlace) {
    this.#threads = threads
    this.#place = place
    this.#loss = new Promise((_, reject) => {
      for (const thread of threads) {
        thread.once('error', reject)
        thread.once('exit', (code) => reject(new Error(`a thread ended with code ${code}, so the team has ended`)))
      }
    })
    this.#loss.catch((error) => {
      this.#lost ??= error
      return this.end()
    })
  }

  /** Starts the program in so many threads. Rejects with what it throws before it answers commands. */
  static async start<Data, Command, Value>(program: URL, threads: number, data: Data): Promise<Team<Command, Value>> {
    const place = meetingPlace(threads)
    const workers = Array.from({ length: threads }, (_, rank) => {
      const workerData: MemberData<Data> = { program: program.href, rank, threads, place, data }
      return new Worker(START, { workerData })
    })
    const team = new Team<Command, Value>(workers, place)
    await team.#whole(workers.map((thread) => once(thread, 'message')))
    return team
  }

  /**
   * What each thread answers, in the order of their ranks. Rejects when one has thrown, or a thread has ended; where others
   * were left waiting for it, all of them are ended.
   */
  async tell(command: Command): Promise<Value[]> {
    if (this.#lost !== undefined) throw this.#lost
    if (this.#isBusy) throw new Error('the last command is still under way; wait for it')
    this.#isBusy = true
    try {
      reopen(this.#place)
      const messages = this.#threads.map((thread) => once(thread, 'message'))
      for (const thread of this.#threads) thread.postMessage(command)
      const answers: Answer<Value>[] = (await this.#whole(messages)).map(([answer]) => answer)
      return await this.#valuesOf(answers)
    } finally {
      this.#isBusy = false
    }
  }

  async #valuesOf(answers: readonly Answer<Value>[]): Promise<Value[]> {
    const errors = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
    if (errors.length > 0) {
      const cause = errors.find((error) => error.message !== LEFT_ALONE) ?? errors[0]
      if (isBroken(this.#place)) {
        this.#lost = cause
        await this.end()
      }
      throw cause
    }
    return answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  }

  async end(): Promise<void> {
    this.#lost ??= new Error('the team has been ended')
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }

  #whole<Message>(messages: readonly Promise<Message>[]): Promise<Message[]> {
    return Promise.race([Promise.all(messages), this.#loss])
  }
}

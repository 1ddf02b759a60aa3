import { startThread } from '#threads'
import { isBroken, LEFT_ALONE, type MeetingPlace, meetingPlace, reopen } from './meeting.ts'
import type { Answer, MemberData } from './member.ts'
import type { Thread } from './thread.ts'

/** Threads that run one program, which obeys commands that all get at the same time, and meets in the middle of them. */
export class Team<Command, Value> {
  readonly #threads: readonly Thread[]
  readonly #place: MeetingPlace
  /** Rejects when a thread fails or ends; the others, who may be waiting for it, are ended too then. */
  readonly #loss: Promise<never>
  #lost: Error | undefined
  #isBusy = false

  private constructor(threads: readonly Thread[], place: MeetingPlace) {
    this.#threads = threads
    this.#place = place
    this.#loss = Promise.race(threads.map(({ loss }) => loss))
    this.#loss.catch((error) => this.#endFor(error))
  }

  /** Starts the program in so many threads. Rejects with what it throws before it obeys commands. */
  static async start<Data, Command, Value>(program: URL, threads: number, data: Data): Promise<Team<Command, Value>> {
    const place = meetingPlace(threads)
    const team = new Team<Command, Value>(
      Array.from({ length: threads }, () => startThread(program)),
      place,
    )
    try {
      await team.#ask((rank): MemberData<Data> => ({ rank, threads, place, data }))
    } catch (error) {
      await team.end()
      throw error
    }
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
      return await this.#ask(() => command)
    } finally {
      this.#isBusy = false
    }
  }

  async end(): Promise<void> {
    await this.#endFor(new Error('the team has been ended'))
  }

  async #endFor(reason: Error): Promise<void> {
    this.#lost ??= reason
    await Promise.all(this.#threads.map((thread) => thread.end()))
  }

  async #ask(messageFor: (rank: number) => unknown): Promise<Value[]> {
    const answers = this.#threads.map((thread, rank) => {
      const answer = thread.next() as Promise<Answer<Value>>
      thread.send(messageFor(rank))
      return answer
    })
    return this.#valuesOf(await Promise.race([Promise.all(answers), this.#loss]))
  }

  async #valuesOf(answers: readonly Answer<Value>[]): Promise<Value[]> {
    const errors = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
    if (errors.length > 0) {
      const cause = errors.find((error) => error.message !== LEFT_ALONE) ?? errors[0]
      if (isBroken(this.#place)) await this.#endFor(cause)
      throw cause
    }
    return answers.flatMap((answer) => ('value' in answer ? [answer.value] : []))
  }
}

import { parentPort, workerData } from 'node:worker_threads'
import { Meeting, type MeetingPlace } from './meeting.ts'

/** What a thread is started with. */
export interface MemberData<Data> {
  /** The file that `start.mjs` runs. */
  readonly program: string
  readonly rank: number
  readonly threads: number
  readonly place: MeetingPlace
  readonly data: Data
}

/** What a thread says to a command. */
export type Answer<Value> = { readonly value: Value } | { readonly error: Error }

/** One thread of a team, as its program sees it. */
export interface Member<Data> {
  /** From 0 to `threads` − 1. */
  readonly rank: number
  readonly threads: number
  readonly meeting: Meeting
  /** What `Team.start` was given for all. */
  readonly data: Data
}

export function joinTeam<Data>(): Member<Data> {
  const { rank, threads, place, data }: MemberData<Data> = workerData
  return { rank, threads, meeting: new Meeting(place, rank), data }
}

/** From now on, answers each command of the main thread with what `obey` returns or throws. */
export function answerCommands<Command, Value>(meeting: Meeting, obey: (command: Command) => Value): void {
  const answerTo = (command: Command): Answer<Value> => {
    try {
      return { value: obey(command) }
    } catch (error) {
      // Others may be waiting for this one.
      meeting.leave()
      return { error: error instanceof Error ? error : new Error(String(error)) }
    }
  }
  parentPort?.on('message', (command: Command) => parentPort?.postMessage(answerTo(command)))
  parentPort?.postMessage('ready')
}

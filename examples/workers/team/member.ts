import { answerMessages } from '#threads'
import { Meeting, type MeetingPlace } from './meeting.ts'

/** What the main thread says first to each thread. */
export interface MemberData<Data> {
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

/**
 * Called once by the program of a thread. `begin` gets everything ready and gives what obeys the main thread's commands;
 * what either throws goes there.
 */
export function joinTeam<Data, Command, Value>(begin: (member: Member<Data>) => (command: Command) => Value): void {
  let meeting: Meeting | undefined
  let obey: ((command: Command) => Value) | undefined
  const answer = (message: unknown): Value | undefined => {
    if (obey !== undefined) return obey(message as Command)
    const { rank, threads, place, data } = message as MemberData<Data>
    meeting = new Meeting(place, rank)
    obey = begin({ rank, threads, meeting, data })
    return undefined
  }
  answerMessages((message): Answer<Value | undefined> => {
    try {
      return { value: answer(message) }
    } catch (error) {
      // Others may be waiting for this one.
      meeting?.leave()
      return { error: error instanceof Error ? error : new Error(String(error)) }
    }
  })
}

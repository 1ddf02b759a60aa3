/** The program of a team of which some threads throw, and the others wait for them. */
import { answerCommands, joinTeam } from '../../team/member.ts'

const { rank, meeting } = joinTeam<undefined>()

answerCommands(meeting, (leaving: readonly number[]): number => {
  meeting.wait()
  if (leaving.includes(rank)) throw new RangeError(`thread ${rank} leaves`)
  return meeting.smallest(10 + rank)
})

/** The program of a team of which some threads throw, and the others wait for them. */
import { joinTeam, type Member } from '../../team/member.ts'

joinTeam(({ rank, meeting }: Member<undefined>) => (leaving: readonly number[]): number => {
  meeting.wait()
  if (leaving.includes(rank)) throw new RangeError(`thread ${rank} leaves`)
  return meeting.smallest(10 + rank)
})

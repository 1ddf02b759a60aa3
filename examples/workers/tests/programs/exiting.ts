/** The program of a team of which one thread ends in the middle of a command, while the others wait for it. */
import { joinTeam, type Member } from '../../team/member.ts'

joinTeam(({ rank, meeting }: Member<undefined>) => (exiting: number): number => {
  meeting.wait()
  if (rank === exiting) process.exit(7)
  return meeting.smallest(10 + rank)
})

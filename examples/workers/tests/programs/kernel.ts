/** The program of a team that says which loops serve a step in each thread. */
import { kernel } from 'clippy-adagrad'
import { joinTeam } from '../../team/member.ts'

joinTeam(() => () => kernel())

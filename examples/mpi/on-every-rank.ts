import { AgreedError, messageOf } from './agreement.ts'
import { describeBuild, requireSameBuild } from './build.ts'
import { World } from './mpi.ts'

/**
 * Runs a program that mpirun has started, from MPI_Init to MPI_Finalize. An error that all ranks throw ends each of them in
 * order; any other is known to one rank only, while the rest wait for it: that rank ends them all. Non-zero exit for both.
 */
export function onEveryRank(program: (world: World) => void): void {
  const world = new World()
  try {
    requireSameBuild(world, describeBuild(world))
    program(world)
  } catch (error) {
    console.error(`rank ${world.rank} of ${world.size} stops: ${messageOf(error)}`)
    if (!(error instanceof AgreedError)) world.abort(1)
    process.exitCode = 1
  }
  world.finalize()
}

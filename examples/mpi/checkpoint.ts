import type { FloatArray, Optimizer, Store } from 'clippy-adagrad'
import { loadCheckpoint } from '../checkpoint/checkpoint.ts'
import type { World } from './mpi.ts'

/**
 * Puts back, on every rank, what rank 0 has saved: only rank 0 needs to see the file. Returns the number of steps that are
 * done, 0 where there is no file. For variables that all ranks have whole.
 */
export function loadOnEveryRank(
  world: World,
  path: string,
  weights: readonly FloatArray[],
  optimizer: Optimizer,
): number {
  const done = Float64Array.of(world.rank === 0 ? loadCheckpoint(path, weights, optimizer) : 0)
  world.broadcast(done, 0)
  if (done[0] === 0) return 0
  optimizer.build(weights)
  // Copies of the state: the optimizer checks them before it takes them over.
  const state: Store = {}
  optimizer.saveOwnVariables(state)
  for (const values of [...weights, ...optimizer.variables.map((_, k) => state[k] as FloatArray)])
    world.broadcast(values, 0)
  optimizer.loadOwnVariables(state)
  return done[0]
}

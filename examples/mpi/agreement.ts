import type { World } from './mpi.ts'

/** Thrown by every rank in the same step, before any of them has written anything; the message begins with the rank. */
export class StepRefused extends Error {}

/** What the optimizers need of `World`, so that their tests can do without Open MPI. */
export type Ranks = Pick<World, 'rank' | 'size' | 'allreduce' | 'broadcast'>

/** What the lowest rank that has a reason gives as such, on all ranks; undefined where none has one. Collective. */
export function firstReason(ranks: Ranks, reason: string | undefined): string | undefined {
  const lowest = Float64Array.of(reason === undefined ? ranks.size : ranks.rank)
  ranks.allreduce(lowest, 'min')
  const [root] = lowest
  if (root === ranks.size) return undefined
  const text = new TextEncoder().encode(reason ?? '')
  const length = Float64Array.of(text.length)
  ranks.broadcast(length, root)
  const told = ranks.rank === root ? text : new Uint8Array(length[0])
  ranks.broadcast(told, root)
  return `rank ${root}: ${new TextDecoder().decode(told)}`
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

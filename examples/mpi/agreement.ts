import type { World } from './mpi.ts'

/** Thrown by every rank at the same place, so that none is left waiting for another; the message begins with the rank. */
export class AgreedError extends Error {}

/** An AgreedError of a step, before any rank has written anything: the ranks may go on together. */
export class StepRefused extends AgreedError {}

/** What ranks need to agree, so that tests can do without Open MPI. */
export type Ranks = Pick<World, 'rank' | 'size' | 'allreduce' | 'broadcast'>

/** What the lowest rank that has a reason gives as such, on all ranks; undefined where none has one. Collective. */
export function firstReason(ranks: Ranks, reason: string | undefined): string | undefined {
  const lowest = Float64Array.of(reason === undefined ? ranks.size : ranks.rank)
  ranks.allreduce(lowest, 'min')
  const [root] = lowest
  return root === ranks.size ? undefined : `rank ${root}: ${textOf(ranks, root, reason ?? '')}`
}

/** The text that the rank `root` gives, on all ranks. Collective. */
export function textOf(ranks: Ranks, root: number, given: string): string {
  const text = new TextEncoder().encode(given)
  const length = Float64Array.of(text.length)
  ranks.broadcast(length, root)
  const told = ranks.rank === root ? text : new Uint8Array(length[0])
  ranks.broadcast(told, root)
  return new TextDecoder().decode(told)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import type { Ranks } from '../../agreement.ts'
import type { ExchangingRanks } from '../../sharded-table.ts'

/** A single rank without Open MPI: sums and minima over it are what they were, and it sends everything to itself. */
export const aloneAsRanks: Ranks & ExchangingRanks = {
  rank: 0,
  size: 1,
  allreduce() {},
  broadcast() {},
  exchangeCounts: (counts) => counts.slice(),
  exchange(values, _counts, received) {
    received.set(values)
  },
}

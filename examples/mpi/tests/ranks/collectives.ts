import { messageOf } from '../../agreement.ts'
import { onEveryRank } from '../../on-every-rank.ts'
import { writeResult } from '../support/results.ts'

const [folder] = process.argv.slice(2)

onEveryRank((world) => {
  const { rank } = world
  const alreadySent = world.payload
  // Views into the middle of an array: what is around them must stay.
  const single = Float32Array.of(9, rank, rank + 0.5, 9)
  world.allreduce(single.subarray(1, 3), 'sum')
  const double = Float64Array.of(9, 0.1 * (rank + 1), -rank, 9)
  world.allreduce(double.subarray(1, 3), 'min')
  const bytes = Uint8Array.of(9, rank, rank + 1, 9)
  world.broadcast(bytes.subarray(1, 3), 1)
  const payload = world.payload - alreadySent

  // Rank r sends r numbers to rank 0, one more to rank 1, two more to rank 2: rank 0 sends none to itself.
  const counts = Int32Array.of(rank, rank + 1, rank + 2)
  const incoming = world.exchangeCounts(counts)
  const total = (of: Int32Array) => of.reduce((sum, count) => sum + count, 0)
  const values = Float32Array.from({ length: total(counts) }, (_, k) => 100 * rank + k)
  const received = new Float32Array(total(incoming) + 2).fill(9)
  world.exchange(values, counts, received.subarray(1, -1), incoming)
  const { sent } = world

  let error = 'none'
  try {
    world.broadcast(new Uint8Array(1), 99)
  } catch (thrown) {
    error = messageOf(thrown)
  }
  world.barrier()
  writeResult(folder, rank, { single, double, bytes, payload, received, sent, error, version: world.version })
})

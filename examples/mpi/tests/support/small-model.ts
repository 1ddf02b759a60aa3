import { type GradientAndVariable, Variable } from 'clippy-adagrad'
import { seededRandom } from '../../../adult/random.ts'
import type { World } from '../../mpi.ts'
import { ShardedTable } from '../../sharded-table.ts'
import { shareOf } from '../../share.ts'

/** Divides unevenly among 2, 3 and 4 ranks. */
export const ROWS = 101
export const WIDTH = 3
const BATCH = 12

/** Rows of a table times a kernel, to come near to the row's number: all that a checkpoint has to keep, and quick to start. */
export class SmallModel {
  readonly kernel = new Variable(new Float32Array(WIDTH).fill(1), { name: 'kernel' })
  readonly table: ShardedTable
  readonly #world: World

  constructor(world: World, rows = ROWS) {
    this.table = new ShardedTable(world, 'table', rows, WIDTH, (row) => [row / ROWS, 0.1, -0.1])
    this.#world = world
  }

  get variables(): readonly Variable[] {
    return [this.kernel, this.table.part]
  }

  /** As `lossAndGradients` of the demo. */
  lossAndGradients(step: number): { loss: number; weight: number; pairs: GradientAndVariable[] } {
    const random = seededRandom(step)
    const batch = Int32Array.from({ length: BATCH }, () => Math.floor(random() * ROWS))
    const asked = batch.subarray(...shareOf(BATCH, this.#world.rank, this.#world.size))
    const fetched = this.table.fetch(asked)
    const ofKernel = new Float32Array(WIDTH)
    const ofRows = new Float32Array(fetched.values.length)
    let loss = 0
    asked.forEach((number, k) => {
      const start = fetched.places[k] * WIDTH
      const row = fetched.values.subarray(start, start + WIDTH)
      const error = row.reduce((sum, value, i) => sum + value * this.kernel.value[i], -number / ROWS - 0.5)
      loss += error ** 2 / asked.length
      for (let i = 0; i < WIDTH; i++) {
        ofKernel[i] += (2 * error * row[i]) / asked.length
        ofRows[start + i] += (2 * error * this.kernel.value[i]) / asked.length
      }
    })
    const weight = asked.length / BATCH
    return {
      loss,
      weight,
      pairs: [
        [ofKernel, this.kernel],
        [fetched.gradient(ofRows, weight), this.table.part],
      ],
    }
  }
}

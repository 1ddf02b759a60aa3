import { type ClippyAdagrad, type GradientAndVariable, Variable } from 'clippy-adagrad'
import { StepRefused } from '../../agreement.ts'
import { DataParallelClippyAdagrad } from '../../data-parallel.ts'
import { fingerprint } from '../../fingerprint.ts'
import type { World } from '../../mpi.ts'
import { onEveryRank } from '../../on-every-rank.ts'
import { ShardedClippyAdagrad } from '../../sharded.ts'
import { type Refusal, SPOILT_STEPS, type SpoiltStep } from '../support/refusals.ts'
import { writeResult } from '../support/results.ts'

const [kind, folder] = process.argv.slice(2)
const WIDTH = 2

class Training {
  readonly kernel = new Variable(new Float32Array(8).fill(1), { name: 'kernel' })
  readonly table = new Variable(new Float32Array(8).fill(1), { name: 'table', shape: [4, WIDTH] })
  readonly optimizer: ClippyAdagrad
  readonly #rank: number

  constructor(world: World) {
    const options = { learningRate: 0.1, absoluteThreshold: 0.01, weightDecay: 0.1 }
    this.optimizer =
      kind === 'replicas' ? new DataParallelClippyAdagrad(world, options) : new ShardedClippyAdagrad(world, options)
    this.optimizer.build([this.kernel, this.table])
    this.#rank = world.rank
  }

  get bits(): string {
    return fingerprint([this.kernel.value, this.table.value], this.optimizer)
  }

  /** A step with gradients that differ from rank to rank; `spoil` may write to them. */
  step(spoil: (dense: Float32Array, sparse: Float32Array) => void = () => {}): void {
    const dense = Float32Array.from({ length: 8 }, (_, i) => 0.1 * (i - this.#rank))
    const sparse = Float32Array.from({ length: WIDTH }, (_, i) => 0.2 * (i + this.#rank + 1))
    spoil(dense, sparse)
    const pairs: GradientAndVariable[] = [
      [dense, this.kernel],
      [{ indices: [this.#rank], values: sparse }, this.table],
    ]
    this.optimizer.applyGradients(pairs)
  }
}

function refusalOf({ what, on, value }: SpoiltStep, world: World): Refusal {
  const untroubled = new Training(world)
  untroubled.step()
  untroubled.step()

  const training = new Training(world)
  training.step()
  const spoils = on.includes(world.rank)
  const accumulator = training.optimizer.variables.find(({ name }) => name.includes('accumulator/kernel'))
  const kept = what === 'variable' ? training.kernel.value : what === 'accumulator' ? accumulator?.value : undefined
  const good = kept?.[3]
  if (spoils && kept !== undefined) kept[3] = value

  const before = training.bits
  let message = 'nothing'
  try {
    training.step((dense, sparse) => {
      if (!spoils) return
      if (what === 'gradient') dense[3] = value
      if (what === 'sparse gradient') sparse[1] = value
    })
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error
    message = error.message
  }
  const unchanged = training.bits === before

  if (spoils && kept !== undefined && good !== undefined) kept[3] = good
  if (unchanged) training.step()
  return { message, unchanged, wentOn: training.bits === untroubled.bits }
}

onEveryRank((world) => {
  writeResult(
    folder,
    world.rank,
    SPOILT_STEPS.map((spoilt) => refusalOf(spoilt, world)),
  )
})

import { type GradientAndVariable, Variable } from 'clippy-adagrad'
import { StepRefused } from '../../agreement.ts'
import { DistributedClippyAdagrad, Shard } from '../../distributed.ts'
import { fingerprint } from '../../fingerprint.ts'
import type { World } from '../../mpi.ts'
import { onEveryRank } from '../../on-every-rank.ts'
import { ORDERS, type Order, type Refusal, SPOILT_STEPS, type SpoiltStep } from '../support/refusals.ts'
import { writeResult } from '../support/results.ts'

const [folder] = process.argv.slice(2)
const WIDTH = 2

class Training {
  readonly kernel = new Variable(new Float32Array(8).fill(1), { name: 'kernel' })
  readonly table = new Variable(new Float32Array(8).fill(1), { name: 'table', shape: [4, WIDTH] })
  readonly part = new Shard(new Float32Array(8).fill(1), { name: 'part', shape: [4, WIDTH] })
  readonly optimizer: DistributedClippyAdagrad
  readonly #rank: number
  readonly #order: Order

  constructor(world: World, order: Order) {
    this.optimizer = new DistributedClippyAdagrad(world, {
      learningRate: 0.1,
      absoluteThreshold: 0.01,
      weightDecay: 0.1,
    })
    this.#rank = world.rank
    this.#order = order
    this.optimizer.build(order.map((name) => this[name]))
  }

  get bits(): string {
    return fingerprint([this.kernel.value, this.table.value, this.part.value], this.optimizer)
  }

  /** A step with gradients that differ from rank to rank; `spoil` may write to them. */
  step(spoil: (gradients: Record<Order[number], Float32Array>) => void = () => {}): void {
    const row = () => Float32Array.from({ length: WIDTH }, (_, i) => 0.2 * (i + this.#rank + 1))
    const gradients = {
      kernel: Float32Array.from({ length: 8 }, (_, i) => 0.1 * (i - this.#rank)),
      table: row(),
      part: row(),
    }
    spoil(gradients)
    this.optimizer.applyGradients(
      this.#order.map((name): GradientAndVariable => {
        const values = gradients[name]
        return [name === 'kernel' ? values : { indices: [this.#rank], values }, this[name]]
      }),
    )
  }
}

function refusalOf({ what, variable, on, value }: SpoiltStep, world: World, order: Order): Refusal {
  const untroubled = new Training(world, order)
  untroubled.step()
  untroubled.step()

  const training = new Training(world, order)
  training.step()
  const spoils = on.includes(world.rank)
  const accumulator = training.optimizer.variables.find(({ name }) => name.includes(`accumulator/${variable}`))
  // A sparse step reads the rows that it names only.
  const index = variable === 'kernel' ? 3 : world.rank * WIDTH + 1
  const kept = what === 'variable' ? training[variable].value : what === 'accumulator' ? accumulator?.value : undefined
  const good = kept?.[index]
  if (spoils && kept !== undefined) kept[index] = value

  const before = training.bits
  let message = 'nothing'
  try {
    training.step((gradients) => {
      if (spoils && what === 'gradient') gradients[variable][1] = value
    })
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error
    message = error.message
  }
  const unchanged = training.bits === before

  if (spoils && kept !== undefined && good !== undefined) kept[index] = good
  if (unchanged) training.step()
  return { message, unchanged, wentOn: training.bits === untroubled.bits }
}

onEveryRank((world) => {
  const seen = ORDERS.flatMap((order) => SPOILT_STEPS.map((spoilt) => refusalOf(spoilt, world, order)))
  writeResult(folder, world.rank, seen)
})

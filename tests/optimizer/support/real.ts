import { ClippyAdagrad } from '../../../src/index.ts'
import { learningRateOf } from './rates.ts'
import { optionsOf, type Settings } from './settings.ts'
import type { Twin } from './twin.ts'
import { bitsOf, type Held, hold, type Start } from './variables.ts'

/** What a twin is compared with: the optimizer and the variables that a caller would hold. */
export class Real {
  optimizer: ClippyAdagrad
  held: readonly Held[]
  /** Tells the optimizer what not to decay, once more for one that takes over. */
  exclude: (real: Real) => void = () => {}

  constructor(settings: Settings, starts: readonly Start[]) {
    this.optimizer = new ClippyAdagrad(optionsOf(settings))
    this.held = starts.map((start, place) => hold(start, `variable ${place}`))
  }

  at(places: readonly number[]): Held['given'][] {
    return places.map((place) => this.held[place].given)
  }

  get bits(): string {
    return bitsOf(this.optimizer, this.held)
  }

  /** An optimizer with the same options and nothing else; the rate is the one set last. */
  fresh(twin: Twin): ClippyAdagrad {
    return new ClippyAdagrad({ ...optionsOf(twin.settings), learningRate: learningRateOf(twin.rate) })
  }

  /** Lets another optimizer take over, with these variables. */
  replace(twin: Twin, optimizer: ClippyAdagrad, held: readonly Held[]): void {
    this.optimizer = optimizer
    this.held = held
    this.exclude(this)
    if (twin.order !== undefined) optimizer.build(this.at(twin.order))
    twin.skippedSteps = 0
  }
}

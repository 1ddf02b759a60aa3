import { array, nonNegative, type Rules } from '../shared/check.ts'
import { checkStep } from './learning-rate-schedule.ts'
import { NAME, OptionSchedule } from './option-schedule.ts'

/** What `PiecewiseConstantDecay` is made from. */
export interface PiecewiseConstantDecayOptions {
  /** The last step of each value but the last; finite, ≥ 0, each above the one before. */
  boundaries: readonly number[]
  /** The learning rates, one more than there are boundaries; finite, ≥ 0. */
  values: readonly number[]
  /** Kept in the config and otherwise unused. */
  name?: string | null | undefined
}

const RULES: Rules<Pick<PiecewiseConstantDecay, keyof PiecewiseConstantDecayOptions>> = {
  boundaries: [numbers],
  values: [numbers],
  name: NAME,
}

/**
 * A learning rate that is constant between steps: `values[0]` up to and with `boundaries[0]`, then `values[1]`, and so on:
 *
 *     rate = values[number of boundaries below step]
 *
 * A boundary still belongs to the value before it: with boundaries [100] and values [1, 0.5], step 100 has rate 1 and step
 * 101 has 0.5. The lists are copied.
 *
 * Throws `TypeError` for an unknown option or one of the wrong kind and `RangeError` for a value outside its range,
 * boundaries that do not rise, or lists whose lengths do not fit; `at` throws `RangeError` unless the step is an integer
 * ≥ 0. Source: `keras.optimizers.schedules.PiecewiseConstantDecay`.
 *
 * @example
 * const schedule = new PiecewiseConstantDecay({ boundaries: [100, 200], values: [1, 0.5, 0.1] })
 * schedule.at(101) // 0.5
 */
export class PiecewiseConstantDecay extends OptionSchedule {
  static override readonly className: string = 'PiecewiseConstantDecay'
  /** As that of every schedule. */
  declare static fromConfig: (config: unknown) => PiecewiseConstantDecay

  /** The last step of each value but the last. */
  declare readonly boundaries: readonly number[]
  /** The learning rates, one more than there are boundaries. */
  declare readonly values: readonly number[]
  /** As given; null without. */
  declare readonly name: string | null

  /** Checks the options; throws as the class says. */
  constructor(options: PiecewiseConstantDecayOptions) {
    super(PiecewiseConstantDecay, options, RULES)
    const { boundaries, values } = this
    if (values.length !== boundaries.length + 1) {
      throw new RangeError(
        `PiecewiseConstantDecay: ${values.length} values with ${boundaries.length} boundaries; ` +
          'expected one value more than boundaries',
      )
    }
    for (let i = 1; i < boundaries.length; i++) {
      if (boundaries[i] > boundaries[i - 1]) continue
      throw new RangeError(
        `PiecewiseConstantDecay: boundaries[${i}] is ${boundaries[i]}, after ${boundaries[i - 1]}; ` +
          'expected each boundary to be above the one before',
      )
    }
  }

  at(step: number): number {
    const at = checkStep(step)
    return this.values[this.boundaries.filter((boundary) => boundary < at).length]
  }
}

// Array.from reads every index, so the hole of a sparse array is refused like any other undefined.
function numbers(value: unknown, what: string): readonly number[] {
  return Object.freeze(Array.from(array(value, what), (element, index) => nonNegative(element, `${what}[${index}]`)))
}

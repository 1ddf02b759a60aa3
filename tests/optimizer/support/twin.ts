import type { PlainGradient } from './gradients.ts'
import { type Rate, rateOf } from './rates.ts'
import type { Settings } from './settings.ts'
import {
  clippedGradients,
  clippyStep,
  decay,
  type TwinPair,
  type TwinVariable,
  touchedBy,
  updateAverage,
} from './twin-step.ts'
import type { Start } from './variables.ts'

/** What a call comes to: a result, or the class of the error. */
export type Outcome = { readonly returns: unknown } | { readonly throws: ErrorConstructor | RangeErrorConstructor }

const wrongValue: Outcome = { throws: RangeError }
const wrongKind: Outcome = { throws: TypeError }
const wrongTime: Outcome = { throws: Error }
const done: Outcome = { returns: undefined }

/** One list of the state, and the variable it belongs to. */
export interface Slot {
  readonly kind: 'iteration' | 'average' | 'accumulator' | 'factor'
  readonly of: TwinVariable | undefined
  readonly list: readonly number[]
}

/**
 * ClippyAdagrad, plain and slow, from the formulas and tables of the design, in double. Variables go by their place. A
 * call that is refused changes nothing here.
 */
export class Twin {
  settings: Settings
  readonly variables: TwinVariable[]
  rate: Rate
  iterations = 0
  skippedSteps = 0
  /** The places in the order of build; undefined before. */
  order: readonly number[] | undefined
  excluded: ReadonlySet<number> = new Set()

  constructor(settings: Settings, starts: readonly Start[]) {
    this.settings = settings
    this.rate = settings.rate
    this.variables = starts.map(({ precision, rows, width, values }) => ({
      precision,
      width,
      size: rows * width,
      value: [...values],
      accumulator: [],
      average: [],
      factor: 0,
    }))
  }

  get learningRate(): number {
    return rateOf(this.rate, this.iterations)
  }

  setLearningRate(rate: Rate): Outcome {
    if (rate.kind === 'constant' && this.rate.kind !== 'constant') return wrongKind
    this.rate = rate
    return done
  }

  /** Changes settings on the way: those that shape the state before build only. */
  set(change: Partial<Settings>): Outcome {
    const settings = { ...this.settings, ...change }
    const { start, exports, ema } = this.settings
    const reshapes =
      settings.start !== start || settings.exports !== exports || (settings.ema === null) !== (ema === null)
    if (reshapes && this.order !== undefined) return wrongTime
    this.settings = settings
    return done
  }

  setIterations(count: number): Outcome {
    if (this.order !== undefined) return wrongTime
    if (!Number.isInteger(count) || count < 0) return wrongValue
    this.iterations = count
    return done
  }

  excludeFromWeightDecay(places: readonly number[]): Outcome {
    if (this.order !== undefined) return wrongTime
    this.excluded = new Set(places)
    return done
  }

  build(places: readonly number[]): Outcome {
    if (new Set(places).size < places.length && this.order === undefined) return wrongValue
    if (this.order !== undefined) return places.every((place) => this.#knows(place)) ? done : wrongTime
    this.order = places
    for (const place of places) {
      const variable = this.variables[place]
      variable.accumulator = variable.value.map(() => this.settings.start)
      variable.average = [...variable.value]
    }
    return done
  }

  #knows(place: number): boolean {
    return this.order?.includes(place) === true
  }

  /** One step; `gradients[k]` is of the variable at `places[k]`. */
  applyGradients(gradients: readonly PlainGradient[], places: readonly number[]): Outcome {
    if (places.length === 0) return { returns: this.iterations }
    if (new Set(places).size < places.length) return wrongValue
    if (this.order !== undefined && !places.every((place) => this.#knows(place))) return wrongTime
    const pairs: TwinPair[] = []
    places.forEach((place, k) => {
      const gradient = gradients[k]
      if (gradient !== null) pairs.push({ gradient, variable: this.variables[place] })
    })
    if (pairs.length === 0) return wrongValue
    for (const pair of pairs) {
      if (pair.gradient.precision !== pair.variable.precision) return wrongKind
      if (!hasItsLength(pair)) return wrongValue
    }
    if (!pairs.every(hasItsRows)) return wrongValue
    const allFinite = pairs.every(({ gradient }) => gradient.values.every(Number.isFinite))
    const skips = this.settings.nonFiniteGradients === 'skip'
    if (!allFinite && !skips) return wrongValue
    if (allFinite) {
      if (this.order === undefined) this.build(places)
      this.#update(pairs)
    } else {
      // A first step that is skipped builds nothing.
      this.skippedSteps++
    }
    return { returns: this.iterations }
  }

  #update(pairs: readonly TwinPair[]): void {
    const { weightDecay, clipping, ema } = this.settings
    const rate = this.learningRate
    const decays = ({ variable }: TwinPair) => !this.excluded.has(this.variables.indexOf(variable))
    for (const pair of pairs) if (weightDecay !== null && decays(pair)) decay(pair.variable, weightDecay, rate)
    for (const pair of clippedGradients(pairs, clipping)) {
      clippyStep(pair.variable, touchedBy(pair), rate, this.settings)
    }
    this.iterations++
    for (const { variable } of pairs) {
      if (ema === null) continue
      updateAverage(variable, ema.momentum)
      if (ema.every !== null && this.iterations % ema.every === 0) variable.value = [...variable.average]
    }
  }

  finalizeVariableValues(places: readonly number[]): Outcome {
    if (this.settings.ema === null) return done
    if (!places.every((place) => this.#knows(place))) return wrongTime
    for (const place of places) this.variables[place].value = [...this.variables[place].average]
    return done
  }

  /** The state in the order of `variables`: iterations, averages, then accumulator and factor of each variable. */
  get slots(): Slot[] {
    const { ema, exports } = this.settings
    const built = (this.order ?? []).map((place) => this.variables[place])
    const averages = built.map((of): Slot => ({ kind: 'average', of, list: of.average }))
    const slots = built.flatMap((of): Slot[] => [
      { kind: 'accumulator', of, list: of.accumulator },
      ...(exports ? [{ kind: 'factor', of, list: [of.factor] } as const] : []),
    ])
    return [{ kind: 'iteration', of: undefined, list: [this.iterations] }, ...(ema === null ? [] : averages), ...slots]
  }

  /** Takes over a state in the same order, after every check. */
  take(state: readonly (readonly number[])[]): void {
    this.slots.forEach(({ kind, of }, k) => {
      if (of === undefined) this.iterations = state[k][0]
      else if (kind === 'average') of.average = [...state[k]]
      else if (kind === 'accumulator') of.accumulator = [...state[k]]
      else of.factor = state[k][0]
    })
  }
}

function hasItsLength({ gradient, variable }: TwinPair): boolean {
  const { indices, values } = gradient
  return values.length === (indices === null ? variable.size : indices.length * variable.width)
}

function hasItsRows({ gradient, variable }: TwinPair): boolean {
  const rows = variable.size / variable.width
  return (gradient.indices ?? []).every((index) => Number.isInteger(index) && index >= 0 && index < rows)
}

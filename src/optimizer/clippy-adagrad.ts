import { boolean, nonNegative, readOptions, within } from '../shared/check.ts'
import {
  applyStep,
  decideFactor,
  type FloatArray,
  type Gradient,
  type Hyperparameters,
  hyperparameters,
  planStep,
  refuseBothAccumulatorFlags,
  refuseNonFinite,
  release,
  replan,
  requireAbsoluteThreshold,
  requireFloatArray,
  STEP_DEFAULTS,
  type StepOptions,
  type StepPlan,
} from '../step/old/index.ts'
import type { SerializedObject } from './config.ts'
import { type Explanation, explainStep } from './explain.ts'
import { type GradientAndVariable, named, naming, type ReadyPair } from './gradients.ts'
import { classNameOf, Optimizer } from './optimizer.ts'
import { OPTIMIZER_OPTIONS, OPTION_HINTS, type OptimizerOptions } from './options.ts'
import { dtypeOf, type Variable } from './variable.ts'

/** The reference's options; each has its default. */
export interface ClippyAdagradOptions extends OptimizerOptions, Omit<StepOptions, 'learningRate'> {
  /** Where accumulators start; finite, ≥ 0; 0.1. */
  readonly initialAccumulatorValue?: number | undefined
  /** Keep each variable's last factor in `clippingFactors`; false. */
  readonly exportClippingFactors?: boolean | undefined
}

const OWN_OPTIONS = [
  'initialAccumulatorValue',
  'variableRelativeThreshold',
  'accumulatorRelativeThreshold',
  'absoluteThreshold',
  'epsilon',
  'exportClippingFactors',
  'clipAccumulatorUpdate',
  'useStandardAccumulatorUpdate',
] as const satisfies readonly (keyof ClippyAdagradOptions)[]

type OwnOption = (typeof OWN_OPTIONS)[number]
type OwnSettings = { readonly [Option in OwnOption]-?: NonNullable<ClippyAdagradOptions[Option]> }

/** What the first pass found for one variable; kept from step to step, so that a step allocates nothing. */
interface Decision {
  /** For the gradient of the step under way; null between steps. */
  gradient: Gradient | null
  readonly plan: StepPlan
  /** That of the plan when this was decided: another one means that the plan has been used for something else. */
  serial: number
  /** Before `reduceClippingFactor`. */
  ownFactor: number
  factor: number
}

/**
 * Adagrad with Clippy's adaptive clipping: `tfrs.experimental.optimizers.ClippyAdagrad`, arXiv 2302.09178.
 *
 * The default `absoluteThreshold` of 1e-7 is the reference's. It all but freezes a variable that has a zero in it, such
 * as a bias that starts at zero, because one factor holds for the whole variable: the paper used 0.5 for
 * `variableRelativeThreshold` and 0.01 for `absoluteThreshold`. `explain` shows what holds a variable back.
 *
 * @example
 * ```js
 * const optimizer = new ClippyAdagrad({ learningRate: 0.1, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 })
 * optimizer.applyGradients([[gradient, weights]]) // raw typed arrays of one length; weights is updated in place
 * ```
 */
export class ClippyAdagrad extends Optimizer {
  static override readonly className: string = 'ClippyAdagrad'

  readonly #own: OwnSettings
  #accumulators: readonly Variable[] = []
  #factors: readonly Variable[] = []
  #decisions: (Decision | undefined)[] = []
  readonly #prepared: { float32?: Hyperparameters; float64?: Hyperparameters } = {}

  /** Throws TypeError for an unknown option or a wrong kind, RangeError for a wrong value or both accumulator flags. */
  constructor(options: ClippyAdagradOptions = {}) {
    const known = [...OPTIMIZER_OPTIONS, ...OWN_OPTIONS]
    const given = readOptions('ClippyAdagrad', options, known, OPTION_HINTS)
    const isOwn = (option: string): option is OwnOption => OWN_OPTIONS.some((own) => own === option)
    super(Object.fromEntries(Object.entries(given).filter(([option]) => !isOwn(option))))
    this.#own = readOwnSettings(given)
  }

  /** The last clipping factor of each variable, in the order of `build`; empty before `build` or without export. */
  get clippingFactors(): readonly number[] {
    return this.built ? this.#factors.map(({ value }) => value[0]) : []
  }

  /** Makes the accumulators, and with `exportClippingFactors` the factors; RangeError if they would start at infinity. */
  protected override createSlots(variables: readonly Variable[]): void {
    const { initialAccumulatorValue, exportClippingFactors } = this.#own
    const accumulators: Variable[] = []
    const factors: Variable[] = []
    for (const variable of variables) {
      const initialValue = variable.value.slice().fill(initialAccumulatorValue)
      if (initialValue.some((a) => !Number.isFinite(a))) {
        throw new RangeError(`initialAccumulatorValue is ${initialAccumulatorValue}, too large for '${variable.name}'`)
      }
      accumulators.push(this.addVariableFromReference(variable, 'accumulator', { initialValue }))
      if (!exportClippingFactors) continue
      // A double whatever the variable is, so that a small factor does not become 0.
      const factor = { shape: [], initialValue: new Float64Array(1) }
      factors.push(this.addVariableFromReference(variable, 'clipping_factor', factor))
    }
    this.#decisions = []
    this.#accumulators = accumulators
    this.#factors = factors
  }

  /** Finds every variable's factor, which checks everything that the update will read. */
  protected override decide(pairs: readonly ReadyPair[]): void {
    this.forget()
    for (const [gradient, variable] of pairs) this.#decide(gradient, variable, this.indexOf(variable))
  }

  /** Drops the factors that were found. */
  protected override forget(): void {
    for (const decision of this.#decisions) if (decision !== undefined) forgetGradient(decision)
  }

  #decide(gradient: Gradient, variable: Variable, index: number): Decision {
    const h = this.#hyperparameters(variable.value)
    let decision = this.#decisions[index]
    try {
      if (decision === undefined) {
        const plan = planStep(variable.value, this.#accumulators[index].value, gradient, h)
        decision = { gradient: null, serial: 0, plan, ownFactor: 1, factor: 1 }
        this.#decisions[index] = decision
      } else {
        decision.gradient = null
        replan(decision.plan, gradient, h)
      }
      const { plan } = decision
      const { serial } = plan
      const standard = h.useStandardAccumulatorUpdate
      const ownFactor = plan.engine.smallestFactor(plan, standard)
      const factor = this.reduceClippingFactor(ownFactor, variable)
      // An override may have stepped the same variable, which has used the plan.
      if (plan.serial !== serial) replan(plan, gradient, h)
      if (Number.isNaN(ownFactor)) refuseNonFinite(plan, standard)
      decision.factor = within(factor, 0, 1, 'the reduced clipping factor')
      decision.serial = plan.serial
      decision.ownFactor = ownFactor
      decision.gradient = gradient
      return decision
    } catch (error) {
      if (decision !== undefined) forgetGradient(decision)
      throw named(variable, error)
    }
  }

  /** Whether a decision may still be used: an `updateStep` of a subclass may have written to what it was made from. */
  #holds({ gradient, serial, plan, ownFactor }: Decision, asked: Gradient, variable: Variable): boolean {
    if (gradient === null || gradient !== asked || serial !== plan.serial) return false
    if (this.updatesCannotFail) return true
    return naming(variable, () => decideFactor(plan, plan.h.useStandardAccumulatorUpdate) === ownFactor)
  }

  /**
   * The factor to use, given that of the variable as this optimizer sees it; this one returns it as it is. Override it
   * where a variable is kept in shards, to return the smallest of all shards' factors. Called before any write. The
   * factor is NaN where this shard refuses the step; return NaN where another one does, so that none is written to.
   */
  protected reduceClippingFactor(factor: number, _variable: Variable): number {
    return factor
  }

  /** Whether no code but this class's runs between `decide` and the update, so that nothing can have changed since. */
  get #nobodyInterferes(): boolean {
    const { decide, reduceClippingFactor } = ClippyAdagrad.prototype
    return this.updatesCannotFail && this.decide === decide && this.reduceClippingFactor === reduceClippingFactor
  }

  /** True unless a subclass has an `updateStep` of its own. */
  protected override get updatesCannotFail(): boolean {
    return this.updateStep === ClippyAdagrad.prototype.updateStep
  }

  /**
   * {@link step} on the variable and its accumulator, with the factor that `decide` found where that still holds.
   *
   * @param gradient - of the variable's precision; each row once.
   * @param variable - one that `build` knows; it and its accumulator are updated in place.
   * @throws as {@link step}; nothing has changed then. Error for a variable unknown to `build`.
   */
  override updateStep(gradient: Gradient, variable: Variable): void {
    const index = this.indexOf(variable)
    const decided = this.#decisions[index]
    // A subclass may pass on another gradient than was decided about, and anyone may call this outside of a step.
    const holds = decided !== undefined && this.#holds(decided, gradient, variable)
    const decision = holds ? decided : this.#decide(gradient, variable, index)
    const { plan, factor } = decision
    applyStep(plan, factor, this.#nobodyInterferes)
    forgetGradient(decision)
    if (this.#own.exportClippingFactors) this.#factors[index].value[0] = factor
  }

  /**
   * What a step with these gradients would do, and which coordinate of each variable holds it back. Reads only; throws
   * as `applyGradients`. Pairs without a gradient are left out; a step that would be skipped has no explanations. The
   * factor is that of the variable as this optimizer sees it, before `reduceClippingFactor`.
   */
  explain(gradsAndVars: Iterable<GradientAndVariable>): Explanation[] {
    const options = this.#stepOptions()
    return this.preview(gradsAndVars).map(([gradient, variable]) => {
      const accumulator = this.built ? this.#accumulators[this.indexOf(variable)].value : undefined
      const value = this.decayed(variable)
      const start = this.#own.initialAccumulatorValue
      return naming(variable, () =>
        explainStep(variable.name, value, accumulator ?? value.slice().fill(start), gradient, options),
      )
    })
  }

  /** The options prepared for a variable's precision, again only when the learning rate has changed. */
  #hyperparameters(value: FloatArray): Hyperparameters {
    const rate = this.learningRate
    const dtype = dtypeOf(value)
    const last = this.#prepared[dtype]
    if (last?.learningRate === rate) return last
    const h = hyperparameters(this.#stepOptions(), requireFloatArray(value, 'variable'))
    this.#prepared[dtype] = h
    return h
  }

  #stepOptions(): StepOptions & { learningRate: number } {
    const { initialAccumulatorValue: _start, exportClippingFactors: _exports, ...options } = this.#own
    return { ...options, learningRate: this.learningRate }
  }

  /** Every option, as plain JSON data in camelCase. Throws Error where the learning rate is a function. */
  override getConfig(): Record<string, unknown> {
    const { absoluteThreshold } = this.#own
    const config = { ...super.getConfig(), ...this.#own }
    // JSON has no Infinity.
    return absoluteThreshold === Number.POSITIVE_INFINITY ? { ...config, absoluteThreshold: 'Infinity' } : config
  }

  /** The form in which Keras writes this optimizer: `tf.keras.optimizers.deserialize` reads it. */
  override toJSON(): SerializedObject {
    const serialized = super.toJSON()
    if (classNameOf(this) !== 'ClippyAdagrad') return serialized
    return {
      ...serialized,
      module: 'tensorflow_recommenders.experimental.optimizers.clippy_adagrad',
      registered_name: 'Custom>ClippyAdagrad',
    }
  }
}

/** No gradient is held on to after its step. */
function forgetGradient(decision: Decision): void {
  decision.gradient = null
  release(decision.plan)
}

function readOwnSettings(given: Partial<Record<OwnOption, unknown>>): OwnSettings {
  const defaults: OwnSettings = { ...STEP_DEFAULTS, initialAccumulatorValue: 0.1, exportClippingFactors: false }
  const chosen = (option: OwnOption): unknown => (given[option] === undefined ? defaults[option] : given[option])
  const number = (option: OwnOption): number => nonNegative(chosen(option), option)
  const flag = (option: OwnOption): boolean => boolean(chosen(option), option)
  const own = {
    initialAccumulatorValue: number('initialAccumulatorValue'),
    variableRelativeThreshold: number('variableRelativeThreshold'),
    accumulatorRelativeThreshold: number('accumulatorRelativeThreshold'),
    absoluteThreshold: requireAbsoluteThreshold(chosen('absoluteThreshold')),
    epsilon: number('epsilon'),
    exportClippingFactors: flag('exportClippingFactors'),
    clipAccumulatorUpdate: flag('clipAccumulatorUpdate'),
    useStandardAccumulatorUpdate: flag('useStandardAccumulatorUpdate'),
  }
  refuseBothAccumulatorFlags(own.clipAccumulatorUpdate, own.useStandardAccumulatorUpdate)
  return own
}

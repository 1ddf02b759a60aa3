import { nonNegative, readOptions } from '../shared/check.ts'
import { ownClassName } from '../shared/class-name.ts'
import {
  type FloatArray,
  type Gradient,
  type Hyperparameters,
  hyperparametersOf,
  requireFloatArray,
} from '../step/index.ts'
import { zerosLike } from './arrays.ts'
import { ClippyDecision } from './clippy-decision.ts'
import { type ClippyAdagradOptions, type ClippySettings, clippyRules, readClippySettings } from './clippy-options.ts'
import { type SerializedObject, thresholdsConfig } from './config.ts'
import { type Decision, requireAgreed } from './decision.ts'
import type { Explanation } from './explain.ts'
import type { GradientAndVariable } from './gradients.ts'
import { unmet } from './once.ts'
import { Optimizer } from './optimizer.ts'
import { OPTION_HINTS, optimizerOptions } from './options.ts'
import {
  type Override,
  overridesConfig,
  readOverrides,
  settingsOf,
  unmatchedPatterns,
  type VariableSettings,
} from './overrides.ts'
import type { Share } from './share.ts'
import type { Trained } from './trained.ts'
import type { Variable } from './variable.ts'

/** Below this factor a variable hardly moves. */
const FROZEN = 1e-3
/** After so many steps it is worth a warning. */
const WATCHED_STEPS: readonly number[] = [1, 10, 100]

/**
 * Adagrad with Clippy's adaptive clipping: `tfrs.experimental.optimizers.ClippyAdagrad`, arXiv 2302.09178.
 *
 * The default `absoluteThreshold` of 1e-7 is the reference's. It all but freezes a variable that has a zero in it, such
 * as a bias that starts at zero, because one factor holds for the whole variable: the paper used 0.5 for
 * `variableRelativeThreshold` and 0.01 for `absoluteThreshold`. `explain` shows what holds a variable back, and there is
 * one warning where the default does. What the clipping bounds is the update: weight decay, averages that overwrite and
 * constraints come on top.
 *
 * @example
 * ```js
 * const optimizer = new ClippyAdagrad({ learningRate: 0.1, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 })
 * optimizer.applyGradients([[gradient, weights]]) // raw typed arrays of one length; weights is updated in place
 * ```
 */
export class ClippyAdagrad extends Optimizer {
  static override readonly className: string = 'ClippyAdagrad'

  #own: ClippySettings
  readonly #overrides: readonly Override[]
  /**
   * What the options came to last with each variable's settings: to work it out anew takes as long as dozens of steps on 16
   * coordinates.
   */
  readonly #latest = new Map<VariableSettings, Hyperparameters>()
  /** By place. */
  #accumulators: readonly Variable[] = []
  #factors: readonly Variable[] = []
  /** Nobody has chosen an `absoluteThreshold`, and nobody has been warned of the default yet. */
  #watchesDefault: boolean
  readonly #unmatched = new Set<string>()

  /** Throws TypeError for an unknown option or a wrong kind, RangeError for a wrong value or both accumulator flags. */
  constructor(options: ClippyAdagradOptions = {}) {
    const own = [...(Object.keys(clippyRules()) as (keyof ClippySettings)[]), 'overrides'] as const
    const shared = optimizerOptions()
    const given = readOptions(ownClassName(new.target), options, [...shared, ...own], OPTION_HINTS)
    super(Object.fromEntries(shared.map((option) => [option, given[option]])))
    this.#own = readClippySettings(given)
    this.#overrides = readOverrides(given.overrides)
    this.#watchesDefault = given.absoluteThreshold === undefined
  }

  // Attributes; those that every optimizer has are in `Attributes`.

  /** Where accumulators start. Before `build` only. */
  get initialAccumulatorValue(): number {
    return this.#own.initialAccumulatorValue
  }

  set initialAccumulatorValue(given: number) {
    this.requireUnbuilt('initialAccumulatorValue')
    this.#set('initialAccumulatorValue', given)
  }

  /** Share of |variable| that a step may move it. */
  get variableRelativeThreshold(): number {
    return this.#own.variableRelativeThreshold
  }

  set variableRelativeThreshold(given: number) {
    this.#set('variableRelativeThreshold', given)
  }

  /** Multiple of 1/√(accumulator + epsilon) that a step may move a coordinate. */
  get accumulatorRelativeThreshold(): number {
    return this.#own.accumulatorRelativeThreshold
  }

  set accumulatorRelativeThreshold(given: number) {
    this.#set('accumulatorRelativeThreshold', given)
  }

  /** What a step may move any coordinate; Infinity for no clipping. */
  get absoluteThreshold(): number {
    return this.#own.absoluteThreshold
  }

  set absoluteThreshold(given: number) {
    this.#set('absoluteThreshold', given)
    this.#watchesDefault = false
  }

  /** Added to the accumulator under the square root. */
  get epsilon(): number {
    return this.#own.epsilon
  }

  set epsilon(given: number) {
    this.#set('epsilon', given)
  }

  /** Whether each variable's last factor is kept. Before `build` only. */
  get exportClippingFactors(): boolean {
    return this.#own.exportClippingFactors
  }

  set exportClippingFactors(given: boolean) {
    this.requireUnbuilt('exportClippingFactors')
    this.#set('exportClippingFactors', given)
  }

  /** Whether the gradient is multiplied by the clipping factor before it is squared into the accumulator. */
  get clipAccumulatorUpdate(): boolean {
    return this.#own.clipAccumulatorUpdate
  }

  set clipAccumulatorUpdate(given: boolean) {
    this.#set('clipAccumulatorUpdate', given)
  }

  /** Whether the accumulator is updated before it preconditions the step. */
  get useStandardAccumulatorUpdate(): boolean {
    return this.#own.useStandardAccumulatorUpdate
  }

  set useStandardAccumulatorUpdate(given: boolean) {
    this.#set('useStandardAccumulatorUpdate', given)
  }

  /** The settings for some variables, as given. */
  get overrides(): readonly Override[] {
    return this.#overrides
  }

  #set(option: keyof ClippySettings, given: unknown): void {
    this.#own = readClippySettings({ ...this.#own, [option]: given })
    this.#latest.clear()
  }

  // State.

  /** The last clipping factor of each variable, in the order of `build`; empty before `build` or without export. */
  get clippingFactors(): readonly number[] {
    return this.built ? this.#factors.map(({ value }) => value[0]) : []
  }

  /** The last clipping factor of a variable. Error before `build`, without export, or for a stranger. */
  clippingFactorOf(variable: Variable | FloatArray): number {
    const { place } = this.trained(variable)
    if (this.exportClippingFactors) return this.#factors[place].value[0]
    throw new Error('clipping factors are kept with exportClippingFactors: true only')
  }

  /** The accumulator of a variable: the one that steps update. Error before `build`, or for a stranger. */
  accumulatorOf(variable: Variable | FloatArray): Variable {
    return this.#accumulators[this.trained(variable).place]
  }

  /** Makes the accumulators, and with `exportClippingFactors` the factors; RangeError if they would start at infinity. */
  protected override createSlots(variables: readonly Variable[]): void {
    const accumulators: Variable[] = []
    const factors: Variable[] = []
    for (const variable of variables) {
      accumulators.push(this.slotOf(variable, 'accumulator') ?? this.#newAccumulator(variable))
      if (!this.exportClippingFactors) continue
      // A double whatever the variable is, so that a small factor does not become 0.
      const factor = { shape: [], initialValue: new Float64Array(1) }
      factors.push(this.addVariableFromReference(variable, 'clipping_factor', factor))
    }
    this.#accumulators = accumulators
    this.#factors = factors
    this.#warnOfUnmatched(variables.map(({ name }) => name))
  }

  #newAccumulator(variable: Variable): Variable {
    const accumulator = this.addVariableFromReference(variable, 'accumulator')
    accumulator.value.fill(this.initialAccumulatorValue)
    if (accumulator.size === 0 || Number.isFinite(accumulator.value[0])) return accumulator
    throw new RangeError(`initialAccumulatorValue is ${this.initialAccumulatorValue}, too large for '${variable.name}'`)
  }

  #warnOfUnmatched(names: readonly string[]): void {
    const patterns = unmet(unmatchedPatterns(names, this.#overrides), this.#unmatched)
    if (patterns.length === 0) return
    console.warn(`${this.name}: overrides name no variable by ${patterns.join(', ')}; there are ${names.join(', ')}`)
  }

  /** What is set for this variable alone. */
  protected override settingsFor(variable: Variable): VariableSettings {
    return settingsOf(variable, this.#overrides)
  }

  // The update.

  /** Finds the variable's factor, which checks everything that the update will read. @internal */
  protected override decideUpdate(share: Share): Decision {
    const decision = this.#decision(share)
    if (decision.factor < FROZEN && this.#watchesDefault) this.#warnIfFrozen(share, decision.factor)
    return decision
  }

  /** True unless a subclass has an `updateStep` of its own. */
  protected override get updatesCannotFail(): boolean {
    return this.updateStep === ClippyAdagrad.prototype.updateStep
  }

  /**
   * {@link step} on the variable and its accumulator, with the factor that this step has decided on where it is for this
   * gradient and nothing has changed since; with one of its own otherwise, and outside of a step.
   *
   * @param gradient - of the variable's precision.
   * @param variable - one that `build` knows; it and its accumulator are updated in place.
   * @throws as {@link step}; nothing has changed then. Error for a variable unknown to `build`.
   */
  override updateStep(gradient: Gradient, variable: Variable): void {
    const decision = this.#decidedFor(gradient, variable) ?? this.#decideAlone(gradient, variable)
    decision.write()
    if (this.exportClippingFactors) this.#factors[decision.share.trained.place].value[0] = decision.agreed
  }

  #decidedFor(gradient: Gradient, variable: Variable) {
    const decision = this.updating
    if (!(decision instanceof ClippyDecision)) return undefined
    // An updateStep of a subclass may have passed on another gradient, or have written to anything.
    return this.updatesCannotFail || decision.holdsFor(gradient, variable) ? decision : undefined
  }

  #decideAlone(gradient: Gradient, variable: Variable) {
    const trained = this.trained(variable)
    const decision = this.#decision({ trained, gradient, value: trained.value })
    decision.agreed = this.reduceClippingFactor(decision.factor, trained.variable)
    requireAgreed(decision)
    return decision
  }

  /** Before `build` there is no accumulator yet: it counts as what `build` would make. */
  #decision(share: Share): ClippyDecision {
    const { trained, value } = share
    const accumulator = this.built
      ? this.#accumulators[trained.place].value
      : zerosLike(value).fill(this.initialAccumulatorValue)
    const handsOut = !this.updatesCannotFail || this.decide !== ClippyAdagrad.prototype.decide
    return new ClippyDecision(share, accumulator, this.#hyperparameters(trained), handsOut)
  }

  #hyperparameters({ value, settings }: Trained): Hyperparameters {
    const precision = requireFloatArray(value, 'variable')
    const learningRate = this.learningRate * (settings.learningRateMultiplier ?? 1)
    const latest = this.#latest.get(settings)
    if (latest?.learningRate === learningRate && latest.precision === precision) return latest
    // What is set for a variable alone holds nothing that is undefined.
    const all = Object.assign({ learningRate: nonNegative(learningRate, 'learningRate') }, this.#own, settings)
    const h = hyperparametersOf(all, precision)
    this.#latest.set(settings, h)
    return h
  }

  /** Says once, after 1, 10 or 100 steps, that a threshold which nobody has chosen holds a variable back. */
  #warnIfFrozen(share: Share, factor: number): void {
    const { trained } = share
    if (!WATCHED_STEPS.includes(this.iterations + 1) || trained.settings.absoluteThreshold !== undefined) return
    this.#watchesDefault = false
    const { limiting } = this.#explained(share)
    console.warn(
      `${this.name}: '${trained.variable.name}' hardly moves: its clipping factor is ${factor.toPrecision(2)}, because variable[${limiting?.index}] is ${limiting?.value} and may move by ${limiting?.bound.toPrecision(2)} only; set absoluteThreshold, say to 0.01, or see explain`,
    )
  }

  /**
   * What a step with these gradients would do, and which coordinate of each variable holds it back. Reads only; throws
   * as `applyGradients`. Pairs without a gradient are left out; a step that would be skipped has no explanations. The
   * factor is that of the variable as this optimizer sees it, before `reduceClippingFactor`.
   */
  explain(gradsAndVars: Iterable<GradientAndVariable>): Explanation[] {
    return this.preview(gradsAndVars, (share) => this.#explained(share))
  }

  #explained(share: Share): Explanation {
    const decision = this.#decision(share)
    return { name: share.trained.variable.name, factor: decision.factor, ...decision.explained() }
  }

  // Config.

  /** Every option, as plain JSON data in camelCase. Throws Error where the learning rate is a function. */
  override getConfig(): Record<string, unknown> {
    return {
      ...super.getConfig(),
      ...thresholdsConfig(this.#own),
      ...(this.#overrides.length === 0 ? {} : { overrides: overridesConfig(this.#overrides) }),
    }
  }

  /**
   * The form in which Keras writes this optimizer: `tf.keras.optimizers.deserialize` reads it. Throws Error where it cannot
   * say what the options say: a function as the learning rate, or overrides.
   */
  override toJSON(): SerializedObject {
    if (this.#overrides.length > 0) {
      throw new Error('Keras knows no overrides, so its JSON has no place for them; save getConfig() instead')
    }
    const serialized = super.toJSON()
    if (this.className !== 'ClippyAdagrad') return serialized
    return {
      ...serialized,
      module: 'tensorflow_recommenders.experimental.optimizers.clippy_adagrad',
      registered_name: 'Custom>ClippyAdagrad',
    }
  }

  /** As that of `Optimizer`, with the thresholds. */
  override toString(): string {
    const thresholds = ['variableRelativeThreshold', 'accumulatorRelativeThreshold', 'absoluteThreshold'] as const
    return [super.toString(), ...thresholds.map((name) => `${name} ${this.#own[name]}`)].join(', ')
  }
}

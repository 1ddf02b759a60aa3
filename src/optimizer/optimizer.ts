import { boolean, plainObject, readOptions, string } from '../shared/check.ts'
import { ownClassName } from '../shared/class-name.ts'
import { type Gradient, isSparse } from '../step/index.ts'
import { copyInto } from './arrays.ts'
import { clip } from './clip-gradients.ts'
import { type CustomObjects, optionsFromConfig } from './config.ts'
import { constrain } from './constraint.ts'
import { type Decision, finiteDecision, requireAgreed } from './decision.ts'
import {
  type GradientAndVariable,
  type ReadyPair,
  readPairs,
  requireCount,
  requireFiniteValue,
  requireFit,
  rowsOnce,
} from './gradients.ts'
import { differentiated, type Loss, type Tape, type VariableList } from './loss.ts'
import { updateAverage } from './moving-average.ts'
import { unmet } from './once.ts'
import { OptimizerVariables } from './optimizer-variables.ts'
import { OPTION_HINTS, type OptimizerOptions, optimizerOptions } from './options.ts'
import { isPerReplica, type PerReplica, sumOfReplicas } from './replicas.ts'
import { Room } from './room.ts'
import { announceRefusal, askAll } from './shards.ts'
import { areFinite, areSummed, refuseUpdated, requireSummed, type Share, sharesOf, someSharesOf } from './share.ts'
import { valuesOf } from './sparse.ts'
import { asVariables, type TrainedVariables } from './trained.ts'
import { rememberedBefore } from './undo.ts'
import { requireWhole, type Variable } from './variable.ts'
import { decayTo } from './weight-decay.ts'

/** What `applyGradients` takes beside the pairs. */
export interface ApplyOptions {
  /** Prefix of the slots' names where this call builds the optimizer; the optimizer's name. */
  readonly name?: string | undefined
  /** The caller has summed the replicas' gradients: `aggregateGradients` is not called; false. */
  readonly skipGradientsAggregation?: boolean | undefined
}

/** What a step needs on its way. */
interface StepUnderWay {
  readonly room: Room
  /** Once the gradients are summed over replicas. */
  shares: readonly Share[]
}

/**
 * Owns variables, slots and settings, and takes steps: TF-Keras's `Optimizer`, method for method. Each method's source is
 * the one of that name in snake_case; `built`, `skippedSteps`, `extend`, `rebind` and the hooks are this package's own.
 *
 * A subclass gives `updateStep`, and `createSlots` where it keeps state; the rest (clipping, weight decay, averages,
 * constraints, saving) is here. A step is all or nothing, whatever a subclass overrides: everything is read and decided
 * before the first write, and should an `updateStep` throw half-way, what it was given to write to is put back. An error
 * that a hook throws comes out as it is.
 */
export abstract class Optimizer extends OptimizerVariables {
  /** The name that stands for this class in a saved config, safe from minifiers. */
  static readonly className: string = 'Optimizer'

  /** What the step under way has decided about the update that `updateStep` is to write; undefined outside of one. @internal */
  protected updating: Decision | undefined
  readonly #warnedOf = new Set<Variable>()
  #skippedSteps = 0

  /** Throws TypeError for an unknown option or a wrong kind, RangeError for a wrong value or two clip options. */
  constructor(options: OptimizerOptions = {}) {
    const className = ownClassName(new.target)
    const given = readOptions(className, options, optimizerOptions(), OPTION_HINTS)
    super(given, className)
  }

  // What a subclass gives or overrides.

  /**
   * Applies one gradient to one variable, in place; called by `applyGradients` for each pair, after every check.
   *
   * @param gradient - summed over replicas, clipped, each row once; of the variable's precision and finite.
   * @param variable - one that `build` knows; only it and its slots may be written to.
   */
  abstract updateStep(gradient: Gradient, variable: Variable): void

  /** Called once a step with all pairs as `updateStep` gets them, before anything is written; throws to refuse the step. */
  protected decide(_pairs: readonly ReadyPair[]): void {}

  /**
   * The clipping factor to use, given that of the variable as this optimizer sees it (1 for an optimizer without one); this
   * one returns it as it is. Override it where a variable is kept in shards, to return the smallest of all shards' factors.
   *
   * Called once for each variable of every step, before any write: with NaN where this shard refuses or skips the step,
   * for whatever reason. Return NaN where another one does: then this one refuses it too, or, under
   * `nonFiniteGradients: 'skip'`, skips it. Arrays that it detaches or resizes refuse the step; it should not write to any:
   * what it writes is not checked again, as no shard can take back what all have agreed on.
   */
  protected reduceClippingFactor(factor: number, _variable: Variable): number {
    return factor
  }

  /** What an update is going to write, from reads alone; throws to refuse the step. For optimizers of this package. @internal */
  protected decideUpdate(share: Share): Decision {
    return finiteDecision(share)
  }

  /** Whether `updateStep` is known not to throw once its update is decided; if not, a step keeps copies to go back to. */
  protected get updatesCannotFail(): boolean {
    return false
  }

  // Attributes; the others are those of `Attributes`.

  /** How many steps `nonFiniteGradients: 'skip'` has turned into nothing. */
  get skippedSteps(): number {
    return this.#skippedSteps
  }

  // A step.

  /**
   * Takes one step from [gradient, variable] pairs. In this order: the learning rate; nothing for an empty list; pairs
   * without a gradient are dropped, with a warning; `build` on the first call, with every variable of the list; replicas
   * are summed; gradients are clipped; weight decay; repeated rows are summed and every update is decided, and only then
   * written; iterations + 1; moving averages; constraints.
   *
   * @returns the number of steps taken so far.
   * @throws TypeError for malformed pairs or mixed precisions; RangeError if all gradients are null, for a variable named
   * twice, wrong lengths or row indices, and for values that are not finite; Error for a variable unknown to `build`. In
   * each case no variable, slot or count has changed, and a first step leaves the optimizer unbuilt. Only a constraint runs
   * after the step: when one throws, the step stands and counts, that variable keeps the value the step gave it, and
   * constraints after it have not run.
   */
  applyGradients(gradsAndVars: Iterable<GradientAndVariable>, options?: ApplyOptions): number {
    const pairs = readPairs(gradsAndVars)
    if (pairs.length === 0) return this.iterations
    const { stepRate, iterations } = this
    const lists = this.built ? undefined : this.training.state.lists()
    const step: StepUnderWay = { room: new Room(), shares: [] }
    try {
      const decisions = this.#decideAll(pairs, options, step)
      if (decisions === undefined || !this.#agree(decisions)) {
        this.#skippedSteps++
        return this.iterations
      }
      this.#update(decisions)
    } finally {
      step.room.giveBack()
      this.stepRate = stepRate
      // Unless a hook has taken a step of its own, which stands.
      if (lists !== undefined && this.iterations === iterations) this.training.unbuild(lists)
    }
    this.#average(step.shares)
    for (const { trained } of step.shares) constrain(trained.variable)
    return this.iterations
  }

  /** The stages from present to decide, and `build`: they write to no variable. Undefined where the step is to be skipped. */
  #decideAll(pairs: readonly GradientAndVariable[], options: ApplyOptions | undefined, step: StepUnderWay) {
    let isDecided = false
    try {
      const { prefix, skipsAggregation } = this.#readApplyOptions(options)
      if (this.iterations === Number.MAX_SAFE_INTEGER) throw new RangeError('iterations can be counted no further')
      this.stepRate = this.scheduledRate()
      const variables = this.#variablesOf(pairs)
      const { shares, missing } = someSharesOf(pairs, variables)
      if (missing.length > 0) this.#warnOf(missing)
      if (!this.built) this.training.build(variables, prefix)
      const decideAll = () => step.shares.map((share) => this.decideUpdate(share))
      let decisions = this.#orSkip(step, () => {
        this.#prepare(shares, variables, skipsAggregation, step)
        if (this.useEma) this.#requireWhole(step.shares)
        return decideAll()
      })
      if (decisions === undefined) return undefined
      if (this.decide !== Optimizer.prototype.decide) {
        this.decide(step.shares.map(({ gradient, trained }) => [gradient, trained.variable]))
        // It has been given the arrays, and may have written to any of them.
        this.#requireWhole(step.shares)
        for (const share of step.shares) this.#decay(share, step.room)
        decisions = decideAll()
      }
      if (typeof this.updateStep !== 'function') {
        throw new TypeError(
          `${this.className} has no updateStep(gradient, variable); a subclass of Optimizer says there how a variable moves`,
        )
      }
      isDecided = true
      return decisions
    } finally {
      if (!isDecided) this.#announceRefusal(pairs)
    }
  }

  #readApplyOptions(options: ApplyOptions | undefined) {
    if (options === undefined) return { prefix: this.name, skipsAggregation: false }
    const { name = this.name, skipGradientsAggregation = false } = readOptions('applyGradients', options, [
      'name',
      'skipGradientsAggregation',
    ])
    return {
      prefix: string(name, 'name'),
      skipsAggregation: boolean(skipGradientsAggregation, 'skipGradientsAggregation'),
    }
  }

  /** Aggregate, clip, decay: what each update starts from. */
  #prepare(
    given: readonly Share<Gradient | PerReplica>[],
    variables: TrainedVariables,
    skipsAggregation: boolean,
    step: StepUnderWay,
  ): void {
    step.shares = requireSummed(skipsAggregation ? given : this.#aggregated(given, variables))
    clip(step.shares, this, step.room)
    refuseUpdated(step.shares, variables)
    for (const share of step.shares) this.#decay(share, step.room)
  }

  /** Runs what may refuse the step; undefined where the gradients it has got to are not finite, and that is to be skipped. */
  #orSkip<Result>(step: StepUnderWay, action: () => Result): Result | undefined {
    try {
      return action()
    } catch (error) {
      if (this.nonFiniteGradients !== 'skip') throw error
      // Sums count too, and rows that the variable does not have are an error in any case.
      for (const share of step.shares) share.gradient = rowsOnce(share.gradient, share.trained.variable)
      if (areFinite(step.shares)) throw error
      return undefined
    }
  }

  #aggregated(given: readonly Share<Gradient | PerReplica>[], variables: TrainedVariables) {
    // Nothing to sum, and nobody to ask.
    if (this.aggregateGradients === Optimizer.prototype.aggregateGradients && areSummed(given)) return given
    const summed = this.aggregateGradients(given.map(({ gradient, trained }) => [gradient, trained.variable]))
    const { shares, missing } = sharesOf(readPairs(summed), variables)
    if (missing.length === 0) return shares.map((share) => ({ ...share, place: undefined }))
    throw new Error(`variable '${missing[0].name}': aggregateGradients returned no gradient; leave its pair out`)
  }

  /** Leaves in a share what weight decay makes of its variable. */
  #decay(share: Share, room: Room): void {
    const { gradient, trained } = share
    const { variable, isExcluded, settings } = trained
    const decay = isExcluded ? 0 : (settings.weightDecay ?? this.weightDecay ?? 0)
    if (decay === 0) {
      // An average takes in every row, and the update looks at those alone that its gradient names.
      if (this.useEma && isSparse(gradient)) requireFiniteValue(variable.value, variable)
      return
    }
    requireWhole(variable)
    if (share.value === variable.value) share.value = room.lend(trained)
    decayTo(share.value, variable, decay, this.learningRate * (settings.learningRateMultiplier ?? 1))
  }

  /**
   * Has all shards agree on the factors. False where another one skips the step, which this one skips too then. Values are
   * not looked at again, which would take as long as deciding and refuse a step that the other shards take by now.
   */
  #agree(decisions: readonly Decision[]): boolean {
    if (this.reduceClippingFactor === Optimizer.prototype.reduceClippingFactor) return true
    const counts = decisions.map(({ share }) => valuesOf(share.gradient).length)
    askAll(decisions, (factor, variable) => this.reduceClippingFactor(factor, variable))
    if (this.nonFiniteGradients === 'skip' && decisions.some(({ agreed }) => Number.isNaN(agreed))) return false
    this.#requireWhole(decisions.map(({ share }) => share))
    decisions.forEach((decision, k) => {
      const { gradient, trained } = decision.share
      const { variable } = trained
      requireFit(gradient, variable)
      requireCount(gradient, variable, counts[k])
      requireAgreed(decision)
    })
    return true
  }

  /** Throws RangeError where an array that the step is to write to has been detached or resized. */
  #requireWhole(shares: readonly Share[]): void {
    const { state } = this.training
    for (const { trained } of shares) {
      const { variable, place } = trained
      requireWhole(variable)
      for (const slot of state.slotsOf(variable)) requireWhole(slot)
      if (this.useEma) requireWhole(state.average(place))
    }
  }

  #announceRefusal(pairs: readonly GradientAndVariable[]): void {
    const present = pairs.filter(([gradient]) => gradient !== null && gradient !== undefined)
    const known = this.training.variables
    const variables = present.map(([, variable]) => known?.find(variable)?.variable ?? asVariables([variable])[0])
    announceRefusal(variables, (factor, variable) => this.reduceClippingFactor(factor, variable))
  }

  /** Writes what was decided, whole or not at all, and counts the step. */
  #update(decisions: readonly Decision[]): void {
    const outer = this.updating
    const undo = this.updatesCannotFail ? undefined : rememberedBefore(decisions, this.training.state)
    try {
      for (const decision of decisions) {
        const { gradient, value, trained } = decision.share
        const { variable } = trained
        if (value !== variable.value) copyInto(variable.value, value)
        this.updating = decision
        this.updateStep(gradient, variable)
      }
      if (undo !== undefined) for (const { share } of decisions) requireWhole(share.trained.variable)
    } catch (error) {
      undo?.()
      throw error
    } finally {
      this.updating = outer
    }
    this.training.state.iteration.value[0]++
  }

  #average(shares: readonly Share[]): void {
    if (!this.useEma) return
    for (const { trained } of shares) {
      const average = this.training.state.average(trained.place).value
      updateAverage(average, trained.variable.value, this.iterations, this)
    }
  }

  /** Warns once of each variable without a gradient. */
  #warnOf(missing: readonly Variable[]): void {
    const names = unmet(missing, this.#warnedOf).map(({ name }) => name)
    if (names.length === 0) return
    console.warn(`${this.name}: no gradient was given for ${names.join(', ')}; a step leaves them as they are`)
  }

  /** What `look` sees of each variable's part in a step; nothing where it would be skipped. Reads only, builds nothing. @internal */
  protected preview<Seen>(gradsAndVars: Iterable<GradientAndVariable>, look: (share: Share) => Seen): Seen[] {
    const pairs = readPairs(gradsAndVars)
    if (pairs.length === 0) return []
    const variables = this.#variablesOf(pairs)
    const { shares } = someSharesOf(pairs, variables)
    const step: StepUnderWay = { room: new Room(), shares: [] }
    const seen = this.#orSkip(step, () => {
      this.#prepare(shares, variables, false, step)
      return step.shares.map(look)
    })
    return seen ?? []
  }

  /** The trained variables; before `build`, those of the pairs, to be built. */
  #variablesOf(pairs: readonly GradientAndVariable[]): TrainedVariables {
    return this.training.variables ?? this.training.strangers(pairs.map(([, variable]) => variable))
  }

  /**
   * Sums what the replicas gave; override it to reduce over workers or machines. Called before anything is written, with
   * the pairs that have a gradient; returns such pairs, without PerReplica.
   */
  aggregateGradients(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
    return readPairs(gradsAndVars).map(([gradient, variable]) => {
      if (!isPerReplica(gradient)) return [gradient, variable]
      const known = this.modelVariable(variable)
      for (const one of gradient.values) requireFit(one, known)
      return [sumOfReplicas(gradient, known), variable]
    })
  }

  // Losses.

  /**
   * The loss's gradients, paired with `varList`, a list or a function that returns one. Leaves the variables as they were.
   * The loss returns `{ value, gradients }`, or a number: then the `tape` differentiates it, or, without one, central
   * differences do (2 calls a coordinate; RangeError above 10,000).
   */
  computeGradients(loss: Loss, varList: VariableList, tape?: Tape): GradientAndVariable[] {
    return differentiated(loss, varList, tape).pairs
  }

  /** `computeGradients`, then `applyGradients`; throws as they do. Returns the loss before the step. */
  minimize(loss: Loss, varList: VariableList, options: { readonly tape?: Tape | undefined } = {}): number {
    const { tape } = readOptions('minimize', options, ['tape'])
    const { value, pairs } = differentiated(loss, varList, tape as Tape | undefined)
    this.applyGradients(pairs)
    return value
  }

  // Config.

  /**
   * Makes an optimizer from what `getConfig` or `toJSON` gave, or from Keras's own JSON. `customObjects` maps the names
   * of your schedules to their classes. Throws TypeError or RangeError for data that is not such a config.
   */
  static fromConfig<Made extends Optimizer>(
    this: { new (options: never): Made; readonly className: string; readonly name: string },
    config: unknown,
    customObjects: CustomObjects = {},
  ): Made {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the subclass that fromConfig was called on
    const Class = this as unknown as { new (options: Record<string, unknown>): Made; readonly name: string }
    plainObject(customObjects, 'customObjects')
    return new Class(optionsFromConfig(config, ownClassName(Class), customObjects))
  }
}

import { boolean, describe, integerFrom, plainObject, readOptions, string } from '../shared/check.ts'
import { type FloatArray, type Gradient, precisionOf } from '../step/old/index.ts'
import { clipGradients } from './clip-gradients.ts'
import {
  type CustomObjects,
  kerasConfig,
  learningRateConfig,
  optionsFromConfig,
  type SerializedObject,
} from './config.ts'
import { applyConstraint } from './constraint.ts'
import { excludedBy, type WeightDecayExclusions } from './exclusions.ts'
import {
  findNonFinite,
  type GradientAndVariable,
  PerReplica,
  type ReadyPair,
  readPairs,
  refuseUpdatedGradients,
  requireFiniteGradient,
  requireFiniteRows,
  requireFiniteVariable,
  requireFit,
  requireVariables,
  sumOfReplicas,
  withUniqueRows,
} from './gradients.ts'
import { type LearningRate, rateAt, readLearningRate } from './learning-rate.ts'
import { updateAverage } from './moving-average.ts'
import { asVariables, OptimizerState, refuseRepeated } from './optimizer-state.ts'
import {
  clippingLimit,
  OPTIMIZER_OPTIONS,
  OPTION_HINTS,
  type OptimizerOptions,
  type OptimizerSettings,
  readSettings,
} from './options.ts'
import { type Store, storedEntries } from './saved-state.ts'
import { differentiate, type Loss, requireLoss, type Tape } from './tape.ts'
import { Undo } from './undo.ts'
import { UsualStep } from './usual-step.ts'
import { readShape, sizeOf, Variable, zeros } from './variable.ts'
import { decay } from './weight-decay.ts'

/** What `applyGradients` takes beside the pairs. */
export interface ApplyOptions {
  /** Prefix of the slots' names where this call builds the optimizer; the optimizer's name. */
  readonly name?: string | undefined
  /** The caller has summed the replicas' gradients: `aggregateGradients` is not called; false. */
  readonly skipGradientsAggregation?: boolean | undefined
}

/** What `addVariable` takes beside a shape. */
export interface AddVariableOptions {
  /** 'float32' (the default) or 'float64'. */
  readonly dtype?: 'float32' | 'float64' | undefined
  /** 'zeros' (the default), 'ones', or a function that gives the values, row-major. */
  readonly initializer?: 'zeros' | 'ones' | ((shape: readonly number[]) => ArrayLike<number>) | undefined
  /** For messages; 'variable'. */
  readonly name?: string | undefined
}

/** What `addVariableFromReference` takes beside a variable and a name. */
export interface ReferenceVariableOptions {
  /** The model variable's shape. */
  readonly shape?: readonly number[] | undefined
  /** Zeros of the model variable's precision. Typed arrays are copied. */
  readonly initialValue?: FloatArray | undefined
}

/**
 * Owns variables, slots and settings, and takes steps: TF-Keras's `Optimizer`, method for method. Each method's source is
 * the one of that name in snake_case; `built`, `skippedSteps`, `createSlots`, `decide`, `forget` and `updatesCannotFail`
 * are this package's own.
 *
 * A subclass gives `updateStep`, and `createSlots` where it keeps state; the rest (clipping, weight decay, averages,
 * constraints, saving) is here. A step is all or nothing: every gradient, variable and index is checked before the first
 * write, and should an `updateStep` throw half-way, the rows and slots it was given are put back.
 */
export abstract class Optimizer {
  /** The name that stands for this class in a saved config, safe from minifiers. */
  static readonly className: string = 'Optimizer'

  readonly #settings: OptimizerSettings
  #learningRate: LearningRate
  /** The rate of the step under way: a schedule is asked once a step. */
  #stepRate: number | undefined
  readonly #state: OptimizerState
  #isExcluded: (variable: Variable) => boolean = () => false
  readonly #warnedOf = new Set<string>()
  readonly #usualStep = new UsualStep()
  #skippedSteps = 0

  /** Throws TypeError for an unknown option or a wrong kind, RangeError for a wrong value or two clip options. */
  constructor(options: OptimizerOptions = {}) {
    const className = classNameOf(this)
    this.#settings = readSettings(readOptions(className, options, OPTIMIZER_OPTIONS, OPTION_HINTS), className)
    this.#learningRate = this.#settings.learningRate
    this.#state = new OptimizerState(this.#settings.name)
  }

  /**
   * Applies one gradient to one variable, in place; called by `applyGradients` for each pair, after every check.
   *
   * @param gradient - summed over replicas, clipped, each row once; of the variable's precision and finite.
   * @param variable - one that `build` knows; only it and its slots may be written to.
   */
  abstract updateStep(gradient: Gradient, variable: Variable): void

  /** Creates the state that each variable needs, by `addVariableFromReference`; called once, by `build`. */
  protected createSlots(_variables: readonly Variable[]): void {}

  /**
   * Called once a step with all pairs, before anything of the update is written; throws to refuse the step. This one
   * checks that gradients and touched variables are finite. The list and its pairs serve the next step again: keep none.
   */
  protected decide(pairs: readonly ReadyPair[]): void {
    for (const [gradient, variable] of pairs) {
      requireFiniteGradient(gradient, variable)
      requireFiniteRows(gradient, variable)
    }
  }

  /** Called when the updates of a step are over, done or undone: what `decide` has noted down no longer counts. */
  protected forget(): void {}

  /** Whether `updateStep` is known not to throw once `decide` has passed; if not, a step keeps copies to go back to. */
  protected get updatesCannotFail(): boolean {
    return false
  }

  /** The name given as an option, or that of the class. */
  get name(): string {
    return this.#settings.name
  }

  /** The number of steps taken. It can be set before `build`, to count from there. */
  get iterations(): number {
    return this.#state.iteration.value[0]
  }

  /** A whole number ≥ 0, before `build` only: Error afterwards. */
  set iterations(count: number) {
    if (this.#state.isBuilt)
      throw new Error('iterations cannot be set after build; set it on a new optimizer before its first step')
    this.#state.iteration.value[0] = integerFrom(count, 0, 'iterations')
  }

  /** How many steps `nonFiniteGradients: 'skip'` has turned into nothing. */
  get skippedSteps(): number {
    return this.#skippedSteps
  }

  /** The rate that the next step will use. A number cannot replace a schedule or function: TypeError. */
  get learningRate(): number {
    return this.#stepRate ?? rateAt(this.#learningRate, this.iterations)
  }

  /** A number ≥ 0, a schedule or a function; TypeError for a number where there is a schedule or function. */
  set learningRate(given: LearningRate) {
    const learningRate = readLearningRate(given)
    if (typeof learningRate === 'number' && typeof this.#learningRate !== 'number') {
      throw new TypeError(
        `learningRate is a schedule, so it cannot be set to ${learningRate}; give another schedule, or make the optimizer with a number`,
      )
    }
    this.#learningRate = learningRate
  }

  /** The state: iteration, averages, then the slots in the order in which they were added. */
  get variables(): readonly Variable[] {
    return this.#state.variables
  }

  /** Whether the variables are known and the slots made. */
  get built(): boolean {
    return this.#state.isBuilt
  }

  /**
   * Makes the slots of the variables to be trained; the first `applyGradients` does it by itself. Does nothing when
   * called again with variables that are known; Error for others. RangeError for a variable named twice.
   */
  build(varList: readonly (Variable | FloatArray)[]): void {
    requireVariables(varList)
    refuseRepeated(varList)
    if (this.#state.isBuilt) {
      for (const variable of varList) this.indexOf(variable)
      return
    }
    this.#build(asVariables(varList), this.name)
  }

  #build(variables: readonly Variable[], prefix: string): void {
    if (this.#settings.useEma) variables.forEach(requireFiniteVariable)
    this.#state.build(variables, prefix, this.#settings.useEma, () => this.createSlots(variables))
  }

  /** A variable's place in the list given to `build`; throws Error for one that was not in it. */
  protected indexOf(variable: Variable | FloatArray): number {
    return this.#state.placeOf(variable)
  }

  /**
   * Adds a variable of the optimizer's own, saved with the rest of the state.
   *
   * @param shape - extents, whole and ≥ 0, row-major; [] for a single number.
   * @throws TypeError or RangeError for a bad shape or option, or an initializer that gives too many or too few values.
   */
  addVariable(shape: readonly number[], options: AddVariableOptions = {}): Variable {
    const known = ['dtype', 'initializer', 'name'] as const
    const { dtype = 'float32', initializer = 'zeros', name = 'variable' } = readOptions('addVariable', options, known)
    const extents = readShape(shape, 'shape')
    if (dtype !== 'float32' && dtype !== 'float64') {
      throw new RangeError(`dtype is ${describe(dtype)}; expected 'float32' or 'float64'`)
    }
    const value = zeros(sizeOf(extents), dtype)
    if (typeof initializer === 'function') fillFrom(value, initializer(extents))
    else if (initializer === 'ones') value.fill(1)
    else if (initializer !== 'zeros') {
      throw new RangeError(`initializer is ${describe(initializer)}; expected 'zeros', 'ones' or a function`)
    }
    const variable = new Variable(value, { name: string(name, 'name'), shape: extents })
    this.#state.add(variable)
    return variable
  }

  /**
   * Adds a slot of a model variable, named `optimizer/variableName/modelVariable`, of its shape unless told otherwise, and
   * of its precision unless the initial value has another.
   *
   * @param modelVariable - a variable of the model; Error for one that an earlier `build` does not know.
   * @param variableName - what the slot is, such as 'accumulator'.
   * @throws TypeError or RangeError for a bad name, shape or initial value, or one whose length does not fit.
   */
  addVariableFromReference(
    modelVariable: Variable | FloatArray,
    variableName: string,
    options: ReferenceVariableOptions = {},
  ): Variable {
    const { shape, initialValue } = readOptions('addVariableFromReference', options, ['shape', 'initialValue'])
    const model = this.#known(modelVariable)
    const extents = shape === undefined ? model.shape : readShape(shape, 'shape')
    if (initialValue !== undefined && precisionOf(initialValue) === undefined) {
      throw new TypeError(`initialValue is ${describe(initialValue)}; expected a Float32Array or Float64Array`)
    }
    const slotName = string(variableName, 'variableName')
    if (initialValue !== undefined && (initialValue as FloatArray).length !== sizeOf(extents)) {
      throw new RangeError(
        `the initialValue of ${slotName}/${model.name} has length ${(initialValue as FloatArray).length}; expected ${sizeOf(extents)}`,
      )
    }
    return this.#state.addSlot(model, slotName, extents, initialValue as FloatArray | undefined)
  }

  /**
   * One step. In this order: the learning rate; nothing for an empty list; pairs without a gradient are dropped, with a
   * warning; `build` on the first call, with every variable of the list; replicas are summed; gradients are clipped;
   * repeated rows are summed; weight decay; `updateStep` for each pair; iterations + 1; moving averages; constraints.
   *
   * @returns the number of steps taken so far.
   * @throws TypeError for malformed pairs or mixed precisions; RangeError if all gradients are null, for a variable named
   * twice, wrong lengths or row indices, and for values that are not finite; Error for a variable unknown to `build`. In
   * each case no variable, slot or count has changed. Only a constraint runs after the step: when one throws, the step
   * stands and counts, that variable keeps the value the step gave it, and constraints after it have not run.
   */
  applyGradients(gradsAndVars: Iterable<GradientAndVariable>, options?: ApplyOptions): number {
    const learningRate = this.learningRate
    const usual =
      options === undefined && this.#hasUsualSteps ? this.#usualStep.read(gradsAndVars, this.#state) : undefined
    if (usual === undefined) return this.#applyAny(gradsAndVars, options, learningRate)
    try {
      this.#update(usual, learningRate)
      this.#finish(usual)
    } finally {
      this.#usualStep.forget()
    }
    return this.iterations
  }

  /** Whether gradients go to the update as they are given, but for what `UsualStep` sees. */
  get #hasUsualSteps(): boolean {
    const { prepareGradients, aggregateGradients } = Optimizer.prototype
    return (
      this.#state.isBuilt &&
      this.#settings.clipping.kind === 'none' &&
      this.#settings.nonFiniteGradients === 'throw' &&
      this.prepareGradients === prepareGradients &&
      this.aggregateGradients === aggregateGradients
    )
  }

  #applyAny(
    gradsAndVars: Iterable<GradientAndVariable>,
    options: ApplyOptions | undefined,
    learningRate: number,
  ): number {
    const { name, skipGradientsAggregation = false } = readOptions('applyGradients', options, [
      'name',
      'skipGradientsAggregation',
    ])
    const pairs = readPairs(gradsAndVars)
    if (pairs.length === 0) return this.iterations
    const variables = this.#resolve(pairs)
    const [present, missing] = this.#present(pairs, variables)
    this.#warnOf(missing)
    const isFirst = !this.#state.isBuilt
    if (isFirst) this.#build(variables, name === undefined ? this.name : string(name, 'name'))
    let ready: readonly ReadyPair[] | undefined
    try {
      ready = this.prepareGradients(present, boolean(skipGradientsAggregation, 'skipGradientsAggregation'))
      if (ready !== undefined) this.#update(ready, learningRate)
    } catch (error) {
      // What the slots would start from may be what was wrong.
      if (isFirst) this.#state.unbuild()
      throw error
    }
    if (ready === undefined) this.#skippedSteps++
    else this.#finish(ready)
    return this.iterations
  }

  /** What follows when a step has been taken. */
  #finish(ready: readonly ReadyPair[]): void {
    this.#state.iteration.value[0]++
    this.#average(ready)
    for (const [, variable] of ready) applyConstraint(variable)
  }

  /** Everything of a step that may fail: done whole, or undone. */
  #update(ready: readonly ReadyPair[], learningRate: number): void {
    let undo: Undo | undefined
    this.#stepRate = learningRate
    try {
      if (this.#state.haveGradientsInVariables(ready)) refuseUpdatedGradients(ready)
      const { weightDecay } = this.#settings
      if (weightDecay !== null) {
        undo = new Undo()
        this.#decay(ready, weightDecay, learningRate, undo)
      }
      // An average takes in every row.
      if (this.#settings.useEma) for (const [, variable] of ready) requireFiniteVariable(variable)
      this.decide(ready)
      if (!this.updatesCannotFail) {
        undo ??= new Undo()
        this.#state.remember(ready, undo)
      }
      for (const [gradient, variable] of ready) this.updateStep(gradient, variable)
    } catch (error) {
      undo?.restore()
      throw error
    } finally {
      this.#stepRate = undefined
      this.forget()
    }
  }

  #decay(ready: readonly ReadyPair[], weightDecay: number, learningRate: number, undo: Undo): void {
    for (const [, variable] of ready) {
      if (!this.#decays(variable)) continue
      undo.remember(variable.value)
      decay(variable, weightDecay, learningRate)
    }
  }

  #decays(variable: Variable): boolean {
    const { weightDecay } = this.#settings
    return weightDecay !== null && weightDecay > 0 && !this.#isExcluded(variable)
  }

  /** The pairs as `updateStep` would get them; none where the step would be skipped. Reads only, builds nothing. */
  protected preview(gradsAndVars: Iterable<GradientAndVariable>): readonly ReadyPair[] {
    const pairs = readPairs(gradsAndVars)
    if (pairs.length === 0) return []
    const [present] = this.#present(pairs, this.#resolve(pairs))
    const ready = this.prepareGradients(present, false) ?? []
    refuseUpdatedGradients(ready)
    return ready
  }

  /** A variable's value as the update would find it: a decayed copy, or the value itself where nothing decays. */
  protected decayed(variable: Variable): FloatArray {
    if (!this.#decays(variable)) return variable.value
    const copy = new Variable(variable.value.slice(), { name: variable.name })
    decay(copy, this.#settings.weightDecay ?? 0, this.learningRate)
    return copy.value
  }

  /** The Variables of the pairs; throws where one is unknown or named twice. Builds nothing. */
  #resolve(pairs: readonly GradientAndVariable[]): Variable[] {
    const given = pairs.map(([, variable]) => variable)
    refuseRepeated(given)
    return this.#state.isBuilt ? given.map((variable) => this.#state.trained(variable)) : asVariables(given)
  }

  /** The pairs that have a gradient, checked to fit, and the names of the others. Throws RangeError where none has. */
  #present(
    pairs: readonly GradientAndVariable[],
    variables: readonly Variable[],
  ): [[Gradient | PerReplica, Variable][], string] {
    const present: [Gradient | PerReplica, Variable][] = []
    const missing: string[] = []
    pairs.forEach(([gradient], k) => {
      if (gradient === null || gradient === undefined) missing.push(variables[k].name)
      else present.push([gradient, variables[k]])
    })
    if (present.length === 0) {
      throw new RangeError(`no gradient was given for any variable: ${missing.join(', ')}; expected at least one`)
    }
    for (const [gradient, variable] of present) {
      if (!(gradient instanceof PerReplica)) requireFit(gradient, variable)
      else for (const one of gradient.values) requireFit(one, variable)
    }
    return [present, missing.join(', ')]
  }

  /** Warns once of variables without a gradient. */
  #warnOf(names: string): void {
    if (names === '' || this.#warnedOf.has(names)) return
    this.#warnedOf.add(names)
    console.warn(`${this.name}: no gradient was given for ${names}; a step leaves them as they are`)
  }

  /**
   * The gradients as `updateStep` will get them: replicas summed, clipped, each row once. Undefined where the step is to
   * be skipped. Changes nothing.
   */
  protected prepareGradients(
    present: readonly (readonly [Gradient | PerReplica, Variable])[],
    skipAggregation: boolean,
  ): ReadyPair[] | undefined {
    const aggregated = this.#aggregated(present, skipAggregation)
    const { clipping, nonFiniteGradients } = this.#settings
    const skips = nonFiniteGradients === 'skip'
    if (skips && aggregated.some(([gradient]) => findNonFinite(gradient) !== undefined)) return undefined
    // A clipped infinity would look finite.
    if (clipping.kind !== 'none')
      for (const [gradient, variable] of aggregated) requireFiniteGradient(gradient, variable)
    const gradients = aggregated.map(([gradient]) => gradient)
    const clipped = clipGradients(gradients, clipping)
    const ready = aggregated.map(([, variable], k): ReadyPair => [withUniqueRows(clipped[k], variable), variable])
    if (skips && ready.some(([gradient]) => findNonFinite(gradient) !== undefined)) return undefined
    return ready
  }

  #aggregated(present: readonly (readonly [Gradient | PerReplica, Variable])[], skip: boolean): ReadyPair[] {
    const pairs = skip ? present : readPairs(this.aggregateGradients(present))
    const variables = pairs.map(([, variable]) => this.#known(variable))
    refuseRepeated(variables)
    return pairs.map(([gradient], k): ReadyPair => {
      const variable = variables[k]
      if (gradient === null || gradient === undefined) {
        throw new Error(`variable '${variable.name}': aggregateGradients returned no gradient; leave its pair out`)
      }
      if (gradient instanceof PerReplica) {
        throw new Error(
          `variable '${variable.name}': nothing has summed the gradients of its replicas; leave skipGradientsAggregation out, or pass their sum`,
        )
      }
      requireFit(gradient, variable)
      return [gradient, variable]
    })
  }

  /** The Variable of a raw array once built; itself for a Variable that is still to be built. */
  #known(variable: Variable | FloatArray): Variable {
    if (this.#state.isBuilt) return this.#state.trained(variable)
    return variable instanceof Variable ? variable : asVariables([variable])[0]
  }

  #average(ready: readonly ReadyPair[]): void {
    const { useEma, emaMomentum, emaOverwriteFrequency } = this.#settings
    if (!useEma) return
    const overwrites = emaOverwriteFrequency !== null && this.iterations % emaOverwriteFrequency === 0
    for (const [, variable] of ready) {
      const average = this.#state.averageOf(variable)
      updateAverage(average.value, variable.value, emaMomentum)
      if (overwrites) variable.value.set(average.value)
    }
  }

  /**
   * Sums what the replicas gave; override it to reduce over workers or machines. Called before anything is written, with
   * the pairs that have a gradient; returns such pairs, without PerReplica.
   */
  aggregateGradients(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
    return readPairs(gradsAndVars).map(([gradient, variable]) =>
      gradient instanceof PerReplica
        ? [sumOfReplicas(gradient, this.#known(variable)), variable]
        : [gradient, variable],
    )
  }

  /**
   * The loss's gradients, paired with `varList`. Leaves the variables as they were. The loss returns `{ value, gradients }`, or a number: then the `tape`
   * differentiates it, or, without one, central differences do (2 calls a coordinate; RangeError above 10,000).
   */
  computeGradients(loss: Loss, varList: readonly (Variable | FloatArray)[], tape?: Tape): GradientAndVariable[] {
    requireVariables(varList)
    const { gradients } = differentiate(loss, asVariables(varList), tape)
    return gradients.map((gradient, k) => [gradient, varList[k]])
  }

  /** `computeGradients`, then `applyGradients`; throws as they do. Returns the loss before the step. */
  minimize(
    loss: Loss,
    varList: readonly (Variable | FloatArray)[],
    options: { readonly tape?: Tape | undefined } = {},
  ): number {
    const { tape } = readOptions('minimize', options, ['tape'])
    requireLoss(loss)
    let value: number | undefined
    const observed: Loss = () => {
      const result = loss()
      // What is neither a number nor an object is for differentiate to refuse.
      value ??= typeof result === 'object' ? result?.value : result
      return result
    }
    const pairs = this.computeGradients(observed, varList, tape as Tape | undefined)
    const before = value ?? observed()
    this.applyGradients(pairs)
    return typeof before === 'number' ? before : before.value
  }

  /**
   * Exempts variables from weight decay, by identity or by name. Replaces earlier exclusions. Error after `build`; TypeError
   * or RangeError for what is no variable or no pattern.
   */
  excludeFromWeightDecay(exclusions: WeightDecayExclusions): void {
    if (this.#state.isBuilt) throw new Error('excludeFromWeightDecay must be called before build, or the first step')
    this.#isExcluded = excludedBy(exclusions)
  }

  /**
   * Overwrites variables with their moving averages, in place, for use after training; nothing without useEma. Error for a
   * variable unknown to `build`.
   */
  finalizeVariableValues(varList: readonly (Variable | FloatArray)[]): void {
    requireVariables(varList)
    if (!this.#settings.useEma) return
    const variables = varList.map((variable) => this.#state.trained(variable))
    for (const variable of variables) variable.value.set(this.#state.averageOf(variable).value)
  }

  /**
   * Replaces the state by `weights`, in the order of `variables`. Error before `build`; RangeError for a wrong count,
   * length or precision, or a value that is not finite. Nothing has changed then.
   */
  setWeights(weights: readonly unknown[]): void {
    this.#requireBuilt('setWeights')
    if (!Array.isArray(weights)) throw new TypeError(`weights is ${describe(weights)}; expected a list of arrays`)
    if (weights.length !== this.variables.length) {
      throw new RangeError(
        `there are ${weights.length} weights; expected ${this.variables.length}, one for each of variables`,
      )
    }
    this.#state.replace(weights)
  }

  /**
   * Writes a copy of each of `variables` into `store`, under '0', '1', … The model's variables are yours to save. TypeError
   * where the store is no object.
   */
  saveOwnVariables(store: Store): void {
    if (typeof store !== 'object' || store === null) {
      throw new TypeError(`the store is ${describe(store)}; expected an object to write to`)
    }
    this.variables.forEach(({ value }, k) => {
      store[k] = value.slice()
    })
  }

  /** Replaces the state by what `saveOwnVariables` wrote, also after JSON or `structuredClone`; throws as `setWeights`. */
  loadOwnVariables(store: Store): void {
    this.#requireBuilt('loadOwnVariables')
    this.#state.replace(storedEntries(store, this.variables.length))
  }

  #requireBuilt(method: string): void {
    if (!this.#state.isBuilt)
      throw new Error(`${method} needs a built optimizer; call build with the model's variables first`)
  }

  /** Every option, as plain JSON data in camelCase. Throws Error where the learning rate is a function. */
  getConfig(): Record<string, unknown> {
    const { name, weightDecay, clipping, useEma, emaMomentum, emaOverwriteFrequency, nonFiniteGradients } =
      this.#settings
    return {
      name,
      learningRate: learningRateConfig(this.#learningRate),
      weightDecay,
      clipnorm: clippingLimit(clipping, 'norm'),
      globalClipnorm: clippingLimit(clipping, 'globalNorm'),
      clipvalue: clippingLimit(clipping, 'value'),
      useEma,
      emaMomentum,
      emaOverwriteFrequency,
      nonFiniteGradients,
    }
  }

  /** The form in which Keras writes an optimizer. Throws Error where the learning rate is a function. */
  toJSON(): SerializedObject {
    const className = classNameOf(this)
    return { module: null, class_name: className, config: kerasConfig(this.getConfig()), registered_name: className }
  }

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
    const Class = this as unknown as { new (options: Record<string, unknown>): Made; readonly className: string }
    plainObject(customObjects, 'customObjects')
    return new Class(optionsFromConfig(config, ownClassName(Class), customObjects))
  }
}

/** A class's own `className`, or its name: an inherited one would bring a subclass back as its base. */
function ownClassName(Class: { readonly className?: string; readonly name?: string }): string {
  const own: unknown = Object.getOwnPropertyDescriptor(Class, 'className')?.value
  return typeof own === 'string' ? own : String(Class.name)
}

export function classNameOf(optimizer: Optimizer): string {
  return ownClassName(optimizer.constructor as { className?: string; name: string })
}

function fillFrom(value: FloatArray, values: ArrayLike<number>): void {
  if (values.length !== value.length) {
    throw new RangeError(`the initializer gave ${values.length} values; expected ${value.length}`)
  }
  value.set(values)
}

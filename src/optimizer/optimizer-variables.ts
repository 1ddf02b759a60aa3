import { integerFrom } from '../shared/check.ts'
import type { FloatArray } from '../step/index.ts'
import { copyInto } from './arrays.ts'
import { Attributes } from './attributes.ts'
import { requireVariables } from './gradients.ts'
import type { OptimizerOptions } from './options.ts'
import { NO_SETTINGS, type VariableSettings } from './overrides.ts'
import { load, replaceValues, type Store, save } from './saved-state.ts'
import { type AddVariableOptions, addSlot, newVariable, type ReferenceVariableOptions } from './slots.ts'
import { asVariables, type Trained } from './trained.ts'
import { Training } from './training.ts'
import { isVariable, type Variable } from './variable.ts'
import { excludedBy, type WeightDecayExclusions } from './weight-decay.ts'

/** The variables of an optimizer, those that it trains and its own: made, added to, saved and loaded. */
export abstract class OptimizerVariables extends Attributes {
  /** For optimizers of this package. @internal */
  protected readonly training: Training
  #isExcluded: (variable: Variable) => boolean = () => false

  constructor(options: Partial<Record<keyof OptimizerOptions, unknown>>, className: string) {
    super(options, className)
    this.training = new Training({
      keepsAverages: () => this.useEma,
      createSlots: (variables) => this.createSlots(variables),
      isExcluded: (variable) => this.#isExcluded(variable),
      settingsFor: (variable) => this.settingsFor(variable),
    })
  }

  /** Whether the variables are known and the slots made. */
  get built(): boolean {
    return this.training.variables !== undefined
  }

  /** The number of steps taken. It can be set before `build`, to count from there. */
  get iterations(): number {
    return this.training.state.iteration.value[0]
  }

  /** A whole number ≥ 0, before `build` only: Error afterwards. */
  set iterations(count: number) {
    this.requireUnbuilt('iterations')
    this.training.state.iteration.value[0] = integerFrom(count, 0, 'iterations')
  }

  /** The state: iteration, averages, then the slots in the order in which they were added. */
  get variables(): readonly Variable[] {
    return this.training.state.variables
  }

  /**
   * Creates the state that each variable needs, by `addVariableFromReference`. Called by `build`, and by `extend` and
   * `rebind` with all variables again: then only the slots that are missing are made. Other state belongs in the
   * constructor.
   */
  protected createSlots(_variables: readonly Variable[]): void {}

  /** What is set for this variable alone. For optimizers of this package. */
  protected settingsFor(_variable: Variable): VariableSettings {
    return NO_SETTINGS
  }

  // The variables to train, and the state that each needs.

  /**
   * Makes the slots of the variables to be trained; the first `applyGradients` does it by itself. Does nothing when
   * called again with variables that are known; Error for others. RangeError for a variable named twice.
   */
  build(varList: readonly (Variable | FloatArray)[]): void {
    requireVariables(varList)
    const strangers = this.training.strangers(varList)
    const known = this.training.variables
    if (known === undefined) this.training.build(strangers, this.name)
    else for (const { variable, place } of strangers.list) known.of(variable, place)
  }

  /** Adds variables after `build`; RangeError for one that is known already. The others and their state stay as they are. */
  extend(varList: readonly (Variable | FloatArray)[]): void {
    requireVariables(varList)
    this.#refuseWithinStep('extend')
    this.training.extend(varList)
  }

  /**
   * Puts a new array in a variable's place, as long as the old one or longer by whole rows: a table that grows. The
   * optimizer's state of the old rows stays, new rows get what `build` would give them; what the array holds is yours to
   * fill before. All or nothing. Another optimizer that trains the variable has to be told too.
   *
   * @param variable - one that `build` knows, as a Variable, or as the raw array that is replaced.
   * @throws Error for an unknown variable or within a step; TypeError for another precision; RangeError for another row
   * width or fewer rows.
   */
  rebind(variable: Variable | FloatArray, value: FloatArray): void {
    requireVariables([variable])
    this.#refuseWithinStep('rebind')
    this.training.rebind(variable, value)
  }

  #refuseWithinStep(method: string): void {
    if (this.stepRate !== undefined) throw new Error(`${method} cannot be called within a step; call it between steps`)
  }

  /** A variable's place in the list given to `build`, those of `extend` after them; throws Error for a stranger. */
  protected indexOf(variable: Variable | FloatArray): number {
    return this.trained(variable).place
  }

  /** What is known of a variable; throws Error before `build`, and for a stranger. For optimizers of this package. @internal */
  protected trained(variable: Variable | FloatArray): Trained {
    const known = this.training.variables
    if (known !== undefined) return known.of(variable)
    const name = isVariable(variable) ? `'${variable.name}'` : 'of a raw array'
    throw new Error(`the optimizer does not know the variable ${name} before build; call build, or take a step`)
  }

  /**
   * Adds a variable of the optimizer's own, saved with the rest of the state.
   *
   * @param shape - extents, whole and ≥ 0, row-major; [] for a single number.
   * @throws TypeError or RangeError for a bad shape or option, or an initializer that gives too many or too few values.
   */
  addVariable(shape: readonly number[], options: AddVariableOptions = {}): Variable {
    const variable = newVariable(shape, options)
    this.training.state.add(variable)
    return variable
  }

  /**
   * Adds a slot of a model variable, named `optimizer/variableName/modelVariable`, of its shape unless told otherwise, and
   * of its precision unless the initial value has another. One of this name that the variable has already is returned as
   * it is.
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
    return addSlot(this.training.state, this.modelVariable(modelVariable), variableName, options)
  }

  /** The slot of this name that a variable has; undefined where there is none. */
  protected slotOf(variable: Variable, variableName: string): Variable | undefined {
    return this.training.state.slot(variable, variableName)
  }

  /** The Variable of a raw array once built; itself for a Variable that is still to be built. */
  protected modelVariable(variable: Variable | FloatArray): Variable {
    return this.training.variables?.of(variable).variable ?? asVariables([variable])[0]
  }

  // Weight decay and averages.

  /**
   * Exempts variables from weight decay, by identity or by name. Replaces earlier exclusions. Error after `build`; TypeError
   * or RangeError for what is no variable or no pattern.
   */
  excludeFromWeightDecay(exclusions: WeightDecayExclusions): void {
    if (this.built) throw new Error('excludeFromWeightDecay must be called before build, or the first step')
    this.#isExcluded = excludedBy(exclusions)
  }

  /**
   * Overwrites variables with their moving averages, in place, for use after training; nothing without useEma. Error for a
   * variable unknown to `build`.
   */
  finalizeVariableValues(varList: readonly (Variable | FloatArray)[]): void {
    requireVariables(varList)
    if (!this.useEma) return
    const { state } = this.training
    const trained = varList.map((variable) => this.trained(variable))
    for (const { value, place } of trained) copyInto(value, state.average(place).value)
  }

  /**
   * Replaces the state by `weights`, in the order of `variables`. Error before `build`; RangeError for a wrong count or
   * length, or a number that the state does not hold exactly. Nothing has changed then.
   */
  setWeights(weights: readonly unknown[]): void {
    this.training.require('setWeights')
    replaceValues(this.variables, weights)
  }

  /**
   * Writes a copy of each of `variables` into `store`, under '0', '1', …, and their `names`. The model's variables are yours
   * to save. TypeError where the store is no object.
   */
  saveOwnVariables(store: Store): void {
    save(this.variables, store)
  }

  /**
   * Replaces the state by what `saveOwnVariables` wrote, also after JSON or `structuredClone`; matched by name, whatever the
   * order of `build` was then. Without `names`, as in Keras's files, it counts in the order of `variables`. Throws as
   * `setWeights`.
   */
  loadOwnVariables(store: Store): void {
    this.training.require('loadOwnVariables')
    load(this.variables, store)
  }
}

import type { FloatArray } from '../step/index.ts'
import { requireFiniteValue } from './gradients.ts'
import type { VariableSettings } from './overrides.ts'
import { type Lists, State } from './state.ts'
import { asVariables, type Trained, TrainedVariables } from './trained.ts'
import { grownShape, isVariable, replaceValue, type Variable } from './variable.ts'

/** What of an optimizer says how its variables are built. */
export interface Builder {
  /** Whether moving averages are kept. */
  keepsAverages(): boolean
  createSlots(variables: readonly Variable[]): void
  isExcluded(variable: Variable): boolean
  settingsFor(variable: Variable): VariableSettings
}

/** The variables that an optimizer trains and its own state for them: made, extended and rebound, all or nothing. */
export class Training {
  readonly state = new State()
  readonly #builder: Builder
  #variables: TrainedVariables | undefined

  constructor(builder: Builder) {
    this.#builder = builder
  }

  /** The variables being trained; undefined until they are built. */
  get variables(): TrainedVariables | undefined {
    return this.#variables
  }

  /** As `variables`; throws Error where they are not built. */
  require(method: string): TrainedVariables {
    if (this.#variables !== undefined) return this.#variables
    throw new Error(`${method} needs a built optimizer; call build with the model's variables first`)
  }

  /** The variables of a list that is not built; throws RangeError where one is in it twice. */
  strangers(varList: readonly (Variable | FloatArray)[], place = 0, rawBefore = 0): TrainedVariables {
    const trained = asVariables(varList, rawBefore).map((variable, k) => ({
      variable,
      value: variable.value,
      isRaw: !isVariable(varList[k]),
      place: place + k,
      spare: [],
      isExcluded: this.#builder.isExcluded(variable),
      settings: this.#builder.settingsFor(variable),
      lastList: 0,
    }))
    return new TrainedVariables(trained)
  }

  /** Makes the averages and slots of these variables. */
  build(variables: TrainedVariables, prefix: string): void {
    this.#add(variables, variables.list, prefix)
  }

  /** Back to before `build`. */
  unbuild(lists: Lists): void {
    this.#variables = undefined
    this.state.restore(lists)
  }

  extend(varList: readonly (Variable | FloatArray)[]): void {
    const { list } = this.require('extend')
    const raw = list.filter(({ isRaw }) => isRaw).length
    const added = this.strangers(varList, list.length, raw).list
    this.#add(new TrainedVariables([...list, ...added]), added, this.state.prefix)
  }

  #add(variables: TrainedVariables, added: readonly Trained[], prefix: string): void {
    const before = this.#variables
    const lists = this.state.lists()
    try {
      this.state.prefix = prefix
      this.#variables = variables
      if (this.#builder.keepsAverages()) {
        for (const { variable } of added) {
          requireFiniteValue(variable.value, variable)
          this.state.addAverage(variable)
        }
      }
      this.#builder.createSlots(variables.list.map(({ variable }) => variable))
    } catch (error) {
      this.#variables = before
      this.state.restore(lists)
      throw error
    }
  }

  rebind(variable: Variable | FloatArray, value: FloatArray): void {
    const known = this.require('rebind')
    // Another optimizer may have given the variable its new array already.
    const trained = known.list.find((one) => one.variable === variable) ?? known.of(variable)
    const model = trained.variable
    const shape = grownShape(model, trained.value, value)
    const { value: valueBefore, shape: shapeBefore } = model
    const lists = this.state.lists()
    const rebound = known.list.map((one) => (one === trained ? { ...one, value, spare: [] } : one))
    try {
      const slots = this.state.detachSlots(trained.value)
      replaceValue(model, value, shape)
      this.#variables = new TrainedVariables(rebound)
      this.#builder.createSlots(rebound.map((one) => one.variable))
      this.state.replaceSlots(model, slots)
      if (this.#builder.keepsAverages()) {
        requireFiniteValue(value, model)
        this.state.replaceAverage(trained.place, model)
      }
    } catch (error) {
      replaceValue(model, valueBefore, shapeBefore)
      this.#variables = known
      this.state.restore(lists)
      throw error
    }
  }
}

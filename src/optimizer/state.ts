import type { FloatArray } from '../step/index.ts'
import { copyOf, dtypeOf, zeros } from './arrays.ts'
import { giveBackCompanion, sizeOf, takeCompanion, Variable } from './variable.ts'

/** A variable of the optimizer's own; a slot belongs to a variable of the model. */
interface Own {
  readonly variable: Variable
  readonly slot?: {
    readonly model: Variable
    /** The model variable's array: a slot may be made before `build`, when a raw array has no Variable yet. */
    readonly array: FloatArray
    readonly kind: string
  }
}

/** A copy of the lists of a state, to go back to. */
export interface Lists {
  readonly prefix: string
  readonly averages: Variable[]
  readonly own: Own[]
}

/** An optimizer's own variables, which are what it saves: iteration, averages, then slots in the order of their making. */
export class State {
  readonly iteration: Variable = new Variable(new Float64Array(1), { name: 'iteration', shape: [] })
  /** What the names of slots begin with. */
  prefix = ''
  #averages: Variable[] = []
  #own: Own[] = []
  /** Those of `#own` that are slots, by array and kind. */
  #slots = new Map<FloatArray, Map<string, Variable>>()

  /** All of it, in the order in which it is saved. */
  get variables(): readonly Variable[] {
    return [this.iteration, ...this.#averages, ...this.#own.map(({ variable }) => variable)]
  }

  /** Adds what belongs to no model variable. */
  add(variable: Variable): void {
    this.#own.push({ variable })
  }

  /** Adds the moving average of a variable, which starts from its value. Averages come in the order of the variables. */
  addAverage(model: Variable): void {
    this.#averages.push(this.#newAverage(model))
  }

  /** The moving average of the variable at a place of `build`'s list. */
  average(place: number): Variable {
    return this.#averages[place]
  }

  /** The slot of this kind that a model variable has; undefined where there is none. */
  slot(model: Variable, kind: string): Variable | undefined {
    return this.#slots.get(model.value)?.get(kind)
  }

  /** All slots of a model variable. */
  slotsOf(model: Variable): Iterable<Variable> {
    return this.#slots.get(model.value)?.values() ?? []
  }

  /** What belongs to no model variable. */
  shared(): readonly Variable[] {
    return this.#own.filter(({ slot }) => slot === undefined).map(({ variable }) => variable)
  }

  /**
   * The slot of this kind of a model variable: zeros, or a copy of `initialValue`. One that is there already is returned as
   * it is: `extend` and `rebind` have the slots of all variables made again, and only the new ones are missing.
   */
  addSlot(model: Variable, kind: string, shape: readonly number[], initialValue: FloatArray | undefined): Variable {
    const size = sizeOf(shape)
    const dtype = dtypeOf(initialValue ?? model.value)
    const found = this.slot(model, kind)
    if (found !== undefined) {
      if (found.size === size && dtypeOf(found.value) === dtype) return found
      throw new RangeError(
        `the slot ${found.name} is there already, with another shape or precision; take another name`,
      )
    }
    const fitsBeside = size === model.size && dtype === dtypeOf(model.value)
    const value = (fitsBeside ? takeCompanion(model) : undefined) ?? zeros(size, dtype)
    if (initialValue !== undefined) value.set(initialValue)
    const slot = { variable: this.#named(model, kind, shape, value), slot: { model, array: model.value, kind } }
    this.#own.push(slot)
    this.#index(slot)
    return slot.variable
  }

  #named(model: Variable, kind: string, shape: readonly number[], value: FloatArray): Variable {
    return new Variable(value, { name: `${this.prefix}/${kind}/${model.name}`, shape })
  }

  #index({ variable, slot }: Own): void {
    if (slot === undefined) return
    const slots = this.#slots.get(slot.array) ?? new Map<string, Variable>()
    this.#slots.set(slot.array, slots.set(slot.kind, variable))
  }

  /** The lists as they are now, for `restore`. */
  lists(): Lists {
    return { prefix: this.prefix, averages: [...this.#averages], own: [...this.#own] }
  }

  /** Back to earlier lists: what was added since is dropped. */
  restore({ prefix, averages, own }: Lists): void {
    const kept = new Set(own)
    for (const added of this.#own) {
      if (added.slot !== undefined && !kept.has(added)) giveBackCompanion(added.slot.model, added.variable.value)
    }
    this.prefix = prefix
    this.#averages = averages
    this.#own = own
    this.#slots.clear()
    for (const one of own) this.#index(one)
  }

  /** Forgets the slots of a variable that gets another array, so that `createSlots` makes them anew. Returns the old ones. */
  detachSlots(value: FloatArray): ReadonlyMap<string, Variable> {
    const slots = this.#slots.get(value) ?? new Map<string, Variable>()
    this.#slots.delete(value)
    return slots
  }

  /** Puts a variable's new slots in the places of its old ones, and copies into each what the old one holds. */
  replaceSlots(model: Variable, old: ReadonlyMap<string, Variable>): void {
    const made = this.#own.filter(({ slot }) => slot?.array === model.value && old.has(slot.kind))
    const own = this.#own.filter((one) => !made.includes(one))
    for (const [kind, before] of old) {
      const after = made.find(({ slot }) => slot?.kind === kind)
      const fits =
        after && after.variable.size >= before.size && dtypeOf(after.variable.value) === dtypeOf(before.value)
      if (!fits) {
        throw new Error(
          `rebind: createSlots has made no '${kind}' for '${model.name}' that can take what the old one holds`,
        )
      }
      after.variable.value.set(before.value)
      own[own.findIndex(({ variable }) => variable === before)] = after
    }
    this.#own = own
  }

  /** Puts an average of a variable's new length in the place of its old one, whose values it takes over. */
  replaceAverage(place: number, model: Variable): void {
    const average = this.#newAverage(model)
    average.value.set(this.#averages[place].value)
    this.#averages[place] = average
  }

  #newAverage(model: Variable): Variable {
    // + 0: an average is never −0.
    const value = copyOf(model.value).map((x) => x + 0)
    return this.#named(model, 'average', model.shape, value)
  }
}

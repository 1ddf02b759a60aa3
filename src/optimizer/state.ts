import type { FloatArray } from '../step/index.ts'
import { dtypeOf, zeros } from './arrays.ts'
import { giveBackCompanion, sizeOf, takeCompanion, Variable } from './variable.ts'

/** The slots of one model variable, by what they are. */
interface Slots {
  readonly model: Variable
  readonly byKind: Map<string, Variable>
}

/** A copy of the lists of a state, to go back to. */
export interface Lists {
  readonly prefix: string
  readonly averages: readonly Variable[]
  readonly own: readonly Variable[]
  readonly slots: ReadonlyMap<FloatArray, Slots>
}

/** An optimizer's own variables, which are what it saves: iteration, averages, then slots in the order of their making. */
export class State {
  readonly iteration: Variable = new Variable(new Float64Array(1), { name: 'iteration', shape: [] })
  /** What the names of slots begin with. */
  prefix = ''
  #averages: Variable[] = []
  #own: Variable[] = []
  /** By the model variable's array: a slot may be made before `build`, when a raw array has no Variable yet. */
  #slots = new Map<FloatArray, Slots>()

  /** All of it, in the order in which it is saved. */
  get variables(): readonly Variable[] {
    return [this.iteration, ...this.#averages, ...this.#own]
  }

  /** Adds what belongs to no model variable. */
  add(variable: Variable): void {
    this.#own.push(variable)
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
  slot(model: Variable | undefined, kind: string): Variable | undefined {
    return model && this.#slots.get(model.value)?.byKind.get(kind)
  }

  /** All slots of a model variable. */
  slotsOf(model: Variable): Iterable<Variable> {
    return this.#slots.get(model.value)?.byKind.values() ?? []
  }

  /** What belongs to no model variable. */
  shared(): readonly Variable[] {
    const slots = new Set([...this.#slots.values()].flatMap(({ byKind }) => [...byKind.values()]))
    return this.#own.filter((own) => !slots.has(own))
  }

  /**
   * The slot of this kind of a model variable: zeros, or a copy of `initialValue`. One that is there already is returned as
   * it is: `extend` and `rebind` have the slots of all variables made again, and only the new ones are missing.
   */
  addSlot(model: Variable, kind: string, shape: readonly number[], initialValue: FloatArray | undefined): Variable {
    const dtype = dtypeOf(initialValue ?? model.value)
    const found = this.slot(model, kind)
    if (found !== undefined) {
      if (found.size === sizeOf(shape) && dtypeOf(found.value) === dtype) return found
      throw new RangeError(
        `the slot ${found.name} is there already, with another shape or precision; take another name`,
      )
    }
    const fitsBeside = sizeOf(shape) === model.size && dtype === dtypeOf(model.value)
    const value = (fitsBeside ? takeCompanion(model) : undefined) ?? zeros(sizeOf(shape), dtype)
    if (initialValue !== undefined) value.set(initialValue)
    const slot = this.#named(model, kind, shape, value)
    this.#own.push(slot)
    const slots = this.#slots.get(model.value)
    if (slots !== undefined) slots.byKind.set(kind, slot)
    else this.#slots.set(model.value, { model, byKind: new Map([[kind, slot]]) })
    return slot
  }

  #named(model: Variable, kind: string, shape: readonly number[], value: FloatArray): Variable {
    return new Variable(value, { name: `${this.prefix}/${kind}/${model.name}`, shape })
  }

  /** The lists as they are now, for `restore`. */
  lists(): Lists {
    const slots = new Map(
      [...this.#slots].map(([value, { model, byKind }]) => [value, { model, byKind: new Map(byKind) }]),
    )
    return { prefix: this.prefix, averages: [...this.#averages], own: [...this.#own], slots }
  }

  /** Back to earlier lists: what was added since is dropped. */
  restore({ prefix, averages, own, slots }: Lists): void {
    const kept = new Set(own)
    for (const { model, byKind } of this.#slots.values()) {
      for (const slot of byKind.values()) if (!kept.has(slot)) giveBackCompanion(model, slot.value)
    }
    this.prefix = prefix
    this.#averages = [...averages]
    this.#own = [...own]
    this.#slots = new Map(slots)
  }

  /** Forgets the slots of a variable that gets another array, so that `createSlots` makes them anew. Returns the old ones. */
  detachSlots(value: FloatArray): ReadonlyMap<string, Variable> {
    const slots = this.#slots.get(value)?.byKind ?? new Map<string, Variable>()
    this.#slots.delete(value)
    return slots
  }

  /** Puts a variable's new slots in the places of its old ones, and copies into each what the old one holds. */
  replaceSlots(model: Variable, old: ReadonlyMap<string, Variable>): void {
    const successors = new Map<Variable, Variable>()
    for (const [kind, before] of old) {
      const after = this.slot(model, kind)
      if (after === undefined || after.size < before.size || dtypeOf(after.value) !== dtypeOf(before.value)) {
        throw new Error(
          `rebind: createSlots has made no '${kind}' for '${model.name}' that can take what the old one holds`,
        )
      }
      successors.set(before, after)
    }
    const made = new Set(successors.values())
    this.#own = this.#own.filter((own) => !made.has(own)).map((own) => successors.get(own) ?? own)
    for (const [before, after] of successors) after.value.set(before.value)
  }

  /** Puts an average of a variable's new length in the place of its old one, whose values it takes over. */
  replaceAverage(place: number, model: Variable): void {
    const average = this.#newAverage(model)
    average.value.set(this.#averages[place].value)
    this.#averages[place] = average
  }

  #newAverage(model: Variable): Variable {
    const average = this.#named(model, 'average', model.shape, zeros(model.size, dtypeOf(model.value)))
    // + 0: an average is never −0.
    for (let i = 0; i < model.size; i++) average.value[i] = model.value[i] + 0
    return average
  }
}

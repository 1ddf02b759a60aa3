import { integerFrom } from '../shared/check.ts'
import { type FloatArray, isSparse, overlap, valuesOf, widthOf } from '../step/old/index.ts'
import type { ReadyPair } from './gradients.ts'
import { savedValues } from './saved-state.ts'
import type { Undo } from './undo.ts'
import { dtypeOf, sizeOf, takeCompanion, Variable, zeros } from './variable.ts'

/** The variables of an optimizer: those it trains, and its own (iteration, averages, slots), which are its state. */
export class OptimizerState {
  readonly iteration = new Variable(new Float64Array(1), { name: 'iteration', shape: [] })
  /** Whether the trained variables are known and their slots made. */
  isBuilt = false
  #prefix: string
  #trained: readonly Variable[] = []
  readonly #places = new Map<FloatArray, number>()
  readonly #byBuffer = new Map<ArrayBufferLike, Variable[]>()
  #averages: readonly Variable[] = []
  #own: Variable[] = []
  #ownBefore: Variable[] = []
  /** By the model variable's array: before build a raw array has no Variable yet. */
  readonly #slots = new Map<FloatArray, Variable[]>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** All state, in the order in which it is saved. */
  get variables(): readonly Variable[] {
    return [this.iteration, ...this.#averages, ...this.#own]
  }

  /** Takes note of the variables to train and makes their slots; as it was before where `createSlots` throws. */
  build(variables: readonly Variable[], prefix: string, averages: boolean, createSlots: () => void): void {
    refuseShared(variables)
    this.#ownBefore = this.#own.slice()
    this.#prefix = prefix
    this.#trained = variables
    variables.forEach((variable, place) => {
      const { value } = variable
      this.#places.set(value, place)
      this.#byBuffer.set(value.buffer, [...(this.#byBuffer.get(value.buffer) ?? []), variable])
    })
    try {
      // + 0 as in updateAverage.
      const average = (variable: Variable) =>
        this.#makeSlot(
          variable,
          'average',
          variable.shape,
          variable.value.map((w) => w + 0),
        )
      this.#averages = averages ? variables.map(average) : []
      createSlots()
      this.isBuilt = true
    } catch (error) {
      this.unbuild()
      throw error
    }
  }

  /** Back to before `build`: for a first step that is refused. */
  unbuild(): void {
    this.isBuilt = false
    this.#places.clear()
    this.#byBuffer.clear()
    this.#slots.clear()
    this.#trained = []
    this.#averages = []
    this.#own = this.#ownBefore
  }

  /** A variable's place in the list given to `build`; throws Error for one that was not in it. */
  placeOf(variable: Variable | FloatArray): number {
    const place = this.#places.get(arrayOf(variable))
    if (place !== undefined) return place
    const name = variable instanceof Variable ? `'${variable.name}'` : 'a raw array'
    throw new Error(
      `the optimizer does not know the variable ${name}; call build with all variables before the first step`,
    )
  }

  /** Whether any gradient lies in a trained variable. */
  haveGradientsInVariables(pairs: readonly ReadyPair[]): boolean {
    for (const [gradient] of pairs) {
      const values = valuesOf(gradient)
      const near = this.#byBuffer.get(values.buffer)
      if (near === undefined) continue
      for (const { value } of near) if (overlap(value, values)) return true
    }
    return false
  }

  /** As `placeOf`; undefined for one that was not in it. */
  findPlace(array: unknown): number | undefined {
    return this.#places.get(array as FloatArray)
  }

  /** The trained Variable at a place. */
  at(place: number): Variable {
    return this.#trained[place]
  }

  /** The trained Variable that a caller means, by itself or by its array; throws Error for an unknown one. */
  trained(variable: Variable | FloatArray): Variable {
    return this.#trained[this.placeOf(variable)]
  }

  averageOf(variable: Variable): Variable {
    return this.#averages[this.placeOf(variable)]
  }

  /** Adds state that belongs to no variable. */
  add(variable: Variable): void {
    this.#own.push(variable)
  }

  /** Adds state that belongs to a variable: zeros, or a copy of `initialValue`. */
  addSlot(model: Variable, kind: string, shape: readonly number[], initialValue: FloatArray | undefined): Variable {
    const slot = this.#makeSlot(model, kind, shape, initialValue, sizeOf(shape) === model.size)
    this.#own.push(slot)
    this.#slots.set(model.value, [...(this.#slots.get(model.value) ?? []), slot])
    return slot
  }

  #makeSlot(
    model: Variable,
    kind: string,
    shape: readonly number[],
    initialValue: FloatArray | undefined,
    besideModel = false,
  ): Variable {
    const dtype = dtypeOf(initialValue ?? model.value)
    const companion = besideModel && dtype === dtypeOf(model.value) ? takeCompanion(model) : undefined
    const value = companion ?? zeros(sizeOf(shape), dtype)
    if (initialValue !== undefined) value.set(initialValue)
    return new Variable(value, { name: `${this.#prefix}/${kind}/${model.name}`, shape })
  }

  /** Copies what an update may write: the rows its gradient names, in the variable and its slots, and shared state. */
  remember(pairs: readonly ReadyPair[], undo: Undo): void {
    for (const [gradient, variable] of pairs) {
      const part = isSparse(gradient) ? { rows: gradient.indices, width: widthOf(gradient) } : undefined
      undo.remember(variable.value, part)
      for (const slot of this.#slots.get(variable.value) ?? []) {
        undo.remember(slot.value, slot.size === variable.size ? part : undefined)
      }
    }
    const slots = new Set([...this.#slots.values()].flat())
    for (const own of this.#own) if (!slots.has(own)) undo.remember(own.value)
  }

  /** Replaces all state by saved arrays, one for each of `variables`; throws before anything has changed. */
  replace(saved: readonly unknown[]): void {
    const { variables } = this
    const values = variables.map((variable, k) => savedValues(saved[k], variable))
    integerFrom(values[0][0], 0, 'the saved iteration')
    values.forEach((value, k) => {
      variables[k].value.set(value)
    })
  }
}

/** Variables as they are; raw arrays as Variables named Variable, Variable_1, … Throws RangeError for a repeated one. */
export function asVariables(list: readonly (Variable | FloatArray)[]): Variable[] {
  refuseRepeated(list)
  let raw = 0
  return list.map((variable) => {
    if (variable instanceof Variable) return variable
    const name = raw === 0 ? 'Variable' : `Variable_${raw}`
    raw++
    return new Variable(variable, { name })
  })
}

/** Throws RangeError where a variable is in the list twice, as itself or as its array. */
export function refuseRepeated(list: readonly (Variable | FloatArray)[]): void {
  const seen = new Set<FloatArray>()
  list.forEach((variable, place) => {
    if (seen.has(arrayOf(variable))) {
      const name = variable instanceof Variable ? ` '${variable.name}'` : ''
      throw new RangeError(`the variable${name} at place ${place} is in the list twice; expected each once`)
    }
    seen.add(arrayOf(variable))
  })
}

/** Throws RangeError where two variables are views of the same memory: each would undo the other's step. */
function refuseShared(variables: readonly Variable[]): void {
  const ordered = [...variables].sort((one, other) => one.value.byteOffset - other.value.byteOffset)
  const last = new Map<ArrayBufferLike, Variable>()
  for (const variable of ordered) {
    const { buffer, byteOffset, byteLength } = variable.value
    const before = last.get(buffer)
    if (before !== undefined && byteOffset < before.value.byteOffset + before.value.byteLength && byteLength > 0) {
      throw new RangeError(
        `the variables '${before.name}' and '${variable.name}' share memory, so one of them is in the list twice`,
      )
    }
    if (byteLength > 0) last.set(buffer, variable)
  }
}

function arrayOf(variable: Variable | FloatArray): FloatArray {
  return variable instanceof Variable ? variable.value : variable
}

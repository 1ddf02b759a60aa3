import type { FloatArray } from '../step/index.ts'
import { MemoryMap } from './memory.ts'
import type { VariableSettings } from './overrides.ts'
import { arrayOf, isVariable, Variable } from './variable.ts'

/** One variable that an optimizer trains. */
export interface Trained {
  readonly variable: Variable
  /** Its array as this optimizer knows it; another optimizer may have given the variable another one. */
  readonly value: FloatArray
  /** Given as a raw array, which the optimizer has named. */
  readonly isRaw: boolean
  /** In the list given to `build`, those added by `extend` after them. */
  readonly place: number
  /** What the option `overrides` says of this variable. */
  readonly settings: VariableSettings
  /** Arrays of its length that no step is using; see `Room`. */
  readonly spare: FloatArray[]
  /** Exempt from weight decay. */
  readonly isExcluded: boolean
  /** The list that it was last met in, by number. */
  lastList: number
}

/** How many lists of pairs have been looked through. */
let lists = 0

/** A number for a list to leave in all that is in it, so as to tell what is in it twice. */
export function numberOfList(): number {
  return ++lists
}

/** The variables that an optimizer trains, found by their arrays. Never changes: `extend` and `rebind` make another. */
export class TrainedVariables {
  readonly list: readonly Trained[]
  readonly #byArray = new Map<FloatArray, Trained>()
  readonly #memory: MemoryMap<Trained>

  /** Throws RangeError where a variable is in the list twice, or two are views of the same memory. */
  constructor(list: readonly Trained[]) {
    this.list = list
    refuseRepeated(list.map(({ variable }) => variable))
    for (const trained of list) this.#byArray.set(trained.value, trained)
    // Each would undo the other's step.
    this.#memory = new MemoryMap(list, (one, other) => {
      throw new RangeError(
        `the variables '${one.variable.name}' and '${other.variable.name}' share memory, so one of them is in the list twice`,
      )
    })
  }

  /** What is known of a variable, found by itself or by its array; undefined for a stranger. */
  find(variable: Variable | FloatArray): Trained | undefined {
    return this.#byArray.get(arrayOf(variable))
  }

  /** As `find`; throws Error for a stranger. `place` is where it stands in the caller's list. */
  of(variable: Variable | FloatArray, place?: number): Trained {
    return this.find(variable) ?? this.#refuse(variable, place === undefined ? '' : ` at place ${place} of the list`)
  }

  #refuse(variable: Variable | FloatArray, where: string): never {
    if (isVariable(variable)) {
      throw new Error(
        `the optimizer does not know the variable '${variable.name}'${where}; call build with all variables before the first step, or extend`,
      )
    }
    const near = this.#memory.overlapping(variable)[0]
    const hint =
      near === undefined
        ? 'a raw array is known by itself, not by its values: change it in place (w = w.map(…) makes another)'
        : `it is a new view of the memory of '${near.variable.name}'; pass the array that build was given`
    throw new Error(
      `the optimizer does not know the raw array of length ${variable.length}${where}: ${hint}; pairs are [gradient, variable]`,
    )
  }

  /** The trained variables in whose memory an array lies. */
  overlapping(array: ArrayBufferView): readonly Trained[] {
    return this.#memory.overlapping(array)
  }
}

/** Variables as they are; raw arrays as Variables named Variable, Variable_1, …, counted on from `rawBefore`. */
export function asVariables(list: readonly (Variable | FloatArray)[], rawBefore = 0): Variable[] {
  let raw = rawBefore
  return list.map((given) => {
    if (isVariable(given)) return given
    const name = raw === 0 ? 'Variable' : `Variable_${raw}`
    raw++
    return new Variable(given, { name })
  })
}

/** Throws RangeError where a variable is in the list twice, as itself or as its array. */
export function refuseRepeated(variables: readonly (Variable | FloatArray)[]): void {
  const met = new Set<FloatArray>()
  variables.forEach((variable, place) => {
    const array = arrayOf(variable)
    if (met.has(array)) {
      const name = isVariable(variable) ? ` '${variable.name}'` : ''
      throw new RangeError(`the variable${name} at place ${place} is in the list twice; expected each once`)
    }
    met.add(array)
  })
}

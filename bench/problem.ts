import { seededRandom } from '../examples/adult/random.ts'

/** What is stepped: a whole variable, or some rows of a table. */
export type ProblemSpec =
  | { readonly kind: 'dense'; readonly length: number }
  | {
      readonly kind: 'sparse'
      /** Entries of the gradient; every fourth repeats an earlier row. */
      readonly entries: number
      readonly tableRows: number
      /** Rows are drawn from the first so many. */
      readonly reach: number
    }

/** The values that every contender starts from, the same in every process. */
export interface Problem {
  readonly spec: ProblemSpec
  readonly variable: Float32Array
  readonly accumulator: Float32Array
  /** Of the whole variable, or of the rows named by `indices`. */
  readonly gradient: Float32Array
  /** Undefined for a dense problem. */
  readonly indices: Int32Array | undefined
}

/** The width of a table's rows. */
export const ROW_WIDTH = 16
export const INITIAL_ACCUMULATOR = 0.1

/** The options of every step: the defaults, but for a learning rate that makes clipping necessary. */
export interface Settings {
  readonly learningRate: number
  readonly variableRelativeThreshold: number
  readonly accumulatorRelativeThreshold: number
  readonly absoluteThreshold: number
  readonly epsilon: number
}

export const SETTINGS: Settings = {
  learningRate: 0.5,
  variableRelativeThreshold: 0.1,
  accumulatorRelativeThreshold: 0,
  absoluteThreshold: 1e-7,
  epsilon: 1e-7,
}

/** Coordinates that a step of the problem works on, repeats counted once for each entry. */
export function sizeOf(spec: ProblemSpec): number {
  return spec.kind === 'dense' ? spec.length : spec.entries * ROW_WIDTH
}

export function makeProblem(spec: ProblemSpec): Problem {
  const random = seededRandom(1)
  const length = spec.kind === 'dense' ? spec.length : spec.tableRows * ROW_WIDTH
  const variable = symmetric(length, 1, random)
  const accumulator = new Float32Array(length).fill(INITIAL_ACCUMULATOR)
  const gradient = symmetric(sizeOf(spec), 0.1, random)
  return { spec, variable, accumulator, gradient, indices: spec.kind === 'dense' ? undefined : drawRows(spec, random) }
}

/** Numbers between −limit and limit. */
function symmetric(length: number, limit: number, random: () => number): Float32Array {
  const values = new Float32Array(length)
  for (let i = 0; i < length; i++) values[i] = (2 * random() - 1) * limit
  return values
}

function drawRows({ entries, reach }: { entries: number; reach: number }, random: () => number): Int32Array {
  const indices = new Int32Array(entries)
  for (let k = 0; k < entries; k++) {
    indices[k] = k % 4 === 3 ? indices[Math.floor(random() * k)] : Math.floor(random() * reach)
  }
  return indices
}

/** The coordinates that a step moves: all of them (undefined), or those of the distinct rows in order of appearance. */
export function touchedCoordinates({ indices }: Problem): Int32Array | undefined {
  if (indices === undefined) return undefined
  const rows = [...new Set(indices)]
  return Int32Array.from({ length: rows.length * ROW_WIDTH }, (_, j) => {
    return rows[Math.floor(j / ROW_WIDTH)] * ROW_WIDTH + (j % ROW_WIDTH)
  })
}

/** Copies what a step moves from one array of the variable's length to another. */
export function copyTouched(
  touched: Int32Array | undefined,
  from: ArrayLike<number>,
  to: { [i: number]: number },
): void {
  if (touched === undefined) {
    for (let i = 0; i < from.length; i++) to[i] = from[i]
  } else {
    for (let j = 0; j < touched.length; j++) to[touched[j]] = from[touched[j]]
  }
}

/** What the problem is called in a table. */
export function labelOf(spec: ProblemSpec): string {
  const count = (value: number) => value.toLocaleString('en')
  return spec.kind === 'dense' ? count(spec.length) : `${count(spec.entries)} of ${count(spec.tableRows)} rows`
}

import { type Problem, ROW_WIDTH, SETTINGS, type Settings } from '../problem.ts'
import type { Contender, Prepared } from './contender.ts'

/** How far each coordinate may move, as a share of how far it would: the smallest of these and 1 is the factor. */
function room(w: number, change: number, { variableRelativeThreshold, absoluteThreshold }: Settings): number {
  return change === 0 ? 1 : (variableRelativeThreshold * Math.abs(w) + absoluteThreshold) / Math.abs(change)
}

/** The step in the style of array methods, with new arrays at every turn. */
export function arraysStep(
  { variable, accumulator }: { variable: number[]; accumulator: number[] },
  gradient: readonly number[],
  settings: Settings,
): { variable: number[]; accumulator: number[] } {
  const { learningRate, epsilon } = settings
  const changes = gradient.map((g, i) => (learningRate * g) / Math.sqrt(accumulator[i] + epsilon))
  const factor = changes.reduce((least, change, i) => Math.min(least, room(variable[i], change, settings)), 1)
  return {
    variable: variable.map((w, i) => w - factor * changes[i]),
    accumulator: accumulator.map((a, i) => a + gradient[i] ** 2),
  }
}

/** The same for a table that is an array of rows; the rows that are not named stay the same arrays. */
export function arraysSparseStep(
  { variable, accumulator }: { variable: number[][]; accumulator: number[][] },
  indices: readonly number[],
  values: readonly (readonly number[])[],
  settings: Settings,
): void {
  const { learningRate, epsilon } = settings
  const sums = indices.reduce((rows, row, k) => {
    const sum = rows.get(row)
    return rows.set(row, sum === undefined ? values[k] : sum.map((s, c) => s + values[k][c]))
  }, new Map<number, readonly number[]>())
  const changes = [...sums].map(([row, sum]) =>
    sum.map((g, c) => (learningRate * g) / Math.sqrt(accumulator[row][c] + epsilon)),
  )
  const rows = [...sums.keys()]
  const factor = changes
    .flatMap((change, k) => change.map((d, c) => room(variable[rows[k]][c], d, settings)))
    .reduce((least, one) => Math.min(least, one), 1)
  rows.forEach((row, k) => {
    const sum = sums.get(row) ?? []
    variable[row] = variable[row].map((w, c) => w - factor * changes[k][c])
    accumulator[row] = accumulator[row].map((a, c) => a + sum[c] ** 2)
  })
}

/** What a user would write without a library and with an eye to brevity. */
export const arrayMethods: Contender = {
  name: 'array methods',
  formula: 'Clippy',
  settings: SETTINGS,
  prepare(problem) {
    return problem.indices === undefined ? prepareDense(problem) : prepareSparse(problem, problem.indices)
  },
}

function prepareDense(problem: Problem): Prepared {
  const gradient = Array.from(problem.gradient)
  const start = () => ({ variable: Array.from(problem.variable), accumulator: Array.from(problem.accumulator) })
  let state = start()
  return {
    step() {
      state = arraysStep(state, gradient, SETTINGS)
    },
    reset() {
      state = start()
    },
    read: () => state,
  }
}

function prepareSparse(problem: Problem, given: Int32Array): Prepared {
  const indices = Array.from(given)
  const values = rowsOf(problem.gradient)
  const state = { variable: rowsOf(problem.variable), accumulator: rowsOf(problem.accumulator) }
  return {
    step: () => arraysSparseStep(state, indices, values, SETTINGS),
    reset() {
      for (const row of indices) {
        state.variable[row] = rowAt(problem.variable, row)
        state.accumulator[row] = rowAt(problem.accumulator, row)
      }
    },
    read: () => ({ variable: flat(state.variable), accumulator: flat(state.accumulator) }),
  }
}

function rowAt(array: Float32Array, row: number): number[] {
  return Array.from(array.subarray(row * ROW_WIDTH, (row + 1) * ROW_WIDTH))
}

function rowsOf(array: Float32Array): number[][] {
  return Array.from({ length: array.length / ROW_WIDTH }, (_, row) => rowAt(array, row))
}

function flat(rows: readonly (readonly number[])[]): Float64Array {
  const values = new Float64Array(rows.length * ROW_WIDTH)
  rows.forEach((row, k) => {
    values.set(row, k * ROW_WIDTH)
  })
  return values
}

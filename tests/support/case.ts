import type { StepCase } from '../../src/testing/index.ts'
import { modes, type StepCaseOptions } from '../../src/testing/settings.ts'
import { arrayOf, type FloatArray, type Precision, precisionOf } from './precision.ts'

export { modes }

/** Every option of the step functions, given in full so that no test leans on a default. */
export type Options = StepCaseOptions

/** The defaults of the design's table. */
export const defaults: Options = {
  learningRate: 0.001,
  epsilon: 1e-7,
  variableRelativeThreshold: 0.1,
  accumulatorRelativeThreshold: 0,
  absoluteThreshold: 1e-7,
  clipAccumulatorUpdate: false,
  useStandardAccumulatorUpdate: false,
}

/** The input of one step. */
export type Case = StepCase

export function caseOf(
  precision: Precision,
  values: { variable: readonly number[]; accumulator: readonly number[]; gradient: readonly number[] },
  options: Partial<Options> = {},
): Case {
  return {
    variable: arrayOf(precision, values.variable),
    accumulator: arrayOf(precision, values.accumulator),
    gradient: arrayOf(precision, values.gradient),
    options: { ...defaults, ...options },
  }
}

/** A copy in buffers of its own, so that a step may write to it. */
export function copyOf(original: Case): Case {
  const { variable, accumulator, gradient, options } = original
  return { variable: variable.slice(), accumulator: accumulator.slice(), gradient: gradient.slice(), options }
}

/** The case with its options changed, in buffers of its own. */
export function withOptions(original: Case, options: Partial<Options>): Case {
  return { ...copyOf(original), options: { ...original.options, ...options } }
}

/** Coordinates `start` to `end` of the case, as views on the same buffers. */
export function shardOf(whole: Case, start: number, end: number): Case {
  return {
    variable: whole.variable.subarray(start, end),
    accumulator: whole.accumulator.subarray(start, end),
    gradient: whole.gradient.subarray(start, end),
    options: whole.options,
  }
}

/** The case as text that can be pasted into a test: shortest decimals that read back as the same bits. */
export function describeCase({ variable, accumulator, gradient, options }: Case): string {
  const list = (array: FloatArray) => `[${Array.from(array, (x) => (Object.is(x, -0) ? '-0' : String(x))).join(', ')}]`
  const set = Object.entries(options).map(([name, value]) => `${name}: ${value}`)
  return `caseOf('${precisionOf(variable)}', { variable: ${list(variable)}, accumulator: ${list(accumulator)}, gradient: ${list(gradient)} }, { ${set.join(', ')} })`
}

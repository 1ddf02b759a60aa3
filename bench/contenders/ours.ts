import {
  allocate,
  ClippyAdagrad,
  type ClippyAdagradOptions,
  type FloatArray,
  type Gradient,
  step,
  Variable,
} from 'clippy-adagrad'
import { INITIAL_ACCUMULATOR, type Problem, ROW_WIDTH, SETTINGS, type Settings } from '../problem.ts'
import { type Arrays, gradientsOf, onArrays, ordinary } from './arrays.ts'
import type { Contender } from './contender.ts'

/** How the tables call this package's contenders. */
export const OURS = {
  ordinary: 'step, ordinary arrays',
  inPlace: 'step, in place',
  scalar: 'step, without WebAssembly',
} as const

type Precision = typeof Float32Array | typeof Float64Array

/** `step` on ordinary arrays. */
export function ordinaryStep(
  problem: Problem,
  { name = OURS.ordinary, precision = Float32Array, settings = SETTINGS }: StepOptions = {},
): Contender {
  const arrays: Arrays = ordinary<FloatArray>(problem, precision)
  return stepOn(name, problem, arrays, gradientsOf<FloatArray>(problem, precision), settings)
}

interface StepOptions {
  readonly name?: string
  readonly precision?: Precision
  readonly settings?: Settings
}

/** `step` where the SIMD kernel works in place. A sparse gradient stays outside, as long as its rows are few. */
export function inPlaceStep(problem: Problem, precision: Precision = Float32Array): Contender {
  const memory = allocate(problem.variable.length, {
    precision: precision === Float32Array ? 'float32' : 'float64',
  })
  memory.variable.set(problem.variable)
  memory.accumulator.set(problem.accumulator)
  memory.gradient.set(problem.spec.kind === 'dense' ? problem.gradient : [])
  const gradients = problem.spec.kind === 'dense' ? [memory.gradient] : gradientsOf<FloatArray>(problem, precision)
  return stepOn(OURS.inPlace, problem, memory, gradients, SETTINGS)
}

function stepOn(
  name: string,
  problem: Problem,
  arrays: Arrays,
  gradients: readonly Gradient[],
  settings: Settings,
): Contender {
  const { variable, accumulator } = arrays
  return onArrays(name, problem, arrays, gradients, (gradient) => {
    step(variable, accumulator, gradient, settings)
  })
}

/** The Optimizer of a problem's one variable, ready to step. */
export function optimizerOf(variable: Variable, options: ClippyAdagradOptions = {}): ClippyAdagrad {
  const optimizer = new ClippyAdagrad({ ...SETTINGS, initialAccumulatorValue: INITIAL_ACCUMULATOR, ...options })
  optimizer.build([variable])
  return optimizer
}

/** `applyGradients` on an ordinary array. */
export function optimizerStep(name: string, problem: Problem, options: ClippyAdagradOptions = {}): Contender {
  const variable = new Variable(problem.variable.slice(), { shape: shapeOf(problem) })
  return optimizerOn(name, problem, variable, options)
}

/** `applyGradients` on a Variable with memory of its own. A dense gradient is filled in where it offers room for it. */
export function ownMemoryStep(name: string, problem: Problem): Contender {
  const variable = new Variable(0, { shape: shapeOf(problem) })
  variable.value.set(problem.variable)
  return optimizerOn(name, problem, variable, {})
}

function optimizerOn(name: string, problem: Problem, variable: Variable, options: ClippyAdagradOptions): Contender {
  const optimizer = optimizerOf(variable, options)
  let gradients: Gradient[] = gradientsOf(problem, Float32Array)
  if (problem.spec.kind === 'dense') {
    variable.gradient.set(problem.gradient)
    gradients = [variable.gradient]
  }
  const pairs = gradients.map((gradient) => [[gradient, variable]] as const)
  const arrays = { variable: variable.value, accumulator: accumulatorOf(optimizer) }
  return onArrays(name, problem, arrays, pairs, (given) => void optimizer.applyGradients(given))
}

/** Of an optimizer with one variable. */
export function accumulatorOf({ variables }: ClippyAdagrad): FloatArray {
  const found = variables.find(({ name }) => /accumulator/i.test(name))
  if (found === undefined) throw new Error(`no accumulator among ${variables.map(({ name }) => name).join(', ')}`)
  return found.value
}

function shapeOf({ spec, variable }: Problem): number[] {
  return spec.kind === 'dense' ? [variable.length] : [variable.length / ROW_WIDTH, ROW_WIDTH]
}

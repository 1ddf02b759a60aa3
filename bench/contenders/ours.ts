import { allocate, ClippyAdagrad, type FloatArray, type Gradient, step, Variable } from 'clippy-adagrad'
import { INITIAL_ACCUMULATOR, type Problem, ROW_WIDTH, SETTINGS, type Settings } from '../problem.ts'
import { inPlaceState } from './array-state.ts'
import type { Contender } from './contender.ts'
import { OURS } from './names.ts'

/** The arrays that a way of holding a variable gives. */
interface Arrays {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly gradient: FloatArray
}

type Hold = (problem: Problem) => Arrays

const holdOrdinary: Hold = ({ variable, accumulator, gradient }) => ({
  variable: variable.slice(),
  accumulator: accumulator.slice(),
  gradient: gradient.slice(),
})

/** Memory that the SIMD kernel works on in place. A sparse gradient stays outside, as long as its rows are few. */
function holdInPlace(precision: 'float32' | 'float64'): Hold {
  return (problem) => {
    const arrays = allocate(problem.variable.length, { precision })
    arrays.variable.set(problem.variable)
    arrays.accumulator.set(problem.accumulator)
    if (problem.indices !== undefined) {
      const gradient = precision === 'float32' ? problem.gradient.slice() : new Float64Array(problem.gradient)
      return { ...arrays, gradient }
    }
    arrays.gradient.set(problem.gradient)
    return arrays
  }
}

/** `step` on its own. */
function stepContender(name: string, hold: Hold, more: Partial<Contender> = {}): Contender {
  const settings = more.settings ?? SETTINGS
  return {
    name,
    formula: 'Clippy',
    settings,
    ...more,
    prepare(problem) {
      const arrays = hold(problem)
      const gradient = gradientOf(problem, arrays.gradient)
      const { variable, accumulator } = arrays
      return {
        step: () => step(variable, accumulator, gradient, settings),
        ...inPlaceState(problem, variable, accumulator),
      }
    },
  }
}

function gradientOf({ indices }: Problem, values: FloatArray): Gradient {
  return indices === undefined ? values : { indices: indices.slice(), values }
}

/** The Optimizer. A dense gradient is filled in where the Variable offers room for it, as a training loop would. */
function optimizerContender(name: string, makeVariable: (problem: Problem) => Variable): Contender {
  return {
    name,
    formula: 'Clippy',
    settings: SETTINGS,
    sameBits: 'float32',
    prepare(problem) {
      const variable = makeVariable(problem)
      const optimizer = new ClippyAdagrad({ ...SETTINGS, initialAccumulatorValue: INITIAL_ACCUMULATOR })
      optimizer.build([variable])
      if (problem.indices === undefined) variable.gradient.set(problem.gradient)
      const gradient = problem.indices === undefined ? variable.gradient : gradientOf(problem, problem.gradient.slice())
      const pairs = [[gradient, variable]] as const
      const accumulator = optimizer.variables[1].value
      return { step: () => optimizer.applyGradients(pairs), ...inPlaceState(problem, variable.value, accumulator) }
    },
  }
}

function shapeOf({ variable, indices }: Problem): number[] {
  return indices === undefined ? [variable.length] : [variable.length / ROW_WIDTH, ROW_WIDTH]
}

const withAccumulatorThreshold: Settings = { ...SETTINGS, accumulatorRelativeThreshold: 1e-4 }

/** To be run where there is no WebAssembly. */
export const scalarContenders: readonly Contender[] = [
  stepContender(OURS.scalar, holdOrdinary, { sameBits: 'float32' }),
]

/** To be run where kernel() is 'simd'. */
export const simdContenders: readonly Contender[] = [
  stepContender(OURS.staged, holdOrdinary, { sameBits: 'float32' }),
  stepContender(OURS.inPlace, holdInPlace('float32'), { sameBits: 'float32' }),
  optimizerContender(OURS.optimizer, (problem) => {
    return new Variable(problem.variable.slice(), { shape: shapeOf(problem) })
  }),
  optimizerContender(OURS.optimizerInPlace, (problem) => {
    const variable = new Variable(0, { shape: shapeOf(problem) })
    variable.value.set(problem.variable)
    return variable
  }),
  stepContender(OURS.inPlaceDouble, holdInPlace('float64'), { isVariant: true }),
  stepContender(OURS.inPlaceAccumulator, holdInPlace('float32'), {
    isVariant: true,
    settings: withAccumulatorThreshold,
  }),
]

import { ClippyAdagrad, type Gradient, step, Variable } from 'clippy-adagrad'
import { INITIAL_ACCUMULATOR, makeProblem, type Problem, type ProblemSpec, ROW_WIDTH, SETTINGS } from '../problem.ts'
import { gradientsOf, ordinary } from './arrays.ts'
import type { Contender } from './contender.ts'

/** A step on each of many variables, call by call. */
export function stepOnEach(name: string, specs: readonly ProblemSpec[]): Contender {
  const parts = specs.map((spec) => {
    const problem = makeProblem(spec)
    return { problem, ...ordinary(problem, Float32Array), gradient: gradientsOf(problem, Float32Array)[0] }
  })
  return {
    name,
    step() {
      for (const { variable, accumulator, gradient } of parts) step(variable, accumulator, gradient, SETTINGS)
    },
    ...stateOf(parts),
  }
}

/** `applyGradients` on all of them. */
export function optimizerOnAll(name: string, specs: readonly ProblemSpec[]): Contender {
  const problems = specs.map(makeProblem)
  const pairs = problems.map((problem): [Gradient, Variable] => {
    const { spec, variable } = problem
    const shape = spec.kind === 'dense' ? [variable.length] : [variable.length / ROW_WIDTH, ROW_WIDTH]
    return [gradientsOf(problem, Float32Array)[0], new Variable(variable.slice(), { shape })]
  })
  const optimizer = new ClippyAdagrad({ ...SETTINGS, initialAccumulatorValue: INITIAL_ACCUMULATOR })
  optimizer.build(pairs.map(([, variable]) => variable))
  const accumulators = optimizer.variables.filter(({ name }) => /accumulator/i.test(name))
  const parts = problems.map((problem, k) => {
    return { problem, variable: pairs[k][1].value as Float32Array, accumulator: accumulators[k].value as Float32Array }
  })
  return { name, step: () => void optimizer.applyGradients(pairs), ...stateOf(parts) }
}

type Part = { readonly problem: Problem; readonly variable: Float32Array; readonly accumulator: Float32Array }

function stateOf(parts: readonly Part[]): Pick<Contender, 'reset' | 'read'> {
  return {
    reset() {
      for (const { problem, variable, accumulator } of parts) {
        variable.set(problem.variable)
        accumulator.set(problem.accumulator)
      }
    },
    read: () => ({
      variable: parts.flatMap(({ variable }) => Array.from(variable)),
      accumulator: parts.flatMap(({ accumulator }) => Array.from(accumulator)),
    }),
  }
}

import { type ClippyAdagradOptions, Variable } from 'clippy-adagrad'
import { requireAnswer } from '../check.ts'
import { onArrays } from '../contenders/arrays.ts'
import type { Contender } from '../contenders/contender.ts'
import { accumulatorOf, optimizerOf, optimizerStep } from '../contenders/ours.ts'
import { PLAIN_LOOP, plainLoop } from '../contenders/plain-loop.ts'
import { asRatio, Race, type Tables, tableOf } from '../figures.ts'
import { denseSpec, type Plan } from '../plan.ts'
import { makeProblem, type Problem, SETTINGS } from '../problem.ts'
import type { Part } from './part.ts'

const USUAL = 'no option'

/** Each with what it makes of the gradient before the step. */
const OPTIONS: readonly {
  options: ClippyAdagradOptions
  what?: string
  clip?: (values: Float32Array) => Float32Array
}[] = [
  { options: { clipvalue: 0.05 }, clip: (values) => values.map((g) => Math.max(-0.05, Math.min(0.05, g))) },
  { options: { clipnorm: 1 }, what: ', acts', clip: (values) => ofNorm(values, 1) },
  { options: { clipnorm: 1e6 }, what: ', does not act' },
  { options: { globalClipnorm: 1 }, what: ', acts', clip: (values) => ofNorm(values, 1) },
  { options: { globalClipnorm: 1e6 }, what: ', does not act' },
  { options: { useEma: true } },
  { options: { weightDecay: 0.01 } },
  { options: { nonFiniteGradients: 'skip' } },
]

export const options: Part = {
  name: 'options',
  sessions: { large: { run: timeOptions } },
  format: ({ takes }) => `### Options of the Optimizer

\`applyGradients\` with each option, and \`explain\`, on one variable of 1,048,576 float32 in an ordinary array, in plain loops: what
the call takes, and what that is more than without options.

${tableOf(takes, asRatio)}`,
}

function timeOptions(plan: Plan): Tables {
  const problem = makeProblem(denseSpec(plan.large))
  const usual = [plainLoop(problem), optimizerStep(USUAL, problem)]
  requireAnswer(usual, problem)
  const withOptions = OPTIONS.map(({ options, what = '', clip }) => {
    const contender = optimizerStep(`${describe(options)}${what}`, problem, options)
    const { weightDecay } = options
    requireAnswer([contender], clip === undefined ? problem : withGradient(problem, clip(problem.gradient)), {
      settings: typeof weightDecay === 'number' ? { ...SETTINGS, weightDecay } : SETTINGS,
    })
    return contender
  })
  const race = new Race('takes', [...usual, ...withOptions, explaining(problem)], plan.slow)
  const takes = race.figures((own, of) => own / of(PLAIN_LOOP))
  const adds = race.figures((own, of) => (own - of(USUAL)) / of(PLAIN_LOOP))
  return {
    takes: [
      ...takes.filter(({ row }) => row !== PLAIN_LOOP),
      ...adds.filter(({ row }) => row !== PLAIN_LOOP && row !== USUAL).map((figure) => ({ ...figure, column: 'adds' })),
    ],
  }
}

function describe(options: ClippyAdagradOptions): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : value}`)
    .join(', ')
}

/** It reads only: there is nothing to check or to reset. */
function explaining(problem: Problem): Contender {
  const variable = new Variable(problem.variable.slice())
  const optimizer = optimizerOf(variable)
  const arrays = { variable: variable.value, accumulator: accumulatorOf(optimizer) }
  return onArrays('explain', problem, arrays, [[[problem.gradient, variable]] as const], (pairs) => {
    optimizer.explain(pairs)
  })
}

function withGradient(problem: Problem, values: Float32Array): Problem {
  return { ...problem, gradient: values, batches: [{ ...problem.batches[0], values }] }
}

function ofNorm(values: Float32Array, norm: number): Float32Array {
  const squares = values.reduce((sum, g) => sum + g * g, 0)
  return values.map((g) => (g * norm) / Math.sqrt(squares))
}

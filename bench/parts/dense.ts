import { requireAnswer } from '../check.ts'
import type { Contender } from '../contenders/contender.ts'
import { inPlaceStep, OURS, ordinaryStep } from '../contenders/ours.ts'
import { PLAIN_LOOP, plainLoop } from '../contenders/plain-loop.ts'
import { asRatio, type Figure, Race, type Tables, tableOf, withQuartiles } from '../figures.ts'
import { denseSpec, labelOf, type Plan, paceOf } from '../plan.ts'
import { makeProblem, type Problem } from '../problem.ts'
import type { Part } from './part.ts'

type Precision = typeof Float32Array | typeof Float64Array

const scalarStep = (problem: Problem, precision?: Precision) => {
  return ordinaryStep(problem, { name: OURS.scalar, ...(precision && { precision }) })
}

export const dense: Part = {
  name: 'dense',
  sessions: {
    float32: { run: (plan) => timeLengths(plan, Float32Array, [ordinaryStep, inPlaceStep]) },
    'float32 without WebAssembly': {
      withoutWebAssembly: true,
      run: (plan) => timeLengths(plan, Float32Array, [scalarStep]),
    },
    'float64 without WebAssembly': {
      withoutWebAssembly: true,
      run: (plan) => timeLengths(plan, Float64Array, [(problem) => scalarStep(problem, Float64Array)]),
    },
    float64: { run: (plan) => timeLengths(plan, Float64Array, [(problem) => inPlaceStep(problem, Float64Array)]) },
  },
  format: ({ ratios, nanoseconds }) => `### Dense gradients

A step as a multiple of what a plain loop of the same precision takes, by the length of the variable.

${tableOf(ratios, asRatio)}

Nanoseconds per element: median (quartiles).

${tableOf(nanoseconds, withQuartiles)}`,
}

function timeLengths(plan: Plan, precision: Precision, makers: readonly ((problem: Problem) => Contender)[]): Tables {
  const ratios: Figure[] = []
  const nanoseconds: Figure[] = []
  for (const length of plan.lengths) {
    const spec = denseSpec(length)
    const problem = makeProblem(spec)
    const contenders = [plainLoop(problem, precision), ...makers.map((make) => make(problem))]
    requireAnswer(contenders, problem)
    const race = new Race(labelOf(spec), contenders, paceOf(spec, plan))
    ratios.push(...race.figures((own, of) => own / of(PLAIN_LOOP)).filter(({ row }) => row !== PLAIN_LOOP))
    nanoseconds.push(...race.figures((own) => own / length))
  }
  const suffix = precision === Float32Array ? 'float32' : 'float64'
  const named = (figures: Figure[]) => figures.map((figure) => ({ ...figure, row: `${figure.row}, ${suffix}` }))
  return { ratios: named(ratios), nanoseconds: named(nanoseconds) }
}

import { requireAnswer } from '../check.ts'
import type { Contender } from '../contenders/contender.ts'
import { inPlaceStep, OURS, ordinaryStep } from '../contenders/ours.ts'
import { PLAIN_LOOP, plainLoop } from '../contenders/plain-loop.ts'
import { asRatio, type Figure, Race, type Tables, tableOf, withQuartiles } from '../figures.ts'
import { labelOf, type Plan, paceOf, sparseSpec } from '../plan.ts'
import { makeProblem, type Problem, ROW_WIDTH } from '../problem.ts'
import type { Part } from './part.ts'

export const sparse: Part = {
  name: 'sparse',
  sessions: {
    float32: { run: (plan) => timeEntries(plan, [ordinaryStep, inPlaceStep]) },
    'without WebAssembly': {
      withoutWebAssembly: true,
      run: (plan) => timeEntries(plan, [(problem) => ordinaryStep(problem, { name: OURS.scalar })]),
    },
  },
  format: ({ ratios, microseconds }) => `### Sparse gradients

A step on some rows of a float32 table of 1,000,000 × ${ROW_WIDTH}, as a multiple of what a plain loop takes. Every fourth entry
repeats a row; the plain loop sums repeats in a Map. Steps take several gradients in turn.

${tableOf(ratios, asRatio)}

Microseconds per step: median (quartiles).

${tableOf(microseconds, withQuartiles)}`,
}

function timeEntries(plan: Plan, makers: readonly ((problem: Problem) => Contender)[]): Tables {
  const ratios: Figure[] = []
  const microseconds: Figure[] = []
  for (const entries of plan.entries) {
    const spec = sparseSpec(entries, plan)
    const problem = makeProblem(spec)
    const contenders = [plainLoop(problem), ...makers.map((make) => make(problem))]
    requireAnswer(contenders, problem)
    const race = new Race(labelOf(spec), contenders, paceOf(spec, plan))
    ratios.push(...race.figures((own, of) => own / of(PLAIN_LOOP)).filter(({ row }) => row !== PLAIN_LOOP))
    microseconds.push(...race.figures((own) => own / 1000))
  }
  return { ratios, microseconds }
}

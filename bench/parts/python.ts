import { requireAnswer } from '../check.ts'
import { inPlaceStep, ordinaryStep } from '../contenders/ours.ts'
import { type Figure, Race, type Tables, tableOf, withQuartiles } from '../figures.ts'
import { denseSpec, labelOf, type Plan, paceOf, sparseSpec } from '../plan.ts'
import { makeProblem } from '../problem.ts'
import type { Part } from './part.ts'

/** This package's part of it; ../python.ts adds what Python has timed, which cannot take turns with another process. */
export const python: Part = {
  name: 'python',
  sessions: { ours: { run: timeOurs } },
  format: ({ nanoseconds, microseconds }) => `### TensorFlow and PyTorch

The same problems in Python, one thread each, right before this package. TensorFlow runs the reference with its defaults;
PyTorch the formula of Clippy composed of its operations, and its own Adagrad, which does not clip. Gradients are tensors already.

Nanoseconds per element, then microseconds per step: median (quartiles).

${tableOf(nanoseconds, withQuartiles)}

${tableOf(microseconds, withQuartiles)}`,
}

function timeOurs(plan: Plan): Tables {
  const nanoseconds: Figure[] = []
  const microseconds: Figure[] = []
  for (const spec of specsOf(plan)) {
    const problem = makeProblem(spec)
    const contenders = [ordinaryStep(problem), inPlaceStep(problem)]
    requireAnswer(contenders, problem)
    const race = new Race(labelOf(spec), contenders, paceOf(spec, plan))
    if (spec.kind === 'dense') nanoseconds.push(...race.figures((own) => own / spec.length))
    else microseconds.push(...race.figures((own) => own / 1000))
  }
  return { nanoseconds, microseconds }
}

/** What Python is told to time. */
export function specsOf(plan: Plan) {
  return [...plan.lengths.map(denseSpec), ...plan.entries.map((entries) => sparseSpec(entries, plan))]
}

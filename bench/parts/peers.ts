import { requireAnswer } from '../check.ts'
import { OURS, ordinaryStep } from '../contenders/ours.ts'
import { loadTfjs } from '../contenders/tfjs.ts'
import { asRatio, type Figure, Race, type Tables, tableOf, withQuartiles } from '../figures.ts'
import { denseSpec, labelOf, type Plan, paceOf, sparseSpec } from '../plan.ts'
import { makeProblem } from '../problem.ts'
import type { Part } from './part.ts'

export const peers: Part = {
  name: 'peers',
  sessions: {
    'tf.js wasm': { run: (plan) => timeTfjs('wasm', plan) },
    'tf.js cpu': { run: (plan) => timeTfjs('cpu', plan) },
  },
  format: ({ ratios, nanoseconds, microseconds }) => `### tf.js

A step as a multiple of what \`step\` on ordinary float32 arrays takes, by the length of the variable, or the rows of the table
above. Gradients are tensors already; its own Adagrad does not clip, and has no sparse gradients.

${tableOf(ratios, asRatio)}

Nanoseconds per element, then microseconds per step: median (quartiles).

${tableOf(nanoseconds, withQuartiles)}

${tableOf(microseconds, withQuartiles)}`,
}

async function timeTfjs(backend: 'cpu' | 'wasm', plan: Plan): Promise<Tables> {
  const tfjs = await loadTfjs(backend)
  const ratios: Figure[] = []
  const nanoseconds: Figure[] = []
  const microseconds: Figure[] = []
  const keep = (figures: Figure[]) => figures.filter(({ row }) => row !== OURS.ordinary)
  for (const spec of [...plan.lengths.map(denseSpec), ...plan.entries.map((entries) => sparseSpec(entries, plan))]) {
    const isDense = spec.kind === 'dense'
    const problem = makeProblem(spec)
    const contenders = [ordinaryStep(problem), tfjs.clippy(problem)]
    requireAnswer(contenders, problem)
    if (isDense) {
      const adagrad = tfjs.adagrad(problem)
      requireAnswer([adagrad], problem, { formula: 'Adagrad' })
      contenders.push(adagrad)
    }
    const race = new Race(labelOf(spec), contenders, paceOf(spec, plan))
    ratios.push(...keep(race.figures((own, of) => own / of(OURS.ordinary))))
    const times = race.figures((own) => (isDense ? own / spec.length : own / 1000))
    ;(isDense ? nanoseconds : microseconds).push(...keep(times))
  }
  return { ratios, nanoseconds, microseconds }
}

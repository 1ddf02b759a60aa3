import { ClippyAdagrad } from 'clippy-adagrad'
import { requireSameBits } from '../check.ts'
import type { Contender } from '../contenders/contender.ts'
import { optimizerOnAll, stepOnEach } from '../contenders/many.ts'
import { type Figure, Race, type Tables, tableOf, withQuartiles } from '../figures.ts'
import type { Plan } from '../plan.ts'
import { INITIAL_ACCUMULATOR, type ProblemSpec, SETTINGS } from '../problem.ts'
import type { Part } from './part.ts'

const DENSE: ProblemSpec = { kind: 'dense', length: 16 }
const SPARSE: ProblemSpec = { kind: 'sparse', entries: 4, tableRows: 64, batches: 1 }

const LISTS: Readonly<Record<string, readonly ProblemSpec[]>> = {
  '1 dense': [DENSE],
  '10 dense': Array(10).fill(DENSE),
  '1 sparse': [SPARSE],
  '10 sparse': Array(10).fill(SPARSE),
  '9 dense, 1 sparse': [...Array(9).fill(DENSE), SPARSE],
}

export const variables: Part = {
  name: 'variables',
  sessions: { added: { run: timeAdded }, growth: { run: timeGrowth } },
  format: ({ added, growth }) => `### What the Optimizer adds, and how it grows

Nanoseconds per variable of 16 values, or of 4 rows of a table: a call of \`step\` for each, \`applyGradients\` for all, and the
difference.

${tableOf(added, withQuartiles, 'variables')}

Microseconds per variable of 64 values, by the number of variables; where a row does not rise, time grows in proportion. Values
and gradients lie in buffers of their own, or all are views of one.

${tableOf(growth, withQuartiles)}`,
}

function timeAdded(plan: Plan): Tables {
  const added: Figure[] = []
  for (const [row, specs] of Object.entries(LISTS)) {
    const [alone, all] = ['step', 'applyGradients']
    const contenders = [stepOnEach(alone, specs), optimizerOnAll(all, specs)]
    requireSameBits(contenders)
    const race = new Race(row, contenders, plan.quick)
    const difference = race.figures((own, of) => (own - of(alone)) / specs.length)
    const figures = [
      ...race.figures((own) => own / specs.length),
      ...difference.filter(({ row }) => row === all).map((figure) => ({ ...figure, row: 'difference' })),
    ]
    added.push(...figures.map(({ row: column, value }) => ({ row, column, value })))
  }
  return { added }
}

const LENGTH = 64

function timeGrowth(plan: Plan): Tables {
  const growth = plan.variables.flatMap((count): Figure[] => {
    const places = { 'separate buffers': separate, 'views of one buffer': viewsOfOne }
    const contenders = Object.entries(places).flatMap(([place, make]) => callsOn(place, count, make))
    return new Race(count.toLocaleString('en'), contenders, plan.slow).figures((own) => own / count / 1000)
  })
  return { growth }
}

/** Each call on variables and gradients that `make` has made. */
function callsOn(place: string, count: number, make: (count: number, value: number) => Float32Array[]): Contender[] {
  const [values, gradients] = [make(count, 1), make(count, 0.05)]
  const pairs = gradients.map((gradient, k) => [gradient, values[k]] as const)
  const create = () => new ClippyAdagrad({ ...SETTINGS, initialAccumulatorValue: INITIAL_ACCUMULATOR })
  const optimizer = create()
  optimizer.build(values)
  const state = {
    reset() {
      for (const value of values) value.fill(1)
    },
    read: () => ({ variable: values[0] }),
  }
  return [
    { name: `applyGradients, ${place}`, step: () => void optimizer.applyGradients(pairs), ...state },
    { name: `explain, ${place}`, step: () => void optimizer.explain(pairs), ...state },
    { name: `build, ${place}`, step: () => create().build(values), ...state },
  ]
}

function separate(count: number, value: number): Float32Array[] {
  return Array.from({ length: count }, () => new Float32Array(LENGTH).fill(value))
}

function viewsOfOne(count: number, value: number): Float32Array[] {
  const { buffer } = new Float32Array(count * LENGTH).fill(value)
  return Array.from({ length: count }, (_, k) => new Float32Array(buffer, k * LENGTH * 4, LENGTH))
}

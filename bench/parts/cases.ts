import { requireAnswer } from '../check.ts'
import { ordinaryStep } from '../contenders/ours.ts'
import { asRatio, type Figure, Race, type Tables, tableOf } from '../figures.ts'
import { denseSpec, labelOf, type Plan, paceOf } from '../plan.ts'
import { makeProblem, type Problem, SETTINGS, type Settings } from '../problem.ts'
import type { Part } from './part.ts'

const USUAL = 'default mode'

const MODES: Readonly<Record<string, Settings>> = {
  [USUAL]: SETTINGS,
  clipAccumulatorUpdate: { ...SETTINGS, clipAccumulatorUpdate: true },
  useStandardAccumulatorUpdate: { ...SETTINGS, useStandardAccumulatorUpdate: true },
  'accumulatorRelativeThreshold: 0.01': { ...SETTINGS, accumulatorRelativeThreshold: 0.01 },
}

const RANDOM = 'random numbers'

const VALUES: Readonly<Record<string, (problem: Problem) => Problem>> = {
  [RANDOM]: (problem) => problem,
  'all weights 1, all gradients 0.05': (problem) => filled(problem, 1),
  'all weights 0, all gradients 0.05': (problem) => filled(problem, 0),
}

export const cases: Part = {
  name: 'cases',
  sessions: { modes: { run: timeModes }, constants: { run: timeConstants } },
  format: ({ modes, constants }) => `### Modes and special values

\`step\` on ordinary float32 arrays in other modes, as a multiple of its default mode.

${tableOf(modes, asRatio)}

And on arrays that hold one number, in the default mode, as a multiple of random numbers: there every coordinate is the
one with the least room.

${tableOf(constants, asRatio)}`,
}

function timeModes(plan: Plan): Tables {
  const figures = specsOf(plan).flatMap((spec): Figure[] => {
    const problem = makeProblem(spec)
    const contenders = Object.entries(MODES).map(([name, settings]) => {
      const contender = ordinaryStep(problem, { name, settings })
      requireAnswer([contender], problem, { settings })
      return contender
    })
    return new Race(labelOf(spec), contenders, paceOf(spec, plan)).figures((own, of) => own / of(USUAL))
  })
  return { modes: figures.filter(({ row }) => row !== USUAL) }
}

function timeConstants(plan: Plan): Tables {
  const figures = specsOf(plan).flatMap((spec): Figure[] => {
    const contenders = Object.entries(VALUES).map(([name, change]) => {
      const problem = change(makeProblem(spec))
      const contender = ordinaryStep(problem, { name })
      requireAnswer([contender], problem)
      return contender
    })
    return new Race(labelOf(spec), contenders, paceOf(spec, plan)).figures((own, of) => own / of(RANDOM))
  })
  return { constants: figures.filter(({ row }) => row !== RANDOM) }
}

function specsOf({ lengths }: Plan) {
  return lengths.filter((length) => length >= 256 && length <= 65_536).map(denseSpec)
}

function filled(problem: Problem, weight: number): Problem {
  const gradient = new Float32Array(problem.gradient.length).fill(0.05)
  const batches = [{ ...problem.batches[0], values: gradient }]
  return { ...problem, variable: new Float32Array(problem.variable.length).fill(weight), batches, gradient }
}

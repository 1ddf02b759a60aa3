/** Replays fixtures/dense-*.json and fixtures/sparse.json: steps of one variable. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { step } from '../../src/index.ts'
import {
  agree,
  agreeAll,
  agreeMoved,
  floats,
  gradientOf,
  OF_A_RUN,
  OF_A_STEP,
  type Precision,
  type RecordedGradient,
  readCases,
} from './replay.ts'

interface RecordedStep {
  gradient: RecordedGradient
  factor: number
  variable: number[]
  accumulator: number[]
}

interface StepCase {
  name: string
  dtype: Precision
  mode: string
  options: NonNullable<Parameters<typeof step>[3]>
  variable: number[]
  accumulator: number[]
  steps: RecordedStep[]
}

/** Every step of a case; with `restart` each from the recorded state, otherwise from the state we reached. */
function replay(recorded: StepCase, restart: boolean): void {
  const { dtype, options } = recorded
  const tolerance = (restart ? OF_A_STEP : OF_A_RUN)[dtype]
  let variable = floats(dtype, recorded.variable)
  let accumulator = floats(dtype, recorded.accumulator)
  for (const [index, expected] of recorded.steps.entries()) {
    const before = variable.slice()
    const factor = step(variable, accumulator, gradientOf(dtype, expected.gradient), options)
    const [variableAfter, accumulatorAfter] = [floats(dtype, expected.variable), floats(dtype, expected.accumulator)]
    agree(`step ${index}: factor`, factor, expected.factor, tolerance)
    agreeMoved(`step ${index}: variable`, variable, before, variableAfter, tolerance)
    agreeAll(`step ${index}: accumulator`, accumulator, accumulatorAfter, tolerance)
    if (restart) {
      variable = variableAfter
      accumulator = accumulatorAfter
    }
  }
}

for (const file of ['dense-float32', 'dense-float64', 'sparse']) {
  const cases = readCases<StepCase>(file)

  const single = suite(`Each step of ${file} agrees with the reference from the same state`)
  for (const recorded of cases) single(recorded.name, () => replay(recorded, true))
  single.run()

  const left = suite(`Steps of ${file} left to run agree with the reference`)
  for (const recorded of cases) left(recorded.name, () => replay(recorded, false))
  left.run()

  const coverage = suite(`The fixtures of ${file}`)
  for (const mode of ['delayed', 'standard', 'clipped accumulator']) {
    const factors = cases.filter((c) => c.mode === mode).flatMap((c) => c.steps.map((s) => s.factor))
    coverage(`hold clipped and unclipped steps in ${mode} mode`, () => {
      assert.ok(factors.filter((factor) => factor > 0 && factor < 1).length >= 50)
      assert.ok(factors.filter((factor) => factor === 1).length >= 10)
    })
    if (file === 'sparse') continue
    coverage(`hold steps stopped by a bound of 0 in ${mode} mode`, () => assert.ok(factors.includes(0)))
  }
  coverage.run()
}

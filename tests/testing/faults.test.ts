import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type BoundOptions, boundViolation } from '../../src/testing/index.ts'
import { floats, readCases } from '../reference/replay.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { promise } from '../support/assertions.ts'
import { type Case, copyOf, defaults } from '../support/case.ts'
import { hostileCase } from '../support/hostile.ts'
import { naiveStep } from '../support/naive.ts'
import { arrayOf, type FloatArray, moveByUlps, type Precision, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { Random } from '../support/random.ts'

// A check is worth what it finds: three kinds of steps that are known to break the bound, and one that just does not.
const test = suite('testing: the faults that boundViolation finds')

for (const precision of precisions) {
  test(`the naive ${precision} update`, () => {
    const random = new Random(1)
    let steps = 0
    let broken = 0
    for (let i = 0; i < 500; i++) {
      const input = hostileCase(random)
      // The naive update knows the delayed mode only, and does not survive everything.
      if (precisionOf(input.variable) !== precision || input.options.useStandardAccumulatorUpdate) continue
      const after = copyOf(input)
      naiveStep(after)
      if (!after.variable.every(Number.isFinite)) continue
      steps += 1
      if (boundViolation(input.variable, after.variable, input.accumulator, input.options) !== undefined) broken += 1
    }
    assert.ok(broken > steps / 10, `${broken} of ${steps}`)
  })
}

interface RecordedCase {
  readonly dtype: Precision
  readonly options: BoundOptions & { readonly useStandardAccumulatorUpdate?: boolean }
  readonly variable: number[]
  readonly accumulator: number[]
  readonly steps: readonly { readonly factor: number; readonly variable: number[]; readonly accumulator: number[] }[]
}

interface RecordedStep {
  readonly clipped: boolean
  readonly atDefaults: boolean
  readonly broken: boolean
}

/** What the check says of every step that the reference took, each from the state that it left before. */
function recordedSteps(file: string): Record<Precision, RecordedStep[]> {
  const steps: Record<Precision, RecordedStep[]> = { float32: [], float64: [] }
  for (const { dtype, options, variable, accumulator, steps: list } of readCases<RecordedCase>(file)) {
    const atDefaults = (
      ['variableRelativeThreshold', 'absoluteThreshold', 'accumulatorRelativeThreshold'] as const
    ).every((name) => options[name] === undefined || options[name] === defaults[name])
    let [before, used] = [variable, accumulator].map((values) => floats(dtype, values))
    for (const step of list) {
      const [after, updated] = [step.variable, step.accumulator].map((values) => floats(dtype, values))
      const preconditioned = options.useStandardAccumulatorUpdate ? updated : used
      const broken = boundViolation(before, after, preconditioned, options) !== undefined
      steps[dtype].push({ clipped: step.factor > 0 && step.factor < 1, atDefaults, broken })
      ;[before, used] = [after, updated]
    }
  }
  return steps
}

const count = (steps: readonly RecordedStep[], holds: (step: RecordedStep) => boolean) => steps.filter(holds).length

// The fixtures do not change, so the numbers are exact. About half of the variables that it clips at the default
// thresholds, and none that it does not clip.
for (const [file, precision, atDefaults, anyThresholds] of [
  ['dense-float32', 'float32', [104, 203], [265, 628]],
  ['dense-float64', 'float64', [104, 214], [318, 642]],
  ['sparse', 'float32', [21, 39], [83, 182]],
  ['sparse', 'float64', [23, 39], [96, 170]],
] as const) {
  test(`the steps recorded from the reference (${file}, ${precision}): ${atDefaults.join(' of ')} clipped at the defaults`, () => {
    const steps = recordedSteps(file)[precision]
    const clipped = steps.filter((step) => step.clipped)
    const defaultOnes = clipped.filter((step) => step.atDefaults)
    assert.equal([count(defaultOnes, ({ broken }) => broken), defaultOnes.length], atDefaults)
    assert.equal([count(clipped, ({ broken }) => broken), clipped.length], anyThresholds)
    assert.is(
      count(steps, (step) => step.broken && !step.clipped),
      0,
    )
    assert.ok(count(steps, (step) => !step.clipped) >= 40)
  })
}

/** The number of the type that is furthest from `before`, away from zero or towards it, and still found within. */
function furthest(input: Case, i: number, direction: 1 | -1): number | undefined {
  const precision = precisionOf(input.variable)
  const start = input.variable[i]
  if (start === 0) return undefined
  // Bisection over the ulps: as many as 2^62 numbers may lie between.
  let [within, beyond] = [0, 2 ** 62]
  while (beyond - within > Math.max(1, within * 2 ** -52)) {
    const middle = Math.floor(within + (beyond - within) / 2)
    if (withinBound(input, i, moveByUlps(precision, start, direction * middle))) within = middle
    else beyond = middle
  }
  return within < 2 ** 52 ? moveByUlps(precision, start, direction * within) : undefined
}

function withinBound({ variable, accumulator, options }: Case, i: number, after: number): boolean {
  const one = (value: number): FloatArray => arrayOf(precisionOf(variable), [value])
  return boundViolation(one(variable[i]), one(after), one(accumulator[i]), options) === undefined
}

for (const precision of precisions) {
  test(`a single ulp too far, on top of the furthest that a weight may go (${precision})`, () => {
    let seen = 0
    const inputs = arbitraries.ordinaryCase.filter(({ variable }) => precisionOf(variable) === precision)
    holds(
      inputs,
      (input) => {
        const i = input.variable.findIndex((w) => w !== 0)
        if (i < 0) return
        for (const direction of [1, -1] as const) {
          const edge = furthest(input, i, direction)
          if (edge === undefined || edge === 0) continue
          const after = input.variable.slice()
          after[i] = edge
          const kept = boundViolation(input.variable, after, input.accumulator, input.options)
          promise(kept === undefined, input, `[${i}] may go to ${edge}`)
          after[i] = moveByUlps(precision, edge, direction)
          const tooFar = boundViolation(input.variable, after, input.accumulator, input.options)
          promise(tooFar?.index === i && tooFar.move > tooFar.bound, input, `[${i}] may not go to ${after[i]}`)
          // Decided by other means: the two numbers lie on both sides of the bound as double arithmetic sees it.
          const { variableRelativeThreshold, accumulatorRelativeThreshold, absoluteThreshold, epsilon } = input.options
          const bound =
            Math.abs(input.variable[i]) * variableRelativeThreshold +
            accumulatorRelativeThreshold / Math.sqrt(input.accumulator[i] + epsilon) +
            absoluteThreshold
          promise(Math.abs(edge - input.variable[i]) <= bound * (1 + 2 ** -49), input, `${edge} against ${bound}`)
          promise(Math.abs(after[i] - input.variable[i]) >= bound * (1 - 2 ** -49), input, `${after[i]}, ${bound}`)
          seen += 1
        }
      },
      200,
    )
    assert.ok(seen > 100, `${seen}`)
  })
}

test.run()

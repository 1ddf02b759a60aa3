import { clippingBound, clippingFactor, step, updateVariable } from '../../src/index.ts'
import { boundViolation } from '../../src/testing/index.ts'
import { type Case, copyOf, shardOf } from './case.ts'
import { moveIsRight } from './move-oracle.ts'
import { boundTooHigh, boundTooLow, exactFactor, exceedsDistance, factorIsRight, plainCheck } from './oracle.ts'
import { type FloatArray, limitsOf, precisionOf } from './precision.ts'
import type { Random } from './random.ts'

/** A broken promise: what, and at which coordinate. */
export interface Violation {
  readonly what: string
  readonly index: number
}

type Step = (input: Case) => number

const packageStep: Step = ({ variable, accumulator, gradient, options }) =>
  step(variable, accumulator, gradient, options)

const factorOf: Step = ({ variable, accumulator, gradient, options }) =>
  clippingFactor(variable, accumulator, gradient, options)

/** Takes the step on a copy and says which coordinates moved past their bound: promise 1, and nothing else. */
export function boundViolations(input: Case, take: Step = packageStep): Violation[] {
  const after = copyOf(input)
  take(after)
  const found: Violation[] = []
  judgeMoves(input, preconditionedWith(input, after), after.variable, found)
  return found
}

/**
 * Everything that the promises say of one step and that a single input can show: finiteness, the exact bound, the plain
 * check, clippingBound, the factor in shards and in another order, and the same for updateVariable with a random factor.
 * The exact factor and the exact moves are slow to find, so the caller says when.
 */
export function violations(input: Case, random: Random, checkExactly: boolean): Violation[] {
  const found: Violation[] = []
  const after = copyOf(input)
  const factor = packageStep(after)
  const used = preconditionedWith(input, after)
  judgeAll(input, used, after.variable, found)
  judgeFinite(after.accumulator, 'the accumulator', found)
  judgeFactor({ ...input, accumulator: used }, factor, random, found)
  if (checkExactly) {
    const exact = exactFactor(input.variable, used, input.gradient, input.options)
    const { factorTolerance } = limitsOf(precisionOf(input.variable))
    if (!factorIsRight(factor, exact, factorTolerance)) {
      found.push({ what: `the factor is ${factor}, the exact one ${exact}`, index: 0 })
    }
    judgeTarget(input, used, factor, after.variable, found)
  }

  if (random.chance(0.25)) {
    const moved = input.variable.slice()
    const anyFactor = random.chance(0.5) ? 1 : random.unit() ** 4
    updateVariable(moved, used, input.gradient, anyFactor, input.options)
    judgeAll(input, used, moved, found)
    if (checkExactly) judgeTarget(input, used, anyFactor, moved, found)
  }
  return found
}

/** A double in [0, 1], and the same bits in two shards and backwards. */
function judgeFactor(input: Case, factor: number, random: Random, found: Violation[]): void {
  if (!(factor >= 0 && factor <= 1)) found.push({ what: `the factor is ${factor}`, index: 0 })
  const cut = random.below(input.variable.length + 1)
  const shared = Math.min(factorOf(shardOf(input, 0, cut)), factorOf(shardOf(input, cut, input.variable.length)))
  if (!Object.is(shared, factor)) found.push({ what: `cut at ${cut} the factor is ${shared}, not ${factor}`, index: 0 })
  const { variable, accumulator, gradient, options } = copyOf(input)
  const backwards = factorOf({
    variable: variable.reverse(),
    accumulator: accumulator.reverse(),
    gradient: gradient.reverse(),
    options,
  })
  if (!Object.is(backwards, factor))
    found.push({ what: `backwards the factor is ${backwards}, not ${factor}`, index: 0 })
}

function judgeTarget(input: Case, used: FloatArray, factor: number, after: FloatArray, found: Violation[]): void {
  const { variable, gradient, options } = input
  for (let i = 0; i < after.length; i++) {
    const move = { before: variable[i], accumulator: used[i], gradient: gradient[i], factor, options }
    if (!Number.isFinite(after[i]) || moveIsRight(after[i], precisionOf(variable), move)) continue
    found.push({ what: `with factor ${factor} moved to ${after[i]}, not to w − factor · Δ or the bound`, index: i })
  }
}

/** The accumulator that the step divided by the root of: in standard mode the one after the update. */
export function preconditionedWith(before: Case, after: Case): FloatArray {
  return before.options.useStandardAccumulatorUpdate ? after.accumulator : before.accumulator
}

function judgeAll(input: Case, used: FloatArray, after: FloatArray, found: Violation[]): void {
  const { variable, options } = input
  const { smallestNormal } = limitsOf(precisionOf(variable))
  const bounds = clippingBound(variable, used, options)
  judgeMoves(input, used, after, found)
  for (let i = 0; i < variable.length; i++) {
    if (boundTooHigh(bounds[i], variable[i], used[i], options)) {
      found.push({ what: `clippingBound is ${bounds[i]}, above the real bound`, index: i })
    }
    if (boundTooLow(bounds[i], variable[i], used[i], options, smallestNormal)) {
      found.push({ what: `clippingBound is ${bounds[i]}, far below the real bound`, index: i })
    }
    if (Number.isFinite(after[i]) && exceedsDistance(variable[i], after[i], bounds[i])) {
      found.push({ what: `moved to ${after[i]}, further than clippingBound's ${bounds[i]}`, index: i })
    }
  }
}

function judgeMoves(input: Case, used: FloatArray, after: FloatArray, found: Violation[]): void {
  const { variable, options } = input
  judgeFinite(after, 'the variable', found)
  if (!after.every(Number.isFinite)) return
  const tooFar = boundViolation(variable, after, used, options)
  if (tooFar !== undefined)
    found.push({ what: `moved ${tooFar.move}, past its bound ${tooFar.bound}`, index: tooFar.index })
  if (options.accumulatorRelativeThreshold !== 0) return
  for (let i = 0; i < variable.length; i++) {
    if (plainCheck(variable[i], after[i], options)) continue
    found.push({ what: `moved to ${after[i]}, past the bound in double arithmetic`, index: i })
  }
}

function judgeFinite(array: FloatArray, name: string, found: Violation[]): void {
  for (let i = 0; i < array.length; i++) {
    if (!Number.isFinite(array[i])) found.push({ what: `${name} became ${array[i]}`, index: i })
  }
}

import * as assert from 'uvu/assert'
import { sameNumber } from '../../support/assertions.ts'
import type { Precision } from '../../support/precision.ts'
import type { Real } from './real.ts'
import type { Outcome, Slot, Twin } from './twin.ts'

/** Agreement within one call that starts from the same state, relative to the larger of before and after: the design's. */
const tolerances: Readonly<Record<Precision, number>> = { float32: 1e-5, float64: 1e-12 }

interface Numbers {
  readonly trained: readonly (readonly number[])[]
  readonly own: readonly (readonly number[])[]
}

function numbersOf({ optimizer, held }: Real): Numbers {
  return {
    trained: held.map(({ value }) => [...value]),
    own: optimizer.variables.map(({ value }) => [...value]),
  }
}

/** Makes one call on both and compares: the result or error, and the state after it, which is untouched by an error. */
export function compare(twin: Twin, real: Real, expected: () => Outcome, call: () => unknown): void {
  const before = numbersOf(real)
  const bits = real.bits
  const outcome = expected()
  const actual = outcomeOf(call)
  if ('throws' in outcome) {
    if (actual.error?.constructor !== outcome.throws) {
      assert.unreachable(`expected a ${outcome.throws.name}, got ${String(actual.error ?? actual.result)}`)
    }
    assert.is(real.bits, bits)
    return
  }
  if (actual.error !== undefined) throw actual.error
  assert.is(actual.result, outcome.returns)
  agree(twin, real, before)
}

function outcomeOf(call: () => unknown): { readonly result?: unknown; readonly error?: Error } {
  try {
    return { result: call() }
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(`not an Error: ${String(error)}`) }
  }
}

function agree(twin: Twin, real: Real, before: Numbers): void {
  const { optimizer, held } = real
  const { slots } = twin
  const after = numbersOf(real)
  sameNumber(optimizer.iterations, twin.iterations, 'iterations')
  sameNumber(optimizer.skippedSteps, twin.skippedSteps, 'skippedSteps')
  closeList([optimizer.learningRate], [twin.learningRate], { tolerance: 1e-12, what: 'learningRate', scales: [] })
  assert.is(optimizer.built, twin.order !== undefined)
  assert.is(after.own.length, slots.length)
  const averageBefore = (of: Slot['of']) =>
    before.own[slots.findIndex((slot) => slot.kind === 'average' && slot.of === of)]
  twin.variables.forEach((variable, place) => {
    closeList(after.trained[place], variable.value, {
      tolerance: tolerances[variable.precision],
      what: held[place].name,
      scales: [before.trained[place], averageBefore(variable)],
    })
  })
  slots.forEach(({ kind, of, list }, k) => {
    closeList(after.own[k], list, {
      tolerance: of === undefined ? 0 : tolerances[of.precision],
      what: optimizer.variables[k].name,
      scales: [
        before.own[k],
        ...(kind === 'average' && of !== undefined ? [before.trained[twin.variables.indexOf(of)]] : []),
      ],
    })
  })
  assert.equal(
    optimizer.clippingFactors,
    slots.flatMap(({ kind }, k) => (kind === 'factor' ? after.own[k] : [])),
  )
  sameWhereUntouched(twin, before, after)
  // From here on both start from the same state again: errors do not add up.
  twin.variables.forEach((variable, place) => {
    variable.value = [...after.trained[place]]
  })
  twin.take(after.own)
}

/** What the twin did not change has its bits still. An average is worked out anew even where nothing moves. */
function sameWhereUntouched(twin: Twin, before: Numbers, after: Numbers): void {
  const same = (list: readonly number[], then: readonly number[] | undefined, now: readonly number[], what: string) =>
    list.forEach((value, i) => {
      if (Object.is(value, then?.[i])) sameNumber(now[i], value, `${what}[${i}]`)
    })
  twin.slots.forEach(({ kind, list }, k) => {
    if (kind !== 'average') same(list, before.own[k], after.own[k], kind)
  })
  if (twin.settings.ema !== null) return
  twin.variables.forEach(({ value }, place) => {
    same(value, before.trained[place], after.trained[place], `variable ${place}`)
  })
}

interface Closeness {
  readonly tolerance: number
  readonly what: string
  /** Numbers that went into the ones compared. */
  readonly scales: readonly (readonly number[] | undefined)[]
}

function closeList(
  actual: readonly number[],
  expected: readonly number[],
  { tolerance, what, scales }: Closeness,
): void {
  assert.is(actual.length, expected.length, what)
  expected.forEach((value, i) => {
    const scale = Math.max(Math.abs(value), ...scales.map((list) => Math.abs(list?.[i] ?? 0)))
    const isClose = Math.abs(actual[i] - value) <= tolerance * scale
    if (!isClose) assert.unreachable(`${what}[${i}] is ${actual[i]}; the twin has ${value}`)
  })
}

import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { ClippyAdagrad } from '../../../src/index.ts'
import { arrayOf } from '../../support/precision.ts'
import { compare } from './compare.ts'
import { anyDraw, type Draw, fitted, gradientOf } from './gradients.ts'
import { constantRate, learningRateOf, type Rate, scheduledRate } from './rates.ts'
import type { Real } from './real.ts'
import { anyChange, type Settings, setAttributes } from './settings.ts'
import type { Outcome, Twin } from './twin.ts'
import { copyOfHeld } from './variables.ts'

type Command = fc.Command<Twin, Real>

const ok: Outcome = { returns: undefined }

function command(text: string, run: (twin: Twin, real: Real) => void): Command {
  return { check: () => true, run, toString: () => text }
}

/** Places of variables as a caller may list them: mostly all but the last, which stays a stranger then. */
function anyPlaces(count: number): fc.Arbitrary<readonly number[]> {
  const all = Array.from({ length: count }, (_, place) => place)
  const usual = all.slice(0, -1)
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.shuffledSubarray(usual) },
    { weight: 1, arbitrary: fc.constant(all) },
    { weight: 1, arbitrary: fc.nat({ max: usual.length - 1 }).map((place) => [...usual, place]) },
  )
}

function applyGradients(places: readonly number[], draws: readonly Draw[]): Command {
  const kinds = places.map((place, k) => `${place}: ${draws[k].kind}`)
  return command(`applyGradients(${kinds.join(', ')}) ${JSON.stringify(draws)}`, (twin, real) => {
    const gradients = places.map((place, k) => fitted(draws[k], real.held[place].start))
    const variables = real.at(places)
    compare(
      twin,
      real,
      () => twin.applyGradients(gradients, places),
      () => real.optimizer.applyGradients(gradients.map((gradient, k) => [gradientOf(gradient), variables[k]])),
    )
  })
}

/** A number of a variable is NaN: the step is refused, and everything is as it was, the NaN too. */
function poisoned(place: number, at: number): Command {
  return command(`a NaN at ${at} of ${place}`, (twin, real) => {
    const { value, start, given } = real.held[place]
    const i = at % value.length
    const was = value[i]
    if (twin.order === undefined || twin.order.includes(place) === false) return
    value[i] = Number.NaN
    const gradient = arrayOf(start.precision, new Array<number>(value.length).fill(1))
    compare(
      twin,
      real,
      () => ({ throws: RangeError }),
      () => real.optimizer.applyGradients([[gradient, given]]),
    )
    value[i] = was
  })
}

function setLearningRate(rate: Rate): Command {
  return command(`learningRate = ${JSON.stringify(rate)}`, (twin, real) => {
    compare(
      twin,
      real,
      () => twin.setLearningRate(rate),
      () => {
        real.optimizer.learningRate = learningRateOf(rate)
      },
    )
  })
}

function setAttribute(change: Partial<Settings>): Command {
  return command(`set ${JSON.stringify(change)}`, (twin, real) => {
    const settings = { ...twin.settings, ...change }
    compare(
      twin,
      real,
      () => twin.set(change),
      () => setAttributes(real.optimizer, settings),
    )
  })
}

function setIterations(count: number): Command {
  return command(`iterations = ${count}`, (twin, real) => {
    compare(
      twin,
      real,
      () => twin.setIterations(count),
      () => {
        real.optimizer.iterations = count
      },
    )
  })
}

function build(places: readonly number[]): Command {
  return command(`build(${places})`, (twin, real) => {
    compare(
      twin,
      real,
      () => twin.build(places),
      () => real.optimizer.build(real.at(places)),
    )
  })
}

function exclude(places: readonly number[], byName: boolean): Command {
  return command(`excludeFromWeightDecay(${places}${byName ? ', by name' : ''})`, (twin, real) => {
    const isNamed = (place: number) => byName && !real.held[place].start.raw
    const call = ({ optimizer, held }: Real) =>
      optimizer.excludeFromWeightDecay({
        varList: places.filter((place) => !isNamed(place)).map((place) => held[place].given),
        varNames: places
          .filter(isNamed)
          .map((place) => (place % 2 === 0 ? `able ${place}$` : new RegExp(`^variable ${place}`, 'g'))),
      })
    compare(
      twin,
      real,
      () => twin.excludeFromWeightDecay(places),
      () => call(real),
    )
    if (twin.order === undefined) real.exclude = call
  })
}

function finalize(places: readonly number[]): Command {
  return command(`finalizeVariableValues(${places})`, (twin, real) => {
    compare(
      twin,
      real,
      () => twin.finalizeVariableValues(places),
      () => real.optimizer.finalizeVariableValues(real.at(places)),
    )
  })
}

/** Named variables in the opposite order, behind the raw ones, which are named by their order. */
function reordered(order: readonly number[], { held }: Real): number[] {
  const isRaw = (place: number) => held[place].start.raw
  return [...order.filter(isRaw), ...order.filter((place) => !isRaw(place)).reverse()]
}

/** Saves, and goes on in a fresh optimizer with copies of the variables, in the same order or another. */
function resume(throughJson: boolean, reorders: boolean): Command {
  const text = `resume through ${throughJson ? 'JSON' : 'structuredClone'}${reorders ? ' in another order' : ''}`
  return command(text, (twin, real) => {
    const store = {}
    real.optimizer.saveOwnVariables(store)
    const read: Record<string, unknown> = throughJson ? JSON.parse(JSON.stringify(store)) : structuredClone(store)
    if (twin.order === undefined) {
      const load = () => real.optimizer.loadOwnVariables(read)
      compare(twin, real, () => ({ throws: Error }), load)
      return
    }
    const saved = valuesByName(real)
    if (reorders) twin.order = reordered(twin.order, real)
    real.replace(twin, real.fresh(twin), real.held.map(copyOfHeld))
    compare(
      twin,
      real,
      () => ok,
      () => real.optimizer.loadOwnVariables(read),
    )
    assert.equal(valuesByName(real), saved)
  })
}

function valuesByName({ optimizer }: Real): Record<string, number[]> {
  return Object.fromEntries(optimizer.variables.map(({ name, value }) => [name, [...value]]))
}

const badWeights = ['none', 'none', 'none', 'count', 'length', 'precision', 'NaN', 'fraction'] as const

/** Sets a state of small numbers, or one with a fault in it. */
function setWeights(numbers: readonly number[], fault: (typeof badWeights)[number]): Command {
  return command(`setWeights, fault: ${fault}`, (twin, real) => {
    let drawn = 0
    const next = () => numbers[drawn++ % numbers.length]
    const state = twin.slots.map(({ list }, k) => list.map(() => (k === 0 ? Math.floor(next()) : next())))
    const weights: unknown[] = state.map((list, k) =>
      k % 2 === 0 ? list : real.optimizer.variables[k]?.value.map((_, i) => list[i]),
    )
    const last = weights.length - 1
    if (fault === 'count') weights.pop()
    if (fault === 'length') weights[last] = [...state[last], 1]
    if (fault === 'precision') weights[last] = otherPrecision(real, state)
    if (fault === 'NaN') weights[last] = state[last].map(() => Number.NaN)
    if (fault === 'fraction') weights[0] = [1.5]
    compare(
      twin,
      real,
      () => {
        if (twin.order === undefined) return { throws: Error }
        if (fault !== 'none') return { throws: RangeError }
        twin.take(state)
        return ok
      },
      () => real.optimizer.setWeights(weights),
    )
  })
}

function otherPrecision({ optimizer }: Real, state: readonly (readonly number[])[]): unknown {
  const { value } = optimizer.variables[state.length - 1]
  // A double that float32 does not hold, or numbers of the right kind but for one too many.
  return value instanceof Float32Array
    ? Float64Array.from(state[state.length - 1], () => 0.1)
    : Float32Array.of(...state[state.length - 1], 1)
}

/** Goes on in an optimizer made from the config. A function as a rate cannot be in one. */
function throughConfig(inKeras: boolean): Command {
  return command(`fromConfig(${inKeras ? 'toJSON()' : 'getConfig()'})`, (twin, real) => {
    const { optimizer } = real
    const write = () => JSON.stringify(inKeras ? optimizer : optimizer.getConfig())
    if (twin.rate.kind === 'function') {
      compare(twin, real, () => ({ throws: Error }), write)
      return
    }
    const made = ClippyAdagrad.fromConfig(JSON.parse(write()))
    assert.equal(made.getConfig(), optimizer.getConfig())
    if (twin.order === undefined) made.iterations = optimizer.iterations
    real.replace(twin, made, real.held)
    compare(
      twin,
      real,
      () => ok,
      () => {
        if (twin.order !== undefined) made.setWeights(optimizer.variables)
      },
    )
  })
}

/** Some variables that are not to be decayed, named in either way. */
export function anyExclusion(count: number): fc.Arbitrary<Command> {
  const some = fc.subarray(Array.from({ length: count }, (_, place) => place))
  return fc.tuple(some, fc.boolean()).map(([places, byName]) => exclude(places, byName))
}

/** Calls of every kind on an optimizer of so many variables, the last of which is seldom named. */
export function anyCommands(count: number): fc.Arbitrary<Iterable<Command>> {
  const places = anyPlaces(count)
  const apply = places.chain((list) =>
    fc.array(anyDraw, { minLength: list.length, maxLength: list.length }).map((draws) => applyGradients(list, draws)),
  )
  const weight = fc.nat({ max: 640 }).map((k) => k / 64)
  const weights = fc.array(weight, { minLength: 5, maxLength: 12 })
  const some = fc.subarray(Array.from({ length: count }, (_, place) => place))
  const place = fc.nat({ max: count - 1 })
  const calls = fc.oneof(
    { weight: 16, arbitrary: apply },
    { weight: 1, arbitrary: fc.tuple(place, fc.nat({ max: 11 })).map(([at, i]) => poisoned(at, i)) },
    { weight: 2, arbitrary: fc.oneof(constantRate, scheduledRate).map(setLearningRate) },
    { weight: 1, arbitrary: fc.constantFrom(0, 3, 7, -1, 1.5).map(setIterations) },
    { weight: 1, arbitrary: fc.constant(build(Array.from({ length: count - 1 }, (_, k) => k))) },
    { weight: 1, arbitrary: anyExclusion(count) },
    { weight: 1, arbitrary: some.map(finalize) },
    { weight: 3, arbitrary: anyChange.map(setAttribute) },
    { weight: 2, arbitrary: fc.tuple(fc.boolean(), fc.boolean()).map((drawn) => resume(...drawn)) },
    { weight: 2, arbitrary: fc.tuple(weights, fc.constantFrom(...badWeights)).map((drawn) => setWeights(...drawn)) },
    { weight: 2, arbitrary: fc.boolean().map(throughConfig) },
  )
  return fc.commands([calls], { size: 'max', maxCommands: 40 })
}

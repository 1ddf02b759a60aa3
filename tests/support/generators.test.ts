import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { step } from '../../src/index.ts'
import * as arbitraries from './arbitraries.ts'
import { type Case, copyOf } from './case.ts'
import { hostileCase } from './hostile.ts'
import { boundTooLow } from './oracle.ts'
import { limitsOf, precisionOf } from './precision.ts'
import { Random } from './random.ts'
import { preconditionedWith } from './violations.ts'

// A law proves little if its inputs never come near the place where it could break. These are the places.
const test = suite('the generators')

const nothing = {
  cases: 0,
  float32: 0,
  clipped: 0,
  free: 0,
  frozen: 0,
  coordinates: 0,
  moved: 0,
  /** Moved by all of the bound but a few ulps of the type. */
  atBound: 0,
  negativeAccumulators: 0,
}

function reached(inputs: readonly Case[]): typeof nothing {
  const counts = { ...nothing }
  for (const input of inputs) count(input, counts)
  return counts
}

function count(input: Case, counts: typeof nothing): void {
  const after = copyOf(input)
  const factor = step(after.variable, after.accumulator, after.gradient, after.options)
  counts.cases += 1
  if (precisionOf(input.variable) === 'float32') counts.float32 += 1
  if (factor === 1) counts.free += 1
  else if (factor === 0) counts.frozen += 1
  else counts.clipped += 1
  const used = preconditionedWith(input, after)
  const { smallestNormal } = limitsOf(precisionOf(input.variable))
  for (let i = 0; i < input.variable.length; i++) {
    counts.coordinates += 1
    if (input.accumulator[i] < 0) counts.negativeAccumulators += 1
    const moved = Math.abs(after.variable[i] - input.variable[i])
    if (moved === 0) continue
    counts.moved += 1
    // One part in 10^5 more would be at, or past, the bound.
    const more = Math.min(moved * (1 + 1e-5), Number.MAX_VALUE)
    if (!boundTooLow(more, input.variable[i], used[i], input.options, smallestNormal)) counts.atBound += 1
  }
}

const fixed = { seed: 7, numRuns: 1000 }
const random = new Random(7)
const sources: ReadonlyArray<[name: string, inputs: readonly Case[]]> = [
  ['the ordinary cases of the laws', fc.sample(arbitraries.ordinaryCase, fixed)],
  ['the hostile cases of the laws', fc.sample(arbitraries.hostileCase, fixed)],
  ['the cases of the fuzz run', Array.from({ length: 1000 }, () => hostileCase(random))],
]

for (const [name, inputs] of sources) {
  test(`${name} reach clipped, free and frozen steps, and coordinates right at their bound`, () => {
    const found = reached(inputs)
    const text = JSON.stringify(found)
    assert.ok(found.float32 > 0.3 * found.cases && found.float32 < 0.7 * found.cases, text)
    for (const share of [found.clipped, found.free]) assert.ok(share > 0.1 * found.cases, text)
    assert.ok(found.frozen > 0, text)
    assert.ok(found.moved > 0.1 * found.coordinates, text)
    assert.ok(found.atBound > 0.03 * found.coordinates, text)
    assert.ok(found.negativeAccumulators > 0, text)
  })

  test(`${name} have every length from 0 to 33`, () => {
    const lengths = new Set(inputs.map(({ variable }) => variable.length))
    for (let length = 0; length <= 33; length++) assert.ok(lengths.has(length), `length ${length} is missing`)
  })
}

test.run()

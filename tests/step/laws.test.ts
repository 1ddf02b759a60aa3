import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clippingBound, clippingFactor, step, updateAccumulator, updateVariable } from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { promise, sameBits, sameNumber } from '../support/assertions.ts'
import { type Case, copyOf, modes, shardOf, withOptions } from '../support/case.ts'
import { exactRatio } from '../support/oracle.ts'
import { plainAdagrad } from '../support/plain-adagrad.ts'
import { type FloatArray, limitsOf, precisionOf } from '../support/precision.ts'
import { holds } from '../support/property.ts'

const test = suite('laws')
const modeNames = Object.keys(modes) as (keyof typeof modes)[]

/** Steps in place. */
function stepped(input: Case): number {
  return step(input.variable, input.accumulator, input.gradient, input.options)
}

/** Below zero, where a + ε may cancel, float32 takes ε in double: more exact than plain Adagrad, so not its bits. */
function withPositiveAccumulator(input: Case, options: Partial<Case['options']>): Case {
  const copy = withOptions(input, options)
  return { ...copy, accumulator: copy.accumulator.map(Math.abs) }
}

function sameOutcome(actual: Case, expected: Case): void {
  sameBits(actual.variable, expected.variable, 'variable')
  sameBits(actual.accumulator, expected.accumulator, 'accumulator')
}

// No clipping.

for (const mode of modeNames) {
  test(`with an infinite absolute threshold a step is plain Adagrad bit for bit (${mode} mode)`, () => {
    holds(arbitraries.ordinaryCase, (drawn) => {
      const input = withPositiveAccumulator(drawn, { ...modes[mode], absoluteThreshold: Infinity })
      const expected = copyOf(input)
      plainAdagrad(expected)
      sameNumber(stepped(input), 1, 'factor')
      sameOutcome(input, expected)
    })
  })

  test(`a step that no bound holds back is plain Adagrad bit for bit (${mode} mode)`, () => {
    holds(arbitraries.ordinaryCase, (drawn) => {
      const input = withPositiveAccumulator(drawn, { ...modes[mode], absoluteThreshold: 1e12 })
      const expected = copyOf(input)
      plainAdagrad(expected)
      sameNumber(stepped(input), 1, 'factor')
      sameOutcome(input, expected)
    })
  })
}

test('a step whose bounds leave a little room everywhere is plain Adagrad, with ordinary thresholds too', () => {
  let free = 0
  holds(
    arbitraries.ordinaryCase,
    (drawn) => {
      const input = withPositiveAccumulator(drawn, modes.delayed)
      const ratio = exactRatio(input.variable, input.accumulator, input.gradient, input.options)
      if (ratio < 1 + 1e-5) return
      free += 1
      const expected = copyOf(input)
      plainAdagrad(expected)
      sameNumber(stepped(input), 1, 'factor')
      sameOutcome(input, expected)
    },
    3000,
  )
  if (free === 0) throw new Error('no generated step was free of clipping, so nothing was tested')
})

test('updateVariable takes lr · factor rounded to the type, wherever a bound leaves room', () => {
  const given = arbitraries.ordinaryCase.chain((input) => arbitraries.factor.map((factor) => ({ input, factor })))
  holds(given, ({ input: drawn, factor }) => {
    const input = withPositiveAccumulator(drawn, {})
    const { variable, accumulator, gradient, options } = copyOf(input)
    const { round } = limitsOf(precisionOf(variable))
    const rate = round(options.learningRate * factor)
    const bounds = clippingBound(variable, accumulator, options)
    updateVariable(variable, accumulator, gradient, factor, options)
    for (let i = 0; i < variable.length; i++) {
      const root = round(Math.sqrt(round(accumulator[i] + round(options.epsilon))))
      const expected = round(input.variable[i] - round(round(rate * gradient[i]) / root))
      if (Math.abs(expected - input.variable[i]) > bounds[i] * (1 - 1e-6)) continue
      promise(Object.is(variable[i], expected), input, `factor ${factor}: [${i}] is ${variable[i]}, not ${expected}`)
    }
  })
})

// Symmetry.

test('the signs of variable and gradient turned around turn the result around', () => {
  holds(arbitraries.anyCase, (input) => {
    const mirrored = copyOf(input)
    for (let i = 0; i < input.variable.length; i++) {
      mirrored.variable[i] = -input.variable[i]
      mirrored.gradient[i] = -input.gradient[i]
    }
    const plain = copyOf(input)
    sameNumber(stepped(mirrored), stepped(plain), 'factor')
    // x − x is +0 on both sides, so the sign of a zero cannot mirror: adding 0 makes −0 into +0.
    const turned = mirrored.variable.map((w) => -w + 0)
    sameBits(
      turned,
      plain.variable.map((w) => w + 0),
      'variable',
    )
    sameBits(mirrored.accumulator, plain.accumulator, 'accumulator')
  })
})

test('a step of the shuffled coordinates is the shuffled step', () => {
  const shuffled = arbitraries.anyCase.chain((input) => {
    const indices = Array.from(input.variable, (_, i) => i)
    const order = fc.shuffledSubarray(indices, { minLength: indices.length, maxLength: indices.length })
    return order.map((places) => ({ input, places }))
  })
  holds(shuffled, ({ input, places }) => {
    const permute = (array: FloatArray) => array.map((_, i) => array[places[i]])
    const permuted: Case = {
      variable: permute(input.variable),
      accumulator: permute(input.accumulator),
      gradient: permute(input.gradient),
      options: input.options,
    }
    const plain = copyOf(input)
    sameNumber(stepped(permuted), stepped(plain), 'factor')
    sameBits(permuted.variable, permute(plain.variable), 'variable')
    sameBits(permuted.accumulator, permute(plain.accumulator), 'accumulator')
  })
})

// Scaling. Powers of two, and ordinary numbers: nothing rounds differently and nothing underflows.

const power = fc.integer({ min: -8, max: 8 }).map((k) => 2 ** k)

test('variable, thresholds and learning rate in another unit give the step in that unit', () => {
  holds(
    arbitraries.ordinaryCase.chain((input) => power.map((unit) => ({ input, unit }))),
    ({ input, unit }) => {
      const { learningRate, accumulatorRelativeThreshold, absoluteThreshold } = input.options
      const scaled = withOptions(input, {
        learningRate: learningRate * unit,
        accumulatorRelativeThreshold: accumulatorRelativeThreshold * unit,
        absoluteThreshold: absoluteThreshold * unit,
      })
      for (let i = 0; i < scaled.variable.length; i++) scaled.variable[i] *= unit
      const plain = copyOf(input)
      sameNumber(stepped(scaled), stepped(plain), 'factor')
      sameBits(
        scaled.variable,
        plain.variable.map((w) => w * unit),
        'variable',
      )
      sameBits(scaled.accumulator, plain.accumulator, 'accumulator')
    },
  )
})

/** Whether no gradient's square, in either unit, has lost digits to subnormal numbers of the type. */
function hasNormalSquares({ gradient }: Case, unit: number): boolean {
  const { smallestNormal } = limitsOf(precisionOf(gradient))
  const least = Math.min(1, unit) ** 2
  return Array.from(gradient).every((g) => g === 0 || g * g * least >= smallestNormal)
}

test('gradients in another unit, with the accumulator and epsilon in its square, give the same step while g² is normal', () => {
  let taken = 0
  holds(
    arbitraries.ordinaryCase.chain((input) => power.map((unit) => ({ input, unit }))),
    ({ input, unit }) => {
      if (!hasNormalSquares(input, unit)) return
      taken++
      const { epsilon, accumulatorRelativeThreshold } = input.options
      const scaled = withOptions(input, {
        epsilon: epsilon * unit ** 2,
        accumulatorRelativeThreshold: accumulatorRelativeThreshold * unit,
      })
      for (let i = 0; i < scaled.variable.length; i++) {
        scaled.gradient[i] *= unit
        scaled.accumulator[i] *= unit ** 2
      }
      const plain = copyOf(input)
      sameNumber(stepped(scaled), stepped(plain), 'factor')
      sameBits(scaled.variable, plain.variable, 'variable')
      sameBits(
        scaled.accumulator,
        plain.accumulator.map((a) => a * unit ** 2),
        'accumulator',
      )
    },
  )
  assert.ok(taken > 500)
})

// Composition.

/** The step of the design's section 3, from its parts; `shards` share the smallest factor. */
function stepInParts(
  shards: readonly Case[],
  { clipAccumulatorUpdate, useStandardAccumulatorUpdate }: Case['options'],
) {
  if (useStandardAccumulatorUpdate)
    for (const { accumulator, gradient } of shards) updateAccumulator(accumulator, gradient)
  const factors = shards.map(({ variable, accumulator, gradient, options }) =>
    clippingFactor(variable, accumulator, gradient, options),
  )
  const factor = Math.min(1, ...factors)
  for (const { variable, accumulator, gradient, options } of shards) {
    updateVariable(variable, accumulator, gradient, factor, options)
    if (!useStandardAccumulatorUpdate) updateAccumulator(accumulator, gradient, clipAccumulatorUpdate ? factor : 1)
  }
  return factor
}

for (const mode of modeNames) {
  test(`the parts compose to step bit for bit (${mode} mode)`, () => {
    holds(arbitraries.anyCase, (drawn) => {
      const parts = withOptions(drawn, modes[mode])
      const whole = copyOf(parts)
      sameNumber(stepInParts([parts], parts.options), stepped(whole), 'factor')
      sameOutcome(parts, whole)
    })
  })

  test(`shards that share the smallest factor give the bits of the whole (${mode} mode)`, () => {
    const cut = arbitraries.anyCase.chain((input) =>
      fc
        .array(fc.integer({ min: 0, max: input.variable.length }), { maxLength: 4 })
        .map((cuts) => ({ input, cuts: [0, ...cuts.sort((a, b) => a - b), input.variable.length] })),
    )
    holds(cut, ({ input: drawn, cuts }) => {
      const sharded = withOptions(drawn, modes[mode])
      const whole = copyOf(sharded)
      const shards = cuts.slice(1).map((end, i) => shardOf(sharded, cuts[i], end))
      sameNumber(stepInParts(shards, sharded.options), stepped(whole), 'factor')
      sameOutcome(sharded, whole)
    })
  })
}

test('without a factor updateAccumulator takes the gradient as it is', () => {
  holds(arbitraries.anyCase, ({ accumulator, gradient }) => {
    const explicit = accumulator.slice()
    updateAccumulator(explicit, gradient, 1)
    updateAccumulator(accumulator, gradient)
    sameBits(accumulator, explicit, 'accumulator')
  })
})

// The accumulator.

test('the accumulator becomes a + (factor · g)², rounded to the type after every operation', () => {
  holds(
    arbitraries.anyCase.chain((input) => arbitraries.factor.map((factor) => ({ input, factor }))),
    (drawn) => {
      const { input, factor } = drawn
      const { round, largest } = limitsOf(precisionOf(input.variable))
      const expected = input.accumulator.map((a, i) => {
        const clipped = round(factor * input.gradient[i])
        return Math.min(largest, round(a + round(clipped * clipped)))
      })
      updateAccumulator(input.accumulator, input.gradient, factor)
      sameBits(input.accumulator, expected, `with factor ${factor}, accumulator`)
    },
  )
})

test('no step lowers an accumulator', () => {
  holds(arbitraries.anyCase, (input) => {
    const before = input.accumulator.slice()
    stepped(input)
    for (let i = 0; i < before.length; i++) {
      promise(input.accumulator[i] >= before[i], input, `[${i}] fell from ${before[i]}`)
    }
  })
})

// Where the numbers lie in memory.

test('views at any offset give the bits of copies, and nothing outside them changes', () => {
  const guard = 7
  const offset = fc.integer({ min: 1, max: 5 })
  const placed = arbitraries.anyCase.chain((input) => fc.tuple(offset, offset, offset).map((at) => ({ input, at })))
  holds(placed, ({ input, at }) => {
    const embed = (array: FloatArray, start: number) => {
      const whole = new (array instanceof Float32Array ? Float32Array : Float64Array)(array.length + 10).fill(guard)
      whole.set(array, start)
      return whole.subarray(start, start + array.length)
    }
    const views: Case = {
      variable: embed(input.variable, at[0]),
      accumulator: embed(input.accumulator, at[1]),
      gradient: embed(input.gradient, at[2]),
      options: input.options,
    }
    const copies = copyOf(input)
    sameNumber(stepped(views), stepped(copies), 'factor')
    sameOutcome(views, copies)
    sameBits(views.gradient, input.gradient, 'gradient')
    for (const view of [views.variable, views.accumulator, views.gradient]) {
      const whole = view instanceof Float32Array ? new Float32Array(view.buffer) : new Float64Array(view.buffer)
      const start = view.byteOffset / view.BYTES_PER_ELEMENT
      const outside = [...whole.subarray(0, start), ...whole.subarray(start + view.length)]
      promise(
        outside.every((x) => x === guard),
        input,
        'a number outside the view changed',
      )
    }
  })
})

test('the three arrays may lie side by side in one buffer', () => {
  holds(arbitraries.anyCase, (input) => {
    const { length } = input.variable
    const whole = new (input.variable instanceof Float32Array ? Float32Array : Float64Array)(3 * length)
    whole.set(input.variable, 0)
    whole.set(input.accumulator, length)
    whole.set(input.gradient, 2 * length)
    const together: Case = {
      variable: whole.subarray(0, length),
      accumulator: whole.subarray(length, 2 * length),
      gradient: whole.subarray(2 * length),
      options: input.options,
    }
    const apart = copyOf(input)
    sameNumber(stepped(together), stepped(apart), 'factor')
    sameOutcome(together, apart)
  })
})

// Nothing to do.

test('a factor of 0 or a learning rate of 0 moves no variable', () => {
  holds(arbitraries.anyCase, (input) => {
    const { variable, accumulator, gradient, options } = copyOf(input)
    updateVariable(variable, accumulator, gradient, 0, options)
    updateVariable(variable, accumulator, gradient, 1, { ...options, learningRate: 0 })
    for (let i = 0; i < variable.length; i++) {
      promise(variable[i] === input.variable[i], input, `[${i}] moved to ${variable[i]}`)
    }
  })
})

test.run()

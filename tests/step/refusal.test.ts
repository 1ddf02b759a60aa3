import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { clippingBound, clippingFactor, step, updateAccumulator, updateVariable } from '../../src/index.ts'
import * as arbitraries from '../support/arbitraries.ts'
import { bytesOfCase, promise, refuses, sameBytes, word } from '../support/assertions.ts'
import { type Case, caseOf, copyOf, modes, type Options, withOptions } from '../support/case.ts'
import { arrayOf, type FloatArray, type Precision, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'

// Promise 3: what is refused has changed nothing.
const test = suite('all or nothing')

type Role = 'variable' | 'accumulator' | 'gradient'

/** Every public function of the dense step, and the arrays it reads. */
const functions: ReadonlyArray<{ name: string; reads: readonly Role[]; call: (input: Case) => unknown }> = [
  {
    name: 'step',
    reads: ['variable', 'accumulator', 'gradient'],
    call: ({ variable, accumulator, gradient, options }) => step(variable, accumulator, gradient, options),
  },
  {
    name: 'clippingFactor',
    reads: ['variable', 'accumulator', 'gradient'],
    call: ({ variable, accumulator, gradient, options }) => clippingFactor(variable, accumulator, gradient, options),
  },
  {
    name: 'updateVariable',
    reads: ['variable', 'accumulator', 'gradient'],
    call: ({ variable, accumulator, gradient, options }) =>
      updateVariable(variable, accumulator, gradient, 0.5, options),
  },
  {
    name: 'updateAccumulator',
    reads: ['accumulator', 'gradient'],
    call: ({ accumulator, gradient }) => updateAccumulator(accumulator, gradient, 0.5),
  },
  {
    name: 'clippingBound',
    reads: ['variable', 'accumulator'],
    call: ({ variable, accumulator, options }) => clippingBound(variable, accumulator, options),
  },
]

/** The call is refused in these words, and every byte below the three arrays is as it was. */
function refusesUntouched(
  call: (input: Case) => unknown,
  input: Case,
  kind: typeof RangeError | typeof TypeError,
  ...words: readonly (string | RegExp)[]
): void {
  const before = bytesOfCase(input)
  refuses(() => call(input), kind, ...words)
  sameBytes(bytesOfCase(input), before, 'a refused call wrote')
}

const example = (precision: Precision, options: Partial<Options> = {}): Case =>
  caseOf(precision, { variable: [1, 2, 3], accumulator: [0.1, 0.1, 0.1], gradient: [1, -1, 0.5] }, options)

// What a number may not be.

const notEmpty = arbitraries.anyCase.filter(({ variable }) => variable.length > 0)

for (const { name, reads, call } of functions) {
  test(`${name} refuses a NaN or ±∞ anywhere, names array, index and value, and has changed no byte`, () => {
    const faulty = notEmpty.chain((input) =>
      fc
        .tuple(
          fc.constantFrom(...reads),
          fc.nat({ max: input.variable.length - 1 }),
          fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
        )
        .map(([role, index, value]) => ({ input, role, index, value })),
    )
    holds(faulty, ({ input, role, index, value }) => {
      const broken = copyOf(input)
      broken[role][index] = value
      refusesUntouched(call, broken, RangeError, role, word(index), word(value))
    })
  })

  test(`${name} finds a NaN at every place of every length`, () => {
    for (const precision of precisions) {
      for (const role of reads) {
        for (let length = 1; length <= 34; length++) {
          const ones = new Array<number>(length).fill(1)
          for (let index = 0; index < length; index++) {
            const input = caseOf(precision, { variable: ones, accumulator: ones, gradient: ones })
            input[role][index] = Number.NaN
            refusesUntouched(call, input, RangeError, role, word(index), word(Number.NaN))
          }
        }
      }
    }
  })

  test(`${name} refuses arrays of different lengths`, () => {
    for (const precision of precisions) {
      for (const role of reads) {
        for (const length of [0, 2, 4]) {
          const input = { ...example(precision), [role]: arrayOf(precision, new Array<number>(length).fill(1)) }
          refusesUntouched(call, input, RangeError, word(length))
        }
      }
    }
  })

  test(`${name} refuses arrays of different precisions`, () => {
    for (const [precision, other] of [precisions, [...precisions].reverse()]) {
      for (const role of reads) {
        const input = { ...example(precision), [role]: example(other)[role] }
        refusesUntouched(call, input, TypeError, 'Float32Array', 'Float64Array')
      }
    }
  })

  test(`${name} refuses one array, or one stretch of memory, for two roles`, () => {
    for (const precision of precisions) {
      for (const first of reads) {
        for (const second of reads) {
          if (first === second) continue
          const input = example(precision)
          refusesUntouched(call, { ...input, [second]: input[first] }, TypeError)
          refusesUntouched(call, { ...input, [second]: input[first].subarray(0) }, TypeError)
        }
      }
    }
  })

  test(`${name} refuses what is no Float32Array or Float64Array`, () => {
    const wrong: readonly unknown[] = [
      [1, 2, 3],
      new Int32Array(3),
      null,
      undefined,
      3,
      'abc',
      new DataView(new ArrayBuffer(24)),
    ]
    for (const role of reads) {
      for (const value of wrong) {
        const input = example('float32')
        const before = bytesOfCase(input)
        refuses(() => call({ ...input, [role]: value as FloatArray }), TypeError, role)
        sameBytes(bytesOfCase(input), before, 'a refused call wrote')
      }
    }
  })
}

for (const { name, reads, call } of functions) {
  if (!reads.includes('accumulator') || name === 'updateAccumulator') continue

  test(`${name} refuses a + ε below zero`, () => {
    for (const precision of precisions) {
      for (const [accumulator, epsilon] of [
        [-1, 1e-7],
        [-1, 0],
        [-5e-40, 0],
        [-1e30, 1e29],
      ]) {
        for (let index = 0; index < 3; index++) {
          const input = example(precision, { epsilon })
          input.accumulator[index] = accumulator
          refusesUntouched(call, input, RangeError, 'accumulator', word(index), word(input.accumulator[index]))
        }
      }
    }
  })
}

test('a sum of squares that is below zero by less than its rounding is a RangeError too', () => {
  let refused = 0
  for (let k = 0; k < 200; k++) {
    const g = Float32Array.of(Math.SQRT1_2 + (k - 100) * 2 ** -24)
    const call = () =>
      step(Float32Array.of(1), Float32Array.of(-0.5), g, { epsilon: 2.5e-8, useStandardAccumulatorUpdate: true })
    try {
      call()
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error))
      refused++
    }
  }
  // Some of them are above zero.
  assert.ok(refused > 20 && refused < 180, `${refused} refused`)
})

test('step refuses a + ε below zero in every mode, also where the gradient is 0', () => {
  for (const precision of precisions) {
    for (const mode of Object.values(modes)) {
      const input = example(precision, mode)
      input.accumulator[1] = -2
      input.gradient[1] = 0
      refusesUntouched(
        ({ variable, accumulator, gradient, options }) => step(variable, accumulator, gradient, options),
        input,
        RangeError,
        'accumulator',
        word(1),
        word(-2),
      )
    }
  }
})

// Options.

const numeric = [
  'learningRate',
  'epsilon',
  'variableRelativeThreshold',
  'accumulatorRelativeThreshold',
  'absoluteThreshold',
] as const

const withOptionsArgument = functions.filter(({ name }) => name !== 'updateAccumulator')

for (const { name, call } of withOptionsArgument) {
  test(`${name} refuses a negative, NaN or infinite option, and says which and what`, () => {
    for (const option of numeric) {
      for (const value of [-1, -5e-324, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
        // The one exception: an infinite absolute threshold switches clipping off.
        if (option === 'absoluteThreshold' && value === Number.POSITIVE_INFINITY) continue
        refusesUntouched(call, example('float32', { [option]: value }), RangeError, option, word(value))
      }
    }
  })

  test(`${name} refuses an option that is no number`, () => {
    for (const option of numeric) {
      for (const value of ['0.1', null, true, {}]) {
        const input = example('float64')
        const options = { ...input.options, [option]: value } as unknown as Options
        refusesUntouched(call, { ...input, options }, TypeError, option)
      }
    }
  })

  test(`${name} refuses both accumulator modes at once`, () => {
    const both = { clipAccumulatorUpdate: true, useStandardAccumulatorUpdate: true }
    refusesUntouched(
      call,
      example('float32', both),
      RangeError,
      'clipAccumulatorUpdate',
      'useStandardAccumulatorUpdate',
    )
  })
}

test('a factor outside [0, 1] is refused', () => {
  for (const precision of precisions) {
    for (const factor of [-1e-9, 1 + 2 ** -52, 2, Number.NaN, Infinity, -Infinity]) {
      refusesUntouched(
        ({ variable, accumulator, gradient, options }) =>
          updateVariable(variable, accumulator, gradient, factor, options),
        example(precision),
        RangeError,
        'factor',
        word(factor),
      )
      refusesUntouched(
        ({ accumulator, gradient }) => updateAccumulator(accumulator, gradient, factor),
        example(precision),
        RangeError,
        'factor',
        word(factor),
      )
    }
  }
})

test('several faults at once are refused too, whatever the mode', () => {
  holds(notEmpty, (drawn) => {
    for (const mode of Object.values(modes)) {
      const input = withOptions(drawn, mode)
      const last = input.variable.length - 1
      input.gradient[last] = Number.NaN
      input.accumulator[0] = Number.POSITIVE_INFINITY
      promise(precisionOf(input.variable) === precisionOf(drawn.variable), input, 'the copy lost its precision')
      refusesUntouched(
        ({ variable, accumulator, gradient, options }) => step(variable, accumulator, gradient, options),
        input,
        RangeError,
      )
    }
  })
})

test.run()

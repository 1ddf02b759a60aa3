import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { allocate, clippingFactor, type SparseGradient, step, updateVariable } from '../../src/index.ts'
import { updateBlock } from '../../src/step/loops/driver.ts'
import { homeOf } from '../../src/step/loops/in-place.ts'
import { operandsOf } from '../../src/step/operands.ts'
import { smallestFactor, update } from '../../src/step/step.ts'
import { anyCase, ordinaryCase } from '../support/arbitraries.ts'
import { sameBits, sameNumber } from '../support/assertions.ts'
import { hyperparametersOf, portableBlock, stepOn, tiled } from '../support/blocks.ts'
import { type Case, caseOf, copyOf, modes, withOptions } from '../support/case.ts'
import { type FloatArray, precisionOf, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'

/** Wherever a step finds its arrays, and however it cuts them, it gives what the portable loops give in one piece. */
const test = suite('blocks')

type Place = (input: Case) => Case

function allocated(input: Case): Case {
  const { variable, accumulator, gradient, options } = input
  const arrays = allocate(variable.length, { precision: precisionOf(variable) })
  arrays.variable.set(variable)
  arrays.accumulator.set(accumulator)
  arrays.gradient.set(gradient)
  return { ...arrays, options }
}

/** Variable and accumulator in the memory of a kernel, `gap` values from its end; the gradient elsewhere. */
function nearTheEnd(input: Case): Case {
  const precision = hyperparametersOf(input).precision
  const { length } = input.variable
  const { buffer } = allocate(length, { precision: precisionOf(input.variable) }).variable
  if (homeOf(buffer) === undefined) return copyOf(input)
  const end = Math.floor(buffer.byteLength / precision.bytes)
  const place = (array: FloatArray, from: number) => {
    const view = new precision.Kind(buffer, from * precision.bytes, length)
    view.set(array)
    return view
  }
  // Over the scratch room, which a gradient from elsewhere must not be brought to then.
  const variable = place(input.variable, end - length)
  const accumulator = place(input.accumulator, Math.max(0, end - 2 * length))
  return { variable, accumulator, gradient: input.gradient.slice(), options: input.options }
}

const places: Readonly<Record<string, Place>> = {
  ordinary: copyOf,
  allocated,
  'allocated, gradient elsewhere': (input) => ({ ...allocated(input), gradient: input.gradient.slice() }),
  'allocated, accumulator elsewhere': (input) => ({ ...allocated(input), accumulator: input.accumulator.slice() }),
  'allocated, variable elsewhere': (input) => ({ ...allocated(input), variable: input.variable.slice() }),
  'allocated, two kernels': (input) => ({ ...allocated(input), accumulator: allocated(input).accumulator }),
  'over the scratch room': nearTheEnd,
}
const placeNames = Object.keys(places)

function sameStep(input: Case, ...names: readonly string[]): void {
  const portable = portableBlock(input)
  const expected = stepOn(portable, hyperparametersOf(input))
  for (const name of names) {
    const { variable, accumulator, gradient, options } = places[name](input)
    const what = `${name}, length ${variable.length}`
    sameNumber(step(variable, accumulator, gradient, options), expected, `${what}, the factor`)
    sameBits(variable, portable.variable, `${what}, the variable`)
    sameBits(accumulator, portable.accumulator, `${what}, the accumulator`)
    sameBits(gradient, input.gradient, `${what}, the gradient`)
  }
}

test('a step has the same bits wherever its arrays lie', () => {
  const length = fc.oneof(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 1000, max: 1100 }))
  holds(fc.tuple(anyCase, length, fc.constantFrom(...placeNames)), ([small, n, name]) => {
    sameStep(tiled(small, n), name)
  })
})

/** One that is clipped, since a step whose factor is 1 does not show which block it was found in. */
const clipped = fc.sample(ordinaryCase, { numRuns: 200, seed: 23 }).filter((input) => {
  const factor = clippingFactor(input.variable, input.accumulator, input.gradient, input.options)
  return factor > 0 && factor < 0.9
})

for (const precision of precisions) {
  const small = clipped.find(({ variable }) => precisionOf(variable) === precision && variable.length > 4)

  test(`around the lengths where a step changes its way, it has the same bits in every mode (${precision})`, () => {
    assert.ok(small !== undefined)
    for (const boundary of [16, 1024, 16_384, precision === 'float32' ? 65_536 : 32_768]) {
      for (const off of [-1, 0, 1]) {
        const input = tiled(small, boundary + off)
        const chosen = boundary < 16_384 || off === 1 ? Object.values(modes) : [modes.delayed]
        for (const mode of chosen) sameStep(withOptions(input, mode), ...placeNames)
      }
    }
  })

  test(`the coordinate that holds a step back is found in every block, first and last (${precision})`, () => {
    for (const [length, ats] of [
      [40_000, [0, 16_383, 16_384, 32_767, 32_768, 39_999]],
      [1500, [0, 1023, 1499]],
      [33, [0, 15, 16, 31, 32]],
    ] as const) {
      const ones = new Array<number>(length).fill(1)
      for (const at of ats) {
        const input = caseOf(precision, { variable: ones, accumulator: ones, gradient: ones })
        input.gradient[at] = 10_000
        sameStep(input, ...placeNames)
        input.gradient[at] = Number.NaN
        for (const name of placeNames) {
          const placed = places[name](input)
          assert.throws(
            () => step(placed.variable, placed.accumulator, placed.gradient, placed.options),
            (error: unknown) => error instanceof RangeError && error.message.includes(`gradient[${at}] is NaN`),
          )
          sameBits(placed.variable, input.variable, `${name}: a refused step wrote`)
          sameBits(placed.accumulator, input.accumulator, `${name}: a refused step wrote`)
        }
      }
    }
  })
}

/** On shared memory, which ends with the gradient. */
function sharedWithThreads(input: Case): Case {
  const { variable, accumulator, gradient, options } = input
  const arrays = allocate(variable.length, { precision: precisionOf(variable), shared: true })
  arrays.variable.set(variable)
  arrays.accumulator.set(accumulator)
  arrays.gradient.set(gradient)
  return { ...arrays, options }
}

for (const precision of precisions) {
  test(`arrays so long that their pages are begun ahead have the same bits, up to the end of their memory (${precision})`, () => {
    const small = clipped.find(({ variable }) => precisionOf(variable) === precision && variable.length > 4)
    assert.ok(small !== undefined)
    const length = 2 ** 22 / (precision === 'float32' ? 4 : 8) + 1037
    const input = tiled(small, length)
    // So that the factor falls at the edges of a page, inside one, and near the end.
    for (const at of [1023, 1024, 5000, length - 2]) input.gradient[at] = 8 * input.gradient[at] + at
    const portable = portableBlock(input)
    const expected = stepOn(portable, hyperparametersOf(input))
    for (const place of [allocated, sharedWithThreads]) {
      const { variable, accumulator, gradient, options } = place(input)
      sameNumber(step(variable, accumulator, gradient, options), expected, `${place.name}, the factor`)
      sameBits(variable, portable.variable, `${place.name}, the variable`)
      sameBits(accumulator, portable.accumulator, `${place.name}, the accumulator`)
    }
  })
}

test('where it ought to be, an allocation is worked on in place', () => {
  const small = allocated(caseOf('float32', { variable: [1], accumulator: [1], gradient: [1] }))
  assert.is(homeOf(small.variable.buffer) === undefined, typeof WebAssembly === 'undefined')
})

// What lies on the stage belongs to the step that has brought it there.

function ordinary(length: number, precision: 'float32' | 'float64', scale: number): Case {
  const wave = (size: number) => Array.from({ length }, (_, i) => size * (1.5 + Math.sin(scale * i)))
  const values = { variable: wave(1), accumulator: wave(0.1), gradient: wave(scale) }
  return caseOf(precision, values, { learningRate: 0.1 })
}

const several = () =>
  precisions.flatMap((precision) =>
    [20, 21, 200, 20, 64, 5, 5000, 20].map((length, k) => ordinary(length, precision, 5 / (k + 1))),
  )

test('steps of several variables, all decided before any is updated, have the bits of steps one by one', () => {
  const apart = several().map((input) => ({ input, block: portableBlock(input) }))
  const factors = apart.map(({ input, block }) => stepOn(block, hyperparametersOf(input)))
  const together = several().map((input) => {
    const h = hyperparametersOf(input)
    return { input, h, operands: operandsOf(input.variable, input.accumulator, input.gradient, h.precision) }
  })
  const decided = together.map(({ operands, h }) => smallestFactor(operands, h))
  decided.forEach((factor, k) => {
    sameNumber(factor, factors[k], `factor ${k}`)
  })
  together.forEach(({ operands, h }, k) => {
    update(operands, decided[k], h)
  })
  together.forEach(({ input }, k) => {
    sameBits(input.variable, apart[k].block.variable, `variable ${k}`)
    sameBits(input.accumulator, apart[k].block.accumulator, `accumulator ${k}`)
  })
})

test('an update works on what the arrays hold then, whatever they held when it was decided', () => {
  for (const input of several()) {
    const h = hyperparametersOf(input)
    const operands = operandsOf(input.variable, input.accumulator, input.gradient, h.precision)
    const factor = smallestFactor(operands, h)
    // A hook, say.
    for (let i = 0; i < input.variable.length; i++) {
      input.variable[i] *= 1.5
      input.accumulator[i] += 1
      input.gradient[i] *= -0.5
    }
    const expected = portableBlock(input)
    updateBlock(expected, factor, true, h)
    update(operands, factor, h)
    sameBits(input.variable, expected.variable, 'the variable')
    sameBits(input.accumulator, expected.accumulator, 'the accumulator')
  }
})

test('a short step after a long one takes nothing that the long one has left', () => {
  for (const precision of precisions) {
    for (let length = 16; length <= 40; length++) {
      const long = ordinary(200, precision, 1)
      long.gradient.fill(1e6)
      step(long.variable, long.accumulator, long.gradient, long.options)
      sameStep(ordinary(length, precision, 1e-3), 'ordinary')
    }
  }
})

test('more lengths than views are kept for, again and again, have the same bits', () => {
  for (let round = 0; round < 2; round++) {
    for (let length = 16; length < 16 + 150; length++) sameStep(ordinary(length, 'float32', 2), 'ordinary')
  }
})

// Sparse.

/** The step on the rows alone, gathered by hand, with repeated ones summed. */
function sameSparse(input: Case, { indices, values }: SparseGradient, what: string): void {
  const width = values.length / indices.length
  const sums = new Map<number, FloatArray>()
  Array.from(indices as ArrayLike<number>).forEach((row, k) => {
    const sum = sums.get(row)
    const own = values.subarray(k * width, (k + 1) * width)
    if (sum === undefined) sums.set(row, own.slice())
    else for (let c = 0; c < width; c++) sum[c] += own[c]
  })
  const rows = [...sums.keys()].sort((x, y) => x - y)
  const pick = (array: FloatArray) => {
    const picked = array.slice(0, rows.length * width)
    rows.forEach((row, k) => {
      picked.set(array.subarray(row * width, (row + 1) * width), k * width)
    })
    return picked
  }
  const gradient = values.slice(0, rows.length * width)
  rows.forEach((row, k) => {
    gradient.set(sums.get(row) ?? [], k * width)
  })
  const picked = portableBlock({
    ...input,
    variable: pick(input.variable),
    accumulator: pick(input.accumulator),
    gradient,
  })
  const expected = copyOf(input)
  const factor = stepOn(picked, hyperparametersOf(input))
  rows.forEach((row, k) => {
    expected.variable.set(picked.variable.subarray(k * width, (k + 1) * width), row * width)
    expected.accumulator.set(picked.accumulator.subarray(k * width, (k + 1) * width), row * width)
  })
  const taken = copyOf(input)
  sameNumber(step(taken.variable, taken.accumulator, { indices, values }, taken.options), factor, `${what}, the factor`)
  sameBits(taken.variable, expected.variable, `${what}, the variable`)
  sameBits(taken.accumulator, expected.accumulator, `${what}, the accumulator`)
}

test('a sparse step is the step on its rows, and touches no other', () => {
  const shape = fc.record({ width: fc.integer({ min: 1, max: 40 }), rows: fc.integer({ min: 1, max: 30 }) })
  const drawn = fc.tuple(anyCase, shape, fc.array(fc.nat(), { minLength: 1, maxLength: 40 }))
  holds(drawn, ([small, { width, rows }, numbers]) => {
    if (small.variable.length === 0) return
    const indices = numbers.map((n) => n % rows)
    const values = tiled(small, indices.length * width).gradient
    const input = tiled(small, width * rows)
    // Sums that overflow are refused; that is told elsewhere.
    const largest = Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0) * indices.length
    if (!Number.isFinite(hyperparametersOf(input).precision.round(largest))) return
    sameSparse(input, { indices, values }, `${rows} rows of ${width}`)
  })
})

for (const precision of precisions) {
  test(`a sparse step around the room of the stage and its blocks has the same bits (${precision})`, () => {
    const small = clipped.find(({ variable }) => precisionOf(variable) === precision && variable.length > 4)
    assert.ok(small !== undefined)
    const room = precision === 'float32' ? 2 ** 20 : 2 ** 19
    for (const [width, rows, touched] of [
      [16, 1030, 1024],
      [16, 1030, 1025],
      [64, room / 64 + 9, room / 64],
      [64, room / 64 + 9, room / 64 + 1],
      [100_000, 12, 11],
      [room + 1, 1, 1],
    ]) {
      const input = tiled(small, width * rows)
      const indices = Array.from({ length: touched }, (_, k) => rows - 1 - k)
      sameSparse(input, { indices, values: tiled(small, touched * width).gradient }, `${touched} rows of ${width}`)
    }
  })

  test(`a dense step of more than the stage holds has the same bits (${precision})`, () => {
    const small = clipped.find(({ variable }) => precisionOf(variable) === precision && variable.length > 4)
    assert.ok(small !== undefined)
    const room = precision === 'float32' ? 2 ** 20 : 2 ** 19
    sameStep(tiled(small, room + 1), 'ordinary')
    sameStep(tiled(small, room + 1), 'allocated, gradient elsewhere')
  })

  test(`updateVariable puts back the rows it has moved, in blocks too, and leaves the accumulator (${precision})`, () => {
    for (const length of [10, 40, 70_000]) {
      const input = ordinary(length, precision, 3)
      const { variable, accumulator, gradient, options } = copyOf(input)
      updateVariable(variable, accumulator, gradient, 0.25, options)
      sameBits(accumulator, input.accumulator, 'the accumulator')
      const shards = copyOf(input)
      for (let from = 0; from < length; from += 13) {
        const part = (array: FloatArray) => array.subarray(from, from + 13)
        updateVariable(part(shards.variable), part(shards.accumulator), part(shards.gradient), 0.25, options)
      }
      sameBits(variable, shards.variable, 'the variable')
    }
  })
}

test.run()

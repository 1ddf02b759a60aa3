import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  ExponentialDecay,
  type FloatArray,
  type GradientAndVariable,
  step,
  Variable,
  type WeightDecayExclusions,
} from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, limitsOf, type Precision, precisions } from '../support/precision.ts'
import { fails, untouched } from '../support/untouched.ts'

// Decoupled weight decay, and what is exempt from it.
const test = suite('optimizer: weight decay')

/** w − w · decay · rate, every operation rounded to the type. */
function decayed(precision: Precision, values: FloatArray, decay: number, rate: number): FloatArray {
  const { round } = limitsOf(precision)
  return values.map((w) => w - round(round(w * round(decay)) * round(rate)))
}

for (const precision of precisions) {
  const dense = (...values: number[]) => arrayOf(precision, values)

  test(`it takes w · weightDecay · learningRate off every value, before the update (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ learningRate: 0.3, weightDecay: 0.7 })
    const w = dense(0.1, -2, 3.3)
    const expected = w.slice()
    const accumulator = dense(0.1, 0.1, 0.1)
    for (const gradient of [dense(1, 2, 3), dense(-0.1, 0, 7)]) {
      expected.set(decayed(precision, expected, 0.7, 0.3))
      step(expected, accumulator, gradient, { learningRate: 0.3 })
      optimizer.applyGradients([[gradient, w]])
      sameBits(w, expected, 'variable')
      sameBits(optimizer.variables[1].value, accumulator, 'accumulator')
    }
  })

  test(`a sparse gradient's variable decays on every row (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.5 })
    const table = new Variable(dense(1, 2, 3, 4, 5, 6), { name: 'table', shape: [3, 2] })
    optimizer.applyGradients([[{ indices: [1], values: dense(0, 0) }, table]])
    assert.equal([...table.value], [0.75, 1.5, 2.25, 3, 3.75, 4.5])
  })

  test(`the rate is that of the step under a schedule (${precision})`, () => {
    const learningRate = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 })
    const optimizer = new ClippyAdagrad({ learningRate, weightDecay: 0.5 })
    const w = dense(8)
    const rest = () => optimizer.applyGradients([[dense(0), w]])
    rest()
    assert.is(w[0], 4)
    rest()
    assert.is(w[0], 3)
    rest()
    assert.is(w[0], 3 - 3 / 8)
  })

  test(`a rate times weight decay above 2 would make weights grow: refused, and no variable has moved (${precision})`, () => {
    const [first, second] = [dense(1, 2), new Variable(dense(0, -1), { name: 'second' })]
    const pairs: GradientAndVariable[] = [
      [dense(1, 1), first],
      [dense(1, 1), second],
    ]
    for (const [learningRate, weightDecay] of [
      [1, 2.001],
      [30, 0.1],
      [1e39, 1e-38],
    ]) {
      const optimizer = new ClippyAdagrad({ learningRate, weightDecay })
      optimizer.excludeFromWeightDecay({ varList: [first] })
      optimizer.build([first, second])
      untouched(optimizer, [first, second.value], () => {
        refuses(() => optimizer.applyGradients(pairs), RangeError, "'second'", 'weight decay', 'above 2')
      })
      // Where nothing decays, the product does not count.
      assert.is(optimizer.applyGradients(pairs.slice(0, 1)), 1)
    }
  })

  test(`what a weight decays to does not depend on those beside it (${precision})`, () => {
    const { largest } = limitsOf(precision)
    const options = { learningRate: 1.7, weightDecay: 1.1, absoluteThreshold: 0 }
    const [alone, beside] = [dense(0.3, 0.7), dense(0.3, 0.7, largest)]
    new ClippyAdagrad(options).applyGradients([[dense(0, 0), alone]])
    new ClippyAdagrad(options).applyGradients([[dense(0, 0, 0), beside]])
    sameBits(beside.subarray(0, 2), alone, 'the weights beside an overflow')
    assert.ok(Number.isFinite(beside[2]))
  })

  test(`up to 2 no weight grows, however large, and what does not fit the type on the way makes no difference (${precision})`, () => {
    const { largest } = limitsOf(precision)
    const start = [largest, -largest, 1, -3, 0, largest / 4]
    for (const [learningRate, weightDecay, kept] of [
      [1, 2, -1],
      [2, 1, -1],
      [4, 0.5, -1],
      [1e39, 1e-39, 0],
      [1e300, 5e-301, 0.5],
      [5e-301, 1e300, 0.5],
      [0, largest, 1],
    ]) {
      const w = dense(...start)
      const optimizer = new ClippyAdagrad({ learningRate, weightDecay, absoluteThreshold: 0 })
      optimizer.applyGradients([[dense(0, 0, 0, 0, 0, 0), w]])
      for (const [i, value] of w.entries()) {
        const expected = dense(start[i])[0] * kept
        assert.ok(
          Math.abs(value - expected) <= 1e-6 * Math.abs(start[i]),
          `${start[i]} became ${value}, not ${expected}`,
        )
        assert.ok(Math.abs(value) <= largest)
      }
    }
  })
}

test('a variable without a gradient does not decay', () => {
  const [first, second] = [Float32Array.of(1), Float32Array.of(1)]
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.5 })
  const warn = console.warn
  console.warn = () => {}
  optimizer.applyGradients([
    [new Float32Array(1), first],
    [null, second],
  ])
  console.warn = warn
  assert.equal([first[0], second[0]], [0.75, 1])
})

test('decay reads every row, so a NaN that no gradient touches is refused; without decay it is not seen', () => {
  const gradient = { indices: [0], values: Float32Array.of(1) }
  for (const weightDecay of [undefined, null, 0]) {
    const table = Float32Array.of(1, Number.NaN)
    new ClippyAdagrad({ weightDecay }).applyGradients([[gradient, table]])
    assert.ok(table[0] < 1)
  }
  const table = Float32Array.of(1, Number.NaN)
  const optimizer = new ClippyAdagrad({ weightDecay: 0.1 })
  optimizer.build([table])
  untouched(optimizer, [table], () => {
    refuses(() => optimizer.applyGradients([[gradient, table]]), RangeError, 'variable[1]', 'NaN')
  })
})

// Exclusions.

const names = ['dense/kernel', 'dense/bias', 'bias_table', 'norm/scale']

/** The names of the variables that still decay, as seen over two steps. */
function decaying(exclusions: (variables: readonly Variable[]) => readonly WeightDecayExclusions[]): string[] {
  const variables = names.map((name) => new Variable([8], { name }))
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.5 })
  for (const exclusion of exclusions(variables)) optimizer.excludeFromWeightDecay(exclusion)
  const moved = () => {
    const before = variables.map(({ value }) => value[0])
    optimizer.applyGradients(variables.map((variable) => [new Float32Array(1), variable]))
    return names.filter((_, k) => variables[k].value[0] !== before[k])
  }
  const first = moved()
  assert.equal(moved(), first, 'the second step should decay what the first did')
  return first
}

test('without exclusions everything decays', () => {
  assert.equal(
    decaying(() => []),
    names,
  )
  assert.equal(
    decaying(() => [{}]),
    names,
  )
  assert.equal(
    decaying(() => [{ varList: [], varNames: [] }]),
    names,
  )
})

test('varList exempts variables by identity, as Variable, as its array, or as another Variable on that array', () => {
  assert.equal(
    decaying(([kernel]) => [{ varList: [kernel] }]),
    names.slice(1),
  )
  assert.equal(
    decaying(([kernel, bias]) => [{ varList: [kernel.value, new Variable(bias.value, { name: 'alias' })] }]),
    names.slice(2),
  )
  // The same name and value are not the same variable.
  assert.equal(
    decaying(() => [{ varList: [new Variable([8], { name: names[0] })] }]),
    names,
  )
})

test('varList exempts raw arrays', () => {
  const [first, second] = [Float32Array.of(8), Float32Array.of(8)]
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.5 })
  optimizer.excludeFromWeightDecay({ varList: [second] })
  optimizer.applyGradients([
    [new Float32Array(1), first],
    [new Float32Array(1), second],
  ])
  assert.equal([first[0], second[0]], [6, 8])
})

test('varNames are searched in the name, as text or RegExp, whatever its flags', () => {
  const patterns: ReadonlyArray<[readonly (string | RegExp)[], readonly string[]]> = [
    [['bias'], ['dense/kernel', 'norm/scale']],
    [['bias$'], ['dense/kernel', 'bias_table', 'norm/scale']],
    [['^dense/'], ['bias_table', 'norm/scale']],
    [['BIAS'], names],
    [[/BIAS/i], ['dense/kernel', 'norm/scale']],
    [[/bias/g], ['dense/kernel', 'norm/scale']],
    [[/a/g], ['dense/kernel']],
    [[/bias/y], ['dense/kernel', 'norm/scale']],
    [[/BIAS/giy, 'scale'], ['dense/kernel']],
    [
      ['kernel', /norm/],
      ['dense/bias', 'bias_table'],
    ],
    [[''], []],
  ]
  for (const [varNames, expected] of patterns) {
    assert.equal(
      decaying(() => [{ varNames }]),
      expected,
      String(varNames),
    )
  }
})

test('a RegExp with the g flag is not changed, and may be used for several optimizers', () => {
  const pattern = /bias/g
  pattern.lastIndex = 3
  for (let k = 0; k < 2; k++) {
    assert.equal(
      decaying(() => [{ varNames: [pattern] }]),
      ['dense/kernel', 'norm/scale'],
    )
  }
  assert.is(pattern.lastIndex, 3)
})

test('a variable is exempt by either list, and a second call replaces the first', () => {
  assert.equal(
    decaying(([kernel]) => [{ varList: [kernel], varNames: ['bias'] }]),
    ['norm/scale'],
  )
  assert.equal(
    decaying(([kernel]) => [{ varList: [kernel] }, { varNames: [/bias/g] }]),
    ['dense/kernel', 'norm/scale'],
  )
  assert.equal(
    decaying(() => [{ varNames: [/bias/g] }, { varNames: [/bias/g] }]),
    ['dense/kernel', 'norm/scale'],
  )
})

test('what is no list, variable or pattern is refused at once, and earlier exclusions stay', () => {
  const variable = new Variable([8], { name: 'w' })
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.5 })
  optimizer.excludeFromWeightDecay({ varNames: ['w'] })
  const bad: ReadonlyArray<[unknown, typeof RangeError | typeof TypeError, ...string[]]> = [
    [{ varNames: ['('] }, RangeError, 'varNames[0]', '('],
    [{ varNames: ['x', 3] }, TypeError, 'varNames[1]', '3'],
    [{ varNames: 'bias' }, TypeError, 'varNames', 'bias'],
    [{ varList: variable }, TypeError, 'varList'],
    [{ varList: ['w'] }, TypeError, 'varList[0]', '"w"'],
    [{ varList: [[8]] }, TypeError, 'varList[0]'],
    [{ names: ['w'] }, TypeError, 'names', 'varNames'],
    [[variable], TypeError],
    [null, TypeError],
  ]
  for (const [exclusions, kind, ...words] of bad) {
    refuses(() => optimizer.excludeFromWeightDecay(exclusions as WeightDecayExclusions), kind, ...words)
  }
  optimizer.applyGradients([[new Float32Array(1), variable]])
  assert.is(variable.value[0], 8)
})

test('after build it is too late', () => {
  const w = Float32Array.of(8)
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, weightDecay: 0.5 })
  optimizer.build([w])
  fails(() => optimizer.excludeFromWeightDecay({ varList: [w] }), 'excludeFromWeightDecay', 'before build')
  optimizer.applyGradients([[new Float32Array(1), w]])
  assert.is(w[0], 6)
})

test.run()

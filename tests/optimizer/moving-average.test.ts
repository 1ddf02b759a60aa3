import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type FloatArray, type GradientAndVariable, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, limitsOf, type Precision, precisions } from '../support/precision.ts'
import { fails, untouched } from '../support/untouched.ts'

// useEma, emaMomentum and emaOverwriteFrequency.
const test = suite('optimizer: moving average')

/** m · average + (1 − m) · w, every operation rounded to the type. */
function averaged(precision: Precision, average: FloatArray, value: FloatArray, momentum: number): FloatArray {
  const { round } = limitsOf(precision)
  return average.map((old, i) => round(round(momentum) * old) + round(round(1 - momentum) * value[i]))
}

function quietly(call: () => void): void {
  const warn = console.warn
  console.warn = () => {}
  try {
    call()
  } finally {
    console.warn = warn
  }
}

for (const precision of precisions) {
  const dense = (...values: number[]) => arrayOf(precision, values)

  test(`the average starts from the value at build and takes in each step's value (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ learningRate: 0.3, useEma: true, emaMomentum: 0.7 })
    const plain = new ClippyAdagrad({ learningRate: 0.3 })
    const [w, twin] = [dense(1, -2, 0), dense(1, -2, 0)]
    optimizer.build([w])
    let expected: FloatArray = w.slice()
    // What happens between build and the first step is not part of it.
    w.set([3, 1, 2])
    twin.set(w)
    for (const gradient of [dense(1, 2, 3), dense(-1, 0.5, 0), dense(0, 0, 0)]) {
      optimizer.applyGradients([[gradient, w]])
      plain.applyGradients([[gradient, twin]])
      sameBits(w, twin, 'the average leaves the variable alone')
      expected = averaged(precision, expected, w, 0.7)
      sameBits(optimizer.variables[1].value, expected, 'average')
    }
    assert.is(optimizer.variables[1].name, 'ClippyAdagrad/average/Variable')
  })

  test(`every emaOverwriteFrequency steps the variable becomes its average (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ learningRate: 0.3, useEma: true, emaMomentum: 0.7, emaOverwriteFrequency: 3 })
    const w = dense(1, -2)
    optimizer.build([w])
    const [, average] = optimizer.variables
    for (let k = 1; k <= 9; k++) {
      optimizer.applyGradients([[dense(1, -k), w]])
      if (k % 3 === 0) sameBits(w, average.value, `step ${k}`)
      else assert.is.not(w[0], average.value[0], `step ${k}`)
    }
  })

  test(`a sparse step moves the average of every row (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ useEma: true, emaMomentum: 0.5 })
    const table = new Variable(dense(1, 1, 1, 1), { name: 'table', shape: [2, 2] })
    optimizer.build([table])
    table.value.set([3, 3, 5, 5])
    optimizer.applyGradients([[{ indices: [0], values: dense(0, 0) }, table]])
    assert.equal([...optimizer.variables[1].value], [2, 2, 3, 3])
  })

  test(`momentum 0 follows the variable, momentum 1 never moves (${precision})`, () => {
    for (const emaMomentum of [0, 1]) {
      const optimizer = new ClippyAdagrad({ learningRate: 1, useEma: true, emaMomentum })
      const w = dense(1, -2, 0.3)
      const before = w.slice()
      optimizer.applyGradients([[dense(1, 1, 1), w]])
      sameBits(optimizer.variables[1].value, emaMomentum === 0 ? w : before, 'average')
    }
  })

  test(`averages of the largest values stay finite, and −0 becomes 0, as in JSON (${precision})`, () => {
    const { largest } = limitsOf(precision)
    for (const emaMomentum of [0.1, 0.3, 0.7, 0.99, 0.999]) {
      const optimizer = new ClippyAdagrad({ useEma: true, emaMomentum, emaOverwriteFrequency: 1 })
      const w = dense(largest, -largest, -0)
      for (let k = 0; k < 20; k++) optimizer.applyGradients([[dense(0, 0, 0), w]])
      assert.ok(w.every(Number.isFinite), String(w))
      assert.ok(Object.is(optimizer.variables[1].value[2], 0))
    }
  })

  test(`an average that −0 alone makes up is 0 (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ useEma: true, emaMomentum: 0 })
    const w = dense(-5)
    optimizer.build([w])
    w[0] = -0
    // 0 · −5 and 1 · −0 are both −0.
    optimizer.applyGradients([[dense(0), w]])
    assert.ok(Object.is(optimizer.variables[1].value[0], 0))
  })

  test(`finalizeVariableValues overwrites the variables it names with their averages (${precision})`, () => {
    const optimizer = new ClippyAdagrad({ learningRate: 1, useEma: true, emaMomentum: 0.5 })
    const [first, second, third] = [dense(1), new Variable(dense(2), { name: 'second' }), dense(3)]
    for (let k = 0; k < 3; k++) {
      optimizer.applyGradients([
        [dense(1), first],
        [dense(1), second],
        [dense(1), third],
      ])
    }
    const kept = third.slice()
    const averages = optimizer.variables.slice(1, 4).map(({ value }) => value.slice())
    const state = optimizer.variables.map(({ value }) => value.slice())
    optimizer.finalizeVariableValues([first, second.value])
    sameBits(first, averages[0], 'first')
    sameBits(second.value, averages[1], 'second')
    sameBits(third, kept, 'third')
    for (const [k, { value, name }] of optimizer.variables.entries()) sameBits(value, state[k], name)
  })
}

test('a variable without a gradient keeps its average, and is not overwritten', () => {
  const optimizer = new ClippyAdagrad({ useEma: true, emaMomentum: 0.5, emaOverwriteFrequency: 1 })
  const [first, second] = [Float32Array.of(1), Float32Array.of(1)]
  optimizer.build([first, second])
  second[0] = 3
  quietly(() => {
    optimizer.applyGradients([
      [Float32Array.of(1), first],
      [null, second],
    ])
  })
  assert.is(second[0], 3)
  assert.is(optimizer.variables[2].value[0], 1)
})

test('weight decay comes before the average, a constraint after it', () => {
  const optimizer = new ClippyAdagrad({
    learningRate: 0.5,
    weightDecay: 1,
    useEma: true,
    emaMomentum: 0.5,
    emaOverwriteFrequency: 2,
  })
  const w = new Variable([8], { constraint: (value) => value.fill(100) })
  const rest = () => optimizer.applyGradients([[new Float32Array(1), w]])
  optimizer.build([w])
  rest()
  // 8 decays to 4; the average is 6.
  assert.is(optimizer.variables[1].value[0], 6)
  assert.is(w.value[0], 100)
  rest()
  // 100 decays to 50; the average is 28, overwrites the variable and is constrained.
  assert.is(optimizer.variables[1].value[0], 28)
  assert.is(w.value[0], 100)
})

test('a step that is refused or skipped moves no average', () => {
  const w = Float32Array.of(1)
  const optimizer = new ClippyAdagrad({ useEma: true, emaMomentum: 0.5, nonFiniteGradients: 'skip' })
  optimizer.build([w])
  w[0] = 3
  assert.is(optimizer.applyGradients([[Float32Array.of(Number.NaN), w]]), 0)
  assert.is(optimizer.variables[1].value[0], 1)
  const strict = new ClippyAdagrad({ useEma: true, emaMomentum: 0.5 })
  strict.build([w])
  untouched(strict, [w], () => {
    refuses(() => strict.applyGradients([[Float32Array.of(Number.NaN), w]]), RangeError, 'gradient[0] is NaN')
  })
})

test('finalizeVariableValues does nothing without useEma, and refuses an unknown variable with it', () => {
  const [w, unknown] = [Float32Array.of(1), Float32Array.of(2)]
  const pairs: GradientAndVariable[] = [[Float32Array.of(1), w]]
  const plain = new ClippyAdagrad()
  plain.finalizeVariableValues([unknown])
  plain.applyGradients(pairs)
  untouched(plain, [w, unknown], () => plain.finalizeVariableValues([w, unknown]))
  const optimizer = new ClippyAdagrad({ learningRate: 1, useEma: true, emaMomentum: 0.5 })
  fails(() => optimizer.finalizeVariableValues([w]), 'does not know')
  optimizer.applyGradients(pairs)
  untouched(optimizer, [w, unknown], () => {
    fails(() => optimizer.finalizeVariableValues([w, unknown]), 'does not know')
  })
})

test('an average reads every row, so a NaN that no gradient touches is refused, at build too', () => {
  const gradient = { indices: [0], values: Float32Array.of(1) }
  const table = Float32Array.of(1, Number.NaN)
  const optimizer = new ClippyAdagrad({ useEma: true })
  refuses(() => optimizer.build([table]), RangeError, 'variable[1]', 'NaN')
  assert.not(optimizer.built)
  table[1] = 2
  optimizer.build([table])
  table[1] = Number.NaN
  untouched(optimizer, [table], () => {
    refuses(() => optimizer.applyGradients([[gradient, table]]), RangeError, 'variable[1]', 'NaN')
  })
})

test('finalizeVariableValues takes a list', () => {
  for (const useEma of [false, true]) {
    const optimizer = new ClippyAdagrad({ useEma })
    refuses(() => optimizer.finalizeVariableValues(5 as unknown as Variable[]), TypeError, 'varList', '5')
  }
})

test.run()

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type Constraint, type FloatArray, Variable } from '../../src/index.ts'
import { refuses, sameBits, sameBytes } from '../support/assertions.ts'
import { arrayOf, precisions } from '../support/precision.ts'
import { picture } from '../support/untouched.ts'

// Constraints run after the step.
const test = suite('optimizer: constraint')

const options = { learningRate: 1, variableRelativeThreshold: 0.25, absoluteThreshold: 0.25 }

/** A step on three variables, the one in the middle with a constraint, beside the same step without it. */
function twins(constraint: Constraint | undefined, precision: 'float32' | 'float64' = 'float32') {
  const dense = (...values: number[]) => arrayOf(precision, values)
  const make = (middle: Constraint | undefined) => {
    const upper: Constraint = (value) => {
      value.forEach((w, i) => {
        value[i] = Math.min(w, 0.25)
      })
    }
    const variables = [
      new Variable(dense(1, -1), { name: 'first', constraint: upper }),
      new Variable(dense(1, -1), { name: 'middle', constraint: middle }),
      new Variable(dense(1, -1), { name: 'last', constraint: upper }),
    ]
    const optimizer = new ClippyAdagrad({ ...options, useEma: true })
    const step = (g = 1) => optimizer.applyGradients(variables.map((variable) => [dense(g, -g), variable]))
    return { variables, values: variables.map(({ value }) => value), optimizer, step }
  }
  return { constrained: make(constraint), free: make(undefined) }
}

for (const precision of precisions) {
  test(`it changes the values in place, or returns others (${precision})`, () => {
    const forms: Constraint[] = [
      (value) => {
        value.fill(7)
      },
      (value) => value.fill(7),
      (value) => value.map(() => 7),
      () => arrayOf(precision, [7, 7]),
      (value) => {
        // What is returned counts, not what was done to the argument.
        value.fill(Number.NaN)
        return arrayOf(precision, [7, 7])
      },
    ]
    for (const constraint of forms) {
      const { constrained } = twins(constraint, precision)
      const { value } = constrained.variables[1]
      assert.is(constrained.step(), 1)
      assert.equal([...value], [7, 7])
      assert.is(constrained.variables[1].value, value, 'the array is still the same')
    }
  })

  test(`it gets the values as the step left them, once a step, in an array of its own (${precision})`, () => {
    const seen: FloatArray[] = []
    const { constrained, free } = twins((value) => {
      seen.push(value)
    }, precision)
    for (let k = 1; k <= 3; k++) {
      constrained.step(k)
      free.step(k)
      assert.is(seen.length, k)
      sameBits(seen[k - 1], free.values[1], 'what it gets')
      assert.is.not(seen[k - 1].buffer, constrained.values[1].buffer)
    }
    // Keeping the array is no way to reach the variable later.
    seen[2].fill(99)
    sameBytes(picture(constrained.optimizer, constrained.values), picture(free.optimizer, free.values), 'kept array')
  })
}

test('one that throws: the step stands and counts, its variable keeps the value of the step, later ones are not run', () => {
  const failure = new Error('the constraint broke')
  let isBroken = true
  const { constrained, free } = twins((value) => {
    if (!isBroken) return
    value.fill(99)
    throw failure
  })
  assert.throws(
    () => constrained.step(),
    (error: unknown) => error === failure,
  )
  free.step()
  assert.is(constrained.optimizer.iterations, 1)
  const [first, middle, last] = constrained.values
  sameBits(first, free.values[0], 'the first one was constrained')
  sameBits(middle, free.values[1], 'the value of the step')
  assert.is(first[0], 0.25)
  assert.is(last[0], middle[0])
  assert.ok(last[0] > 0.25, 'the last one was not')
  for (const [k, { value, name }] of constrained.optimizer.variables.entries()) {
    sameBits(value, free.optimizer.variables[k].value, name)
  }
  // All is consistent: with the variables brought to the same values, both go on with the same bits.
  isBroken = false
  last.set(free.values[2])
  for (const g of [2, -1]) {
    constrained.step(g)
    free.step(g)
  }
  sameBytes(picture(constrained.optimizer, constrained.values), picture(free.optimizer, free.values), 'afterwards')
})

test('a result that does not fit or is not finite is refused, and the variable keeps the value of the step', () => {
  const bad: ReadonlyArray<[unknown, typeof RangeError | typeof TypeError, string]> = [
    [new Float32Array(3), TypeError, 'length 3'],
    [new Float64Array(2), TypeError, 'Float64Array'],
    [[1, 2], TypeError, 'array of length 2'],
    ['x', TypeError, '"x"'],
    [5, TypeError, '5'],
    [Float32Array.of(1, Number.NaN), RangeError, 'NaN at index 1'],
    [Float32Array.of(Number.NEGATIVE_INFINITY, 1), RangeError, '-Infinity at index 0'],
  ]
  for (const [result, kind, words] of bad) {
    const { constrained, free } = twins((() => result) as Constraint)
    refuses(() => constrained.step(), kind, "'middle'", 'constraint', words)
    free.step()
    assert.is(constrained.optimizer.iterations, 1)
    sameBits(constrained.values[1], free.values[1], String(result))
  }
  const { constrained, free } = twins((value) => {
    value[1] = Number.NaN
  })
  refuses(() => constrained.step(), RangeError, "'middle'", 'NaN at index 1')
  free.step()
  sameBits(constrained.values[1], free.values[1], 'in place')
})

test('it is not run where no step is taken, nor for a variable without a gradient', () => {
  let calls = 0
  const count: Constraint = () => {
    calls++
  }
  const [first, second] = [new Variable([1], { constraint: count }), new Variable([1], { constraint: count })]
  const nan = Float32Array.of(Number.NaN)
  const optimizer = new ClippyAdagrad({ nonFiniteGradients: 'skip' })
  optimizer.applyGradients([[nan, first]])
  refuses(() => new ClippyAdagrad().applyGradients([[nan, first]]), RangeError, 'gradient[0] is NaN')
  optimizer.explain([[Float32Array.of(1), first]])
  assert.is(calls, 0)
  const warn = console.warn
  console.warn = () => {}
  const fresh = new ClippyAdagrad()
  fresh.applyGradients([
    [Float32Array.of(1), first],
    [null, second],
  ])
  console.warn = warn
  assert.is(calls, 1)
})

test('a constraint must be a function', () => {
  refuses(() => new Variable([1], { name: 'w', constraint: 3 as unknown as Constraint }), TypeError, 'w', '3')
})

test.run()

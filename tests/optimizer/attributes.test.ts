import { inspect } from 'node:util'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, ExponentialDecay, step, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { fails } from '../support/untouched.ts'
import { make, optionNames, valuesOf } from './support/options.ts'
import { warningsOf } from './support/quiet.ts'

// Every option as an attribute, read and set between steps; what an optimizer says of itself.
const test = suite('optimizer: attributes')

/** Those that shape the state. */
const BEFORE_BUILD = ['name', 'initialAccumulatorValue', 'exportClippingFactors', 'useEma']

const attributes = optionNames.filter((option) => option !== 'learningRate')

type Attributes = Record<string, unknown>

test('there are seventeen attributes beside the learning rate', () => {
  assert.is(attributes.length, 17)
})

for (const option of attributes) {
  test(`${option} can be read, and set to whatever the constructor takes; getConfig gives what holds now`, () => {
    for (const value of valuesOf(option)) {
      assert.is((make({ [option]: value }) as unknown as Attributes)[option], value)
      const optimizer = make({}) as ClippyAdagrad & Attributes
      if (option === 'clipvalue' || option.endsWith('lipnorm')) optimizer.clipnorm = null
      Reflect.set(optimizer, option, value)
      assert.is(optimizer[option], value)
      assert.equal(optimizer.getConfig(), make({ [option]: value }).getConfig())
    }
  })

  test(`${option} refuses what the constructor refuses, in the same words, and stays as it was`, () => {
    for (const bad of ['x', -1, Number.NaN, {}, Symbol('x'), [1], 2n]) {
      const optimizer = make({}) as ClippyAdagrad & Attributes
      const before = optimizer[option]
      const words = (call: () => unknown) => {
        try {
          call()
        } catch (error) {
          return String(error)
        }
        return 'nothing'
      }
      const constructed = words(() => make({ [option]: bad }))
      assert.is(
        words(() => Reflect.set(optimizer, option, bad)),
        constructed,
      )
      if (constructed !== 'nothing') assert.is(optimizer[option], before)
    }
  })

  test(`${option} after build: ${BEFORE_BUILD.includes(option) ? 'an Error' : 'as before'}`, () => {
    const optimizer = make({}) as ClippyAdagrad & Attributes
    optimizer.build([Float32Array.of(1)])
    const [value] = valuesOf(option)
    if (BEFORE_BUILD.includes(option)) fails(() => Reflect.set(optimizer, option, value), option, 'build')
    else {
      Reflect.set(optimizer, option, value)
      assert.is(optimizer[option], value)
    }
  })
}

test('two clip options, or both accumulator flags, cannot be set together', () => {
  const optimizer = new ClippyAdagrad({ clipnorm: 1, clipAccumulatorUpdate: true })
  refuses(() => Reflect.set(optimizer, 'clipvalue', 2), RangeError, 'clipnorm = 1', 'clipvalue = 2')
  refuses(() => Reflect.set(optimizer, 'useStandardAccumulatorUpdate', true), RangeError, 'clipAccumulatorUpdate')
  optimizer.clipnorm = null
  optimizer.clipvalue = 2
  assert.is(optimizer.clipvalue, 2)
})

test('what is set counts from the next step on, as in the reference: one step from 0 ends at −0.01', () => {
  const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
  const w = Float64Array.of(0)
  optimizer.build([w])
  optimizer.absoluteThreshold = 0.01
  optimizer.clipnorm = 0.5
  optimizer.applyGradients([[Float64Array.of(5), w]])
  assert.ok(Math.abs(w[0] + 0.01) < 1e-12, String(w[0]))
})

test('steps between which everything is set are those of step with these options', () => {
  const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
  const [w, v, a] = [Float32Array.of(1, -2, 0.01), Float32Array.of(1, -2, 0.01), new Float32Array(3).fill(0.1)]
  optimizer.build([w])
  const settings = [
    { absoluteThreshold: 0.01 },
    { epsilon: 0.5 },
    { variableRelativeThreshold: 0.5 },
    { accumulatorRelativeThreshold: 0.01 },
    { clipAccumulatorUpdate: true },
    { clipAccumulatorUpdate: false },
    { useStandardAccumulatorUpdate: true },
    { absoluteThreshold: Infinity },
  ]
  let options = { learningRate: 0.1 }
  settings.forEach((setting, k) => {
    Object.assign(optimizer, setting)
    options = { ...options, ...setting }
    const g = Float32Array.of(k + 1, -1, 0.5)
    optimizer.applyGradients([[g, w]])
    step(v, a, g, options)
    sameBits(w, v, JSON.stringify(setting))
    sameBits(optimizer.accumulatorOf(w).value, a, JSON.stringify(setting))
  })
})

test('accumulatorOf and clippingFactorOf take a Variable or its array, and refuse strangers', () => {
  const w = new Variable([1, 0], { name: 'w' })
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, exportClippingFactors: true, absoluteThreshold: 0.01 })
  fails(() => optimizer.accumulatorOf(w), "'w'", 'build')
  optimizer.applyGradients([[Float32Array.of(1, 1), w]])
  assert.is(optimizer.accumulatorOf(w), optimizer.variables[1])
  assert.is(optimizer.accumulatorOf(w.value), optimizer.variables[1])
  assert.is(optimizer.clippingFactorOf(w), optimizer.clippingFactors[0])
  assert.ok(optimizer.clippingFactorOf(w.value) < 1)
  fails(() => optimizer.accumulatorOf(Float32Array.of(1)), 'does not know')
  const silent = new ClippyAdagrad()
  silent.build([w])
  fails(() => silent.clippingFactorOf(w), 'exportClippingFactors')
})

test('an optimizer and a Variable say what they are, printed or as text', () => {
  const optimizer = new ClippyAdagrad({ learningRate: 0.25, absoluteThreshold: 0.01, name: 'mine' })
  for (const text of [String(optimizer), inspect(optimizer)]) {
    for (const word of ["ClippyAdagrad 'mine'", 'learningRate 0.25', 'iterations 0', 'absoluteThreshold 0.01']) {
      assert.ok(text.includes(word), text)
    }
  }
  const schedule = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 1 })
  assert.match(String(new ClippyAdagrad({ learningRate: schedule })), 'scheduled')
  const w = new Variable(new Float64Array(6), { name: 'kernel', shape: [2, 3] })
  for (const text of [String(w), inspect(w)]) assert.is(text, "Variable 'kernel' [2,3] float64")
})

// The warning for a variable that the default threshold freezes.

/** The warnings of so many steps on a variable with a zero in it. */
function warnings(options: object, steps: number, name = 'bias'): string[] {
  const optimizer = new ClippyAdagrad({ learningRate: 0.1, ...options })
  const w = new Variable([1, 0, 2], { name })
  return warningsOf(() => {
    for (let k = 0; k < steps; k++) optimizer.applyGradients([[Float32Array.of(0.1, 1, 0.1), w]])
  })
}

test('one warning names a frozen variable, the coordinate that holds it back, and the option to set', () => {
  const [warning, ...others] = warnings({}, 100)
  assert.is(others.length, 0)
  for (const word of ["'bias'", 'variable[1] is 0', 'absoluteThreshold', 'explain'])
    assert.ok(warning.includes(word), word)
})

test('no warning where somebody has chosen a threshold, for all or for this variable, or nothing is frozen', () => {
  assert.equal(warnings({ absoluteThreshold: 1e-7 }, 1), [])
  assert.equal(warnings({ overrides: [{ varNames: ['bias'], absoluteThreshold: 1e-7 }] }, 1), [])
  assert.equal(warnings({ learningRate: 1e-6 }, 1), [])
  const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
  optimizer.absoluteThreshold = 1e-7
  assert.equal(
    warningsOf(() => optimizer.applyGradients([[Float32Array.of(1), Float32Array.of(0)]])),
    [],
  )
})

test('it looks at steps 1, 10 and 100 only', () => {
  for (const [first, expected] of [
    [1, 1],
    [2, 0],
    [9, 0],
    [10, 1],
    [11, 0],
    [100, 1],
    [101, 0],
  ]) {
    const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
    optimizer.iterations = first - 1
    const said = warningsOf(() => optimizer.applyGradients([[Float32Array.of(1), Float32Array.of(0)]]))
    assert.is(said.length, expected, `step ${first}`)
  }
})

test.run()

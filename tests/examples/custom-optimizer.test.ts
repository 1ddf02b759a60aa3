import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MomentumSgd } from '../../examples/custom-optimizer/momentum-sgd.ts'
import { ExponentialDecay, type Gradient, type GradientAndVariable, type Store, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, type FloatArray, precisions } from '../support/precision.ts'
import { holds } from '../support/property.ts'
import { REPOSITORY, textOf } from '../support/repository.ts'

const test = suite('examples: custom optimizer')

const runFile = promisify(execFile)

// Quarters and eighths are exact in both precisions, so the numbers worked out by hand are the very bits.

for (const precision of precisions) {
  test(`three dense steps give the numbers worked out by hand (${precision})`, () => {
    const optimizer = new MomentumSgd({ learningRate: 0.5, momentum: 0.5 })
    const w = arrayOf(precision, [1, -2])
    const step = (...gradient: number[]) => optimizer.applyGradients([[arrayOf(precision, gradient), w]])
    // v = −½ · [2, −1]
    assert.is(step(2, -1), 1)
    assert.equal([...w], [0, -1.5])
    // v = ½ · [−1, 0.5] − ½ · [1, 1]
    assert.is(step(1, 1), 2)
    assert.equal([...w], [-1, -1.75])
    // v = ½ · [−1, −0.25]
    assert.is(step(0, 0), 3)
    assert.equal([...w], [-1.5, -1.875])
    assert.equal([...optimizer.variables[1].value], [-0.5, -0.125])
  })

  test(`a sparse step moves the rows it names, repeated ones once with their sum (${precision})`, () => {
    const optimizer = new MomentumSgd({ learningRate: 0.5, momentum: 0.5 })
    const table = new Variable(arrayOf(precision, [1, 1, 2, 2, 3, 3]), { name: 'table', shape: [3, 2] })
    const step = (indices: number[], ...values: number[]) =>
      optimizer.applyGradients([[{ indices, values: arrayOf(precision, values) }, table]])
    step([2, 0, 2], 1, 2, 4, -4, 1, 0)
    assert.equal([...table.value], [-1, 3, 2, 2, 2, 2])
    // The velocity of row 0 rests while no gradient names it.
    step([2], 0, 1)
    assert.equal([...table.value], [-1, 3, 2, 2, 1.5, 1])
    step([0], 0, 0)
    assert.equal([...table.value], [-2, 4, 2, 2, 1.5, 1])
    assert.equal([...optimizer.variables[1].value], [-1, 1, 0, 0, -0.5, -1])
  })
}

test('a dense gradient and a sparse one that names every row give the same bits', () => {
  const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 12, maxLength: 12 })
  const inputs = fc.record({
    precision: fc.constantFrom(...precisions),
    start: values,
    gradients: fc.array(values, { minLength: 1, maxLength: 4 }),
    width: fc.constantFrom(1, 2, 3, 4, 6, 12),
  })
  const trained = (precision: 'float32' | 'float64', start: number[], gradients: readonly Gradient[]): FloatArray => {
    const optimizer = new MomentumSgd({ learningRate: 0.1 })
    const w = arrayOf(precision, start)
    for (const gradient of gradients) optimizer.applyGradients([[gradient, w]])
    return w
  }
  holds(
    inputs,
    ({ precision, start, gradients, width }) => {
      const dense = gradients.map((list) => arrayOf(precision, list))
      const indices = Array.from({ length: 12 / width }, (_, row) => row)
      const sparse = dense.map((array) => ({ indices, values: array }))
      sameBits(trained(precision, start, sparse), trained(precision, start, dense), 'w')
    },
    200,
  )
})

/** A model of two variables, one with sparse gradients, and a gradient for each that depends on the step. */
function training(optimizer: MomentumSgd) {
  const kernel = new Variable(Float64Array.of(0.3, -0.7, 1.1), { name: 'kernel' })
  const table = new Variable(Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), { name: 'table', shape: [3, 2] })
  const variables = [kernel, table]
  const step = (k: number) => {
    const pairs: GradientAndVariable[] = [
      [kernel.value.map((w, i) => w / 3 + i - k), kernel],
      [{ indices: [k % 3, 2], values: Float32Array.of(k / 7, 0.1, table.value[4], -k / 3) }, table],
    ]
    return optimizer.applyGradients(pairs)
  }
  return { optimizer, variables, step }
}

const options = {
  learningRate: new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.7 }),
  momentum: 0.8,
  weightDecay: 0.01,
  clipnorm: 0.9,
  useEma: true,
  emaMomentum: 0.5,
}

const copies: ReadonlyArray<[string, (store: Store) => Store]> = [
  ['as it is', (store) => store],
  ['through structuredClone', structuredClone],
  ['through JSON', (store) => JSON.parse(JSON.stringify(store))],
]

for (const [how, copy] of copies) {
  test(`saved ${how} after any step and resumed in a new optimizer, it goes on with the same bits`, () => {
    const steps = 6
    const unbroken = training(new MomentumSgd(options))
    for (let k = 0; k < steps; k++) unbroken.step(k)
    for (let saved = 1; saved < steps; saved++) {
      const first = training(new MomentumSgd(options))
      for (let k = 0; k < saved; k++) first.step(k)
      const store: Store = {}
      first.optimizer.saveOwnVariables(store)
      const second = training(MomentumSgd.fromConfig(JSON.parse(JSON.stringify(first.optimizer))))
      for (const [k, { value }] of second.variables.entries()) value.set(first.variables[k].value)
      second.optimizer.build(second.variables)
      second.optimizer.loadOwnVariables(copy(store))
      for (let k = saved; k < steps; k++) assert.is(second.step(k), k + 1)
      for (const [k, { value, name }] of second.variables.entries()) sameBits(value, unbroken.variables[k].value, name)
      for (const [k, { value, name }] of second.optimizer.variables.entries()) {
        sameBits(value, unbroken.optimizer.variables[k].value, name)
      }
    }
  })
}

test('its state is named and ordered as for every optimizer', () => {
  const { optimizer, step } = training(new MomentumSgd(options))
  step(0)
  assert.equal(
    optimizer.variables.map(({ name }) => name),
    [
      'iteration',
      ...['average/kernel', 'average/table', 'velocity/kernel', 'velocity/table'].map((n) => `MomentumSgd/${n}`),
    ],
  )
})

test('its config makes the same optimizer again, from getConfig, from JSON text and from snake_case', () => {
  const optimizer = new MomentumSgd(options)
  const config = optimizer.getConfig()
  assert.is(config.momentum, 0.8)
  assert.is(config.name, 'MomentumSgd')
  const made = [
    MomentumSgd.fromConfig(config),
    MomentumSgd.fromConfig(JSON.parse(JSON.stringify(config))),
    MomentumSgd.fromConfig(optimizer.toJSON()),
    MomentumSgd.fromConfig({ momentum: 0.8, weight_decay: 0.01, learning_rate: 0.1 }),
  ]
  for (const other of made) {
    assert.instance(other, MomentumSgd)
    assert.is(other.getConfig().momentum, 0.8)
    assert.is(other.getConfig().weightDecay, 0.01)
  }
  for (const other of made.slice(0, 3)) assert.equal(other.getConfig(), config)
  assert.is(optimizer.toJSON().class_name, 'MomentumSgd')
})

test('it refuses what it cannot use, and then nothing has moved', () => {
  refuses(() => new MomentumSgd({ momentum: 1 }), RangeError, 'momentum', '1')
  refuses(() => new MomentumSgd({ momentum: Number.NaN }), RangeError, 'momentum')
  // @ts-expect-error no such option
  refuses(() => new MomentumSgd({ nesterov: true }), TypeError, 'MomentumSgd', 'nesterov')
  const optimizer = new MomentumSgd({ weightDecay: 0.1 })
  const [first, second] = [Float32Array.of(1), Float32Array.of(2)]
  const step = (gradient: number) =>
    optimizer.applyGradients([
      [Float32Array.of(1), first],
      [Float32Array.of(gradient), second],
    ])
  step(1)
  const before = [first.slice(), second.slice(), ...optimizer.variables.map(({ value }) => value.slice())]
  refuses(() => step(Number.NaN), RangeError, 'NaN')
  const after = [first, second, ...optimizer.variables.map(({ value }) => value)]
  for (const [k, array] of after.entries()) sameBits(array, before[k], String(k))
})

test('it is about twenty lines, and imports nothing but the public package', () => {
  const text = textOf('examples/custom-optimizer/momentum-sgd.ts')
  assert.equal(
    [...text.matchAll(/from '([^']*)'/g)].map(([, from]) => from),
    ['clippy-adagrad'],
  )
  const isCode = (line: string) => !/^\s*($|\/|\*|}+$|import )/.test(line)
  const count = text.split('\n').filter(isCode).length
  assert.ok(count <= 25, `${count} lines of code`)
})

test('the program shows what momentum is good for', async () => {
  const args = ['--import', 'tsx', join('examples', 'custom-optimizer', 'main.ts')]
  const { stdout } = await runFile(process.execPath, args, { cwd: REPOSITORY })
  assert.is(
    stdout,
    'momentum 0: 8.2e+0 above the floor after 300 steps\nmomentum 0.9: 6.9e-12 above the floor after 300 steps\n',
  )
})

test.run()

/**
 * The cases of ClippyAdagradTest in the reference's own test file, restated for this API: only the numbers are taken.
 * Source: tensorflow_recommenders/experimental/optimizers/clippy_adagrad_test.py of TensorFlow Recommenders 0.7.7,
 * Copyright 2025 The TensorFlow Recommenders Authors, Apache License 2.0 (http://www.apache.org/licenses/LICENSE-2.0).
 */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, Variable } from '../../src/index.ts'
import { agree, agreeAll, floats, OF_A_STEP, type Precision } from './replay.ts'

type Pair = [number, number]

interface Expected {
  /** Of the dense variable, and of the touched row of the table. */
  variable: Pair
  accumulator: Pair
  factor: number
}

/** One step of [1, 2] and of the second row of [[3, 4], [1, 2]], both with the same gradient. */
function singleStep(optimizer: ClippyAdagrad, precision: Precision, gradient: Pair, expected: Expected): void {
  const initial = Number(optimizer.getConfig().initialAccumulatorValue)
  const exports = optimizer.getConfig().exportClippingFactors === true
  const x = new Variable(floats(precision, [1, 2]), { name: 'x' })
  const table = new Variable(floats('float32', [3, 4, 1, 2]), { name: 'table', shape: [2, 2] })
  const rows = { indices: [1], values: floats('float32', gradient) }
  assert.is(
    optimizer.applyGradients([
      [floats(precision, gradient), x],
      [rows, table],
    ]),
    1,
  )

  const slot = (name: string): Variable => {
    const found = optimizer.variables.find((variable) => variable.name.endsWith(name))
    if (found === undefined) throw new Error(`no ${name} in ${optimizer.variables.map((variable) => variable.name)}`)
    return found
  }
  const tolerance = OF_A_STEP[precision]
  agreeAll('x', x.value, floats(precision, expected.variable), tolerance)
  agreeAll('accumulator', slot('accumulator/x').value, floats(precision, expected.accumulator), tolerance)
  const tableAfter = floats('float32', [3, 4, ...expected.variable])
  const squaresAfter = floats('float32', [initial, initial, ...expected.accumulator])
  agreeAll('table', table.value, tableAfter, OF_A_STEP.float32)
  agreeAll('accumulator of the table', slot('accumulator/table').value, squaresAfter, OF_A_STEP.float32)
  assert.is(optimizer.clippingFactors.length, exports ? 2 : 0)
  for (const factor of optimizer.clippingFactors) agree('factor', factor, expected.factor, OF_A_STEP.float32)
}

const CLIPPED = {
  learningRate: 0.2,
  initialAccumulatorValue: 0.01,
  variableRelativeThreshold: 0.4,
  accumulatorRelativeThreshold: 0.01,
  absoluteThreshold: 0.1,
  epsilon: 0,
  exportClippingFactors: true,
}
/** The first coordinate may move by 0.4 · 1 + 0.01 / 0.1 + 0.1 = 0.6; unclipped it would move by 0.2 · 10 / 0.1. */
const CLIPPED_FACTOR = (0.6 * 0.1) / (10 * 0.2)
const CLIPPED_SQUARES = 0.01 + (10 * CLIPPED_FACTOR) ** 2

const published = suite("The reference's published cases of ClippyAdagrad")

for (const exportClippingFactors of [true, false]) {
  published(`a step within its bound is plain Adagrad, ${exportClippingFactors ? 'with' : 'without'} factors`, () => {
    const optimizer = new ClippyAdagrad({ learningRate: 0.1, initialAccumulatorValue: 0.01, exportClippingFactors })
    const expected: Expected = { variable: [0.9, 1.85], accumulator: [0.02, 0.0325], factor: 1 }
    singleStep(optimizer, 'float32', [0.1, 0.15], expected)
  })
}

published('a clipped step adds the whole gradient to the accumulator', () => {
  const expected: Expected = { variable: [0.4, 1.4], accumulator: [100.01, 100.01], factor: CLIPPED_FACTOR }
  singleStep(new ClippyAdagrad(CLIPPED), 'float64', [10, 10], expected)
})

published('a clipped step adds the clipped gradient with clipAccumulatorUpdate', () => {
  const optimizer = new ClippyAdagrad({ ...CLIPPED, clipAccumulatorUpdate: true })
  const accumulator: Pair = [CLIPPED_SQUARES, CLIPPED_SQUARES]
  singleStep(optimizer, 'float64', [10, 10], { variable: [0.4, 1.4], accumulator, factor: CLIPPED_FACTOR })
})

published('a standard step from an accumulator of 0 moves by the learning rate', () => {
  const optimizer = new ClippyAdagrad({
    learningRate: 0.1,
    initialAccumulatorValue: 0,
    exportClippingFactors: true,
    useStandardAccumulatorUpdate: true,
  })
  const expected: Expected = { variable: [0.9, 1.9], accumulator: [0.01, 0.0225], factor: 1 }
  singleStep(optimizer, 'float32', [0.1, 0.15], expected)
})

published('a config gives back every option', () => {
  const options = {
    learningRate: 0.1,
    initialAccumulatorValue: 0.2,
    variableRelativeThreshold: 0.3,
    accumulatorRelativeThreshold: 0.6,
    absoluteThreshold: 0.4,
    epsilon: 0.5,
    exportClippingFactors: true,
  }
  const restored = ClippyAdagrad.fromConfig(new ClippyAdagrad(options).getConfig())
  const config: Record<string, unknown> = { ...restored.getConfig() }
  for (const [option, value] of Object.entries(options)) assert.is(config[option], value, option)
})

published.run()

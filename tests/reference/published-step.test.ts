/**
 * The single steps of ClippyAdagradTest in the reference's own test file, restated for `step`: only the numbers are taken.
 * Source: tensorflow_recommenders/experimental/optimizers/clippy_adagrad_test.py of TensorFlow Recommenders 0.7.7,
 * Copyright 2025 The TensorFlow Recommenders Authors, Apache License 2.0 (http://www.apache.org/licenses/LICENSE-2.0).
 */
import { suite } from 'uvu'
import { step } from '../../src/index.ts'
import { agree, agreeAll, floats, OF_A_STEP } from './replay.ts'

interface PublishedStep {
  options: NonNullable<Parameters<typeof step>[3]>
  accumulator: number
  gradient: [number, number]
  factor: number
  variableAfter: [number, number]
  accumulatorAfter: [number, number]
}

const CLIPPED = {
  learningRate: 0.2,
  variableRelativeThreshold: 0.4,
  accumulatorRelativeThreshold: 0.01,
  absoluteThreshold: 0.1,
  epsilon: 0,
}
/** The first variable may move by 0.4 · 1 + 0.01 / 0.1 + 0.1 = 0.6; unclipped it would move by 0.2 · 10 / 0.1. */
const CLIPPED_FACTOR = (0.6 * 0.1) / (10 * 0.2)

const cases: [string, PublishedStep][] = [
  [
    'a step within its bound is plain Adagrad with a delayed accumulator',
    {
      options: { learningRate: 0.1, epsilon: 0 },
      accumulator: 0.01,
      gradient: [0.1, 0.15],
      factor: 1,
      variableAfter: [0.9, 1.85],
      accumulatorAfter: [0.02, 0.0325],
    },
  ],
  [
    'a clipped step adds the whole gradient to the accumulator',
    {
      options: CLIPPED,
      accumulator: 0.01,
      gradient: [10, 10],
      factor: CLIPPED_FACTOR,
      variableAfter: [0.4, 1.4],
      accumulatorAfter: [100.01, 100.01],
    },
  ],
  [
    'a clipped step adds the clipped gradient with clipAccumulatorUpdate',
    {
      options: { ...CLIPPED, clipAccumulatorUpdate: true },
      accumulator: 0.01,
      gradient: [10, 10],
      factor: CLIPPED_FACTOR,
      variableAfter: [0.4, 1.4],
      accumulatorAfter: [0.01 + (10 * CLIPPED_FACTOR) ** 2, 0.01 + (10 * CLIPPED_FACTOR) ** 2],
    },
  ],
  [
    'a standard step from an accumulator of 0 moves by the learning rate',
    {
      options: { learningRate: 0.1, epsilon: 0, useStandardAccumulatorUpdate: true },
      accumulator: 0,
      gradient: [0.1, 0.15],
      factor: 1,
      variableAfter: [0.9, 1.9],
      accumulatorAfter: [0.01, 0.0225],
    },
  ],
]

const published = suite("The reference's published single steps")
for (const precision of ['float32', 'float64'] as const) {
  for (const [name, given] of cases) {
    published(`${name}, in ${precision}`, () => {
      const variable = floats(precision, [1, 2])
      const accumulator = floats(precision, [given.accumulator, given.accumulator])
      const factor = step(variable, accumulator, floats(precision, given.gradient), given.options)
      agree('factor', factor, given.factor, OF_A_STEP[precision])
      agreeAll('variable', variable, floats(precision, given.variableAfter), OF_A_STEP[precision])
      agreeAll('accumulator', accumulator, floats(precision, given.accumulatorAfter), OF_A_STEP[precision])
    })
  }
}
published.run()

/**
 * The cases of ClipByReferenceTest in the reference's own test file, restated for this API: only the numbers are taken.
 * Source: tensorflow_recommenders/experimental/optimizers/clippy_adagrad_test.py of TensorFlow Recommenders 0.7.7,
 * Copyright 2025 The TensorFlow Recommenders Authors, Apache License 2.0 (http://www.apache.org/licenses/LICENSE-2.0).
 */
import { suite } from 'uvu'
import { shrinkByReferences } from '../../src/index.ts'
import { agree, OF_A_STEP } from './replay.ts'

type Arguments = Parameters<typeof shrinkByReferences>

function expectShrunk(call: Arguments, expected: { shrunk: number[]; scale: number }): void {
  const { shrunk, scale } = shrinkByReferences(...call)
  agree('scale', scale, expected.scale, OF_A_STEP.float32)
  agree('length', shrunk.length, expected.shrunk.length, 0)
  for (const [i, value] of expected.shrunk.entries()) agree(`shrunk[${i}]`, shrunk[i], value, OF_A_STEP.float32)
}

const matrix = { value: new Float32Array([1, 2, 1, 2]), shape: [2, 2] }
const threeTerms = 4 * 0.1 + 5 * 0.2 + 0.02

const cases: [string, Arguments, { shrunk: number[]; scale: number }][] = [
  ['a scalar shrinks to its limit', [2, [4], [0.1], 0.02], { shrunk: [0.42], scale: 0.21 }],
  ['the sign of a reference does not matter', [2, [-4], [0.1], 0.02], { shrunk: [0.42], scale: 0.21 }],
  ['a negative scalar keeps its sign', [-2, [4], [0.1], 0.02], { shrunk: [-0.42], scale: 0.21 }],
  ['the absolute factor may be 0', [-2, [4], [0.1], 0], { shrunk: [-0.4], scale: 0.2 }],
  ['a limit of 0 shrinks a scalar to 0', [-2, [0], [0.1], 0], { shrunk: [0], scale: 0 }],
  ['a scalar within its limit stays', [2, [20], [0.1], 0.1], { shrunk: [2], scale: 1 }],
  ['a negative scalar within its limit stays', [-2, [20], [0.1], 0.1], { shrunk: [-2], scale: 1 }],
  ['0 is within any limit', [0, [1], [0.1], 0.1], { shrunk: [0], scale: 1 }],
  ['0 is within a limit without absolute factor', [0, [1], [0.1], 0], { shrunk: [0], scale: 1 }],
  ['0 is within a limit of 0', [0, [0], [0], 0], { shrunk: [0], scale: 1 }],
  [
    'the limits of two references add up',
    [2, [4, -5], [0.1, 0.2], 0.02],
    { shrunk: [threeTerms], scale: threeTerms / 2 },
  ],
  ['without references the absolute factor counts', [2, [], [], 0.02], { shrunk: [0.02], scale: 0.01 }],
  ['without references 0 is within a limit of 0', [0, [], [], 0], { shrunk: [0], scale: 1 }],
  [
    'the tightest coordinate of a vector decides',
    [new Float32Array([1, 1]), [new Float32Array([1, 0.1])], [0.1], 0.01],
    { shrunk: [0.02, 0.02], scale: 0.02 },
  ],
  [
    'zeros of a vector do not decide when the absolute factor is 0',
    [new Float32Array([1, 1, 0, 0]), [new Float32Array([1, 0.1, 1, 0])], [0.1], 0],
    { shrunk: [0.01, 0.01, 0, 0], scale: 0.01 },
  ],
  [
    'one limit of 0 stops a whole vector',
    [new Float32Array([1, 1, 0, 0]), [new Float32Array([1, 0, 1, 0])], [0.1], 0],
    { shrunk: [0, 0, 0, 0], scale: 0 },
  ],
  [
    'a scalar reference is broadcast to a matrix',
    [matrix, [1], [0.1], 0.1],
    { shrunk: [0.1, 0.2, 0.1, 0.2], scale: 0.1 },
  ],
]

const published = suite("The reference's published cases of shrink_by_references")
for (const [name, call, expected] of cases) published(name, () => expectShrunk(call, expected))
published.run()

import assert from 'node:assert/strict'
import * as everything from 'clippy-adagrad'
import { ClippyAdagrad, step } from 'clippy-adagrad'
import * as testing from 'clippy-adagrad/testing'

const weights = new Float32Array([1, -2])
const accumulator = new Float32Array([4, 4])
const factor = step(weights, accumulator, new Float32Array([8, 0]), { learningRate: 0.1, epsilon: 0 })
assert.ok(Math.abs(factor - 0.25) < 1e-5)

const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
const iterations = optimizer.applyGradients([[new Float32Array([1, 1]), weights]])

await assert.rejects(import('clippy-adagrad/dist/index.js'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })

// Neither entry brings fast-check along, and neither needs it.
const tooFar = testing.boundViolation(Float32Array.of(1, 2), Float32Array.of(1, 3), Float32Array.of(1, 1))

const [names, testingNames] = [everything, testing].map((entry) => Object.keys(entry).sort())
console.log(JSON.stringify({ names, testingNames, weights: [...weights], iterations, tooFar }))

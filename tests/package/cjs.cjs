const assert = require('node:assert/strict')
const everything = require('clippy-adagrad')
const { ClippyAdagrad, step } = everything

const weights = new Float32Array([1, -2])
const accumulator = new Float32Array([4, 4])
const factor = step(weights, accumulator, new Float32Array([8, 0]), { learningRate: 0.1, epsilon: 0 })
assert.ok(Math.abs(factor - 0.25) < 1e-5)

const optimizer = new ClippyAdagrad({ learningRate: 0.1 })
const iterations = optimizer.applyGradients([[new Float32Array([1, 1]), weights]])

assert.throws(() => require('clippy-adagrad/dist/index.cjs'), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' })

console.log(JSON.stringify({ names: Object.keys(everything).sort(), weights: [...weights], iterations }))

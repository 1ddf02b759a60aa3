import { step } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { testWith } from './support.ts'

const test = suite('array libraries: shared memory')

const OPTIONS = { learningRate: 0.1 }

testWith(test, ['ndarray'], 'a step on the data of an ndarray updates the ndarray, and its views', async () => {
  const { default: ndarray } = await import('ndarray')
  const matrix = ndarray(Float32Array.of(1, -2, 3, -4), [2, 2])
  const transposed = matrix.transpose(1, 0)
  step(matrix.data, new Float32Array(4).fill(0.1), Float32Array.of(0, 0, 0.1, 0), OPTIONS)
  assert.ok(matrix.get(1, 0) < 3)
  assert.is(transposed.get(0, 1), matrix.get(1, 0))
})

testWith(test, ['ml-matrix'], 'a step on the array below a WrapperMatrix1D updates the matrix', async () => {
  const { WrapperMatrix1D } = await import('ml-matrix')
  const weights = Float64Array.of(1, -2, 3, -4)
  const matrix = new WrapperMatrix1D(weights as unknown as number[], { rows: 2 })
  step(weights, new Float64Array(4).fill(0.1), Float64Array.of(0, 0, 0.1, 0), OPTIONS)
  assert.ok(weights[2] < 3)
  assert.is(matrix.get(1, 0), weights[2])
})

testWith(
  test,
  ['ml-matrix'],
  'what is written to a WrapperMatrix1D is in the array that the next step reads',
  async () => {
    const { WrapperMatrix1D } = await import('ml-matrix')
    const weights = new Float64Array(4)
    new WrapperMatrix1D(weights as unknown as number[], { rows: 2 }).set(1, 1, 5)
    assert.is(weights[3], 5)
  },
)

testWith(test, ['onnxruntime-web'], "a tensor of ONNX Runtime is a view of the weights' array", async () => {
  const { Tensor } = await import('onnxruntime-web')
  const weights = Float32Array.of(1, 2)
  assert.is(new Tensor('float32', weights, [2]).data, weights)
})

test.run()

import { ClippyAdagrad, type GradientAndVariable } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DataParallelClippyAdagrad } from '../data-parallel.ts'
import { aloneAsRanks } from './support/alone.ts'

const test = suite('data-parallel')

/** The weights after one step with a gradient of rows 2 and 0 of four, `weight` times as large. */
function afterSparseStep(optimizer: ClippyAdagrad, scale: number): Float32Array {
  const table = new Float32Array(8).fill(1)
  const gradient = { indices: [2, 0], values: Float32Array.of(0.1, 0.2, 0.3, 0.4).map((value) => value * scale) }
  optimizer.applyGradients([[gradient, table]])
  return table
}

test('a sparse gradient made dense moves the rows that it names, to the same bits', () => {
  const dense = afterSparseStep(new DataParallelClippyAdagrad(aloneAsRanks), 1)
  assert.equal(dense, afterSparseStep(new ClippyAdagrad(), 1))
})

test("a gradient counts by the rank's weight", () => {
  const weighted = new DataParallelClippyAdagrad(aloneAsRanks)
  weighted.weight = 0.25
  assert.equal(afterSparseStep(weighted, 1), afterSparseStep(new ClippyAdagrad(), 0.25))
})

test("a sum of finite gradients that overflows is refused, and no rank's", () => {
  const optimizer = new DataParallelClippyAdagrad({
    ...aloneAsRanks,
    allreduce: (values, operation) => void (operation === 'sum' && values.fill(Number.POSITIVE_INFINITY)),
  })
  assert.throws(() => afterSparseStep(optimizer, 1), /the sum over the ranks overflows/)
})

test('variables of both precisions are refused', () => {
  const optimizer = new DataParallelClippyAdagrad(aloneAsRanks)
  const [single, double] = [Float32Array.of(1), Float64Array.of(1)]
  const pairs: GradientAndVariable[] = [
    [single.slice(), single],
    [double.slice(), double],
  ]
  assert.throws(() => optimizer.applyGradients(pairs), /variables of both precisions/)
})

test.run()

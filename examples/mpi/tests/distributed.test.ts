import { ClippyAdagrad, type ClippyAdagradOptions, type GradientAndVariable, Variable } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DistributedClippyAdagrad, Shard } from '../distributed.ts'
import { aloneAsRanks } from './support/alone.ts'

const test = suite('distributed')

/** The weights after one step with a gradient of rows 2 and 0 of four, `scale` times as large. */
function afterSparseStep(optimizer: ClippyAdagrad, scale: number): Float32Array {
  const table = new Float32Array(8).fill(1)
  const gradient = { indices: [2, 0], values: Float32Array.of(0.1, 0.2, 0.3, 0.4).map((value) => value * scale) }
  optimizer.applyGradients([[gradient, table]])
  return table
}

test('a sparse gradient made dense moves the rows that it names, to the same bits', () => {
  const dense = afterSparseStep(new DistributedClippyAdagrad(aloneAsRanks), 1)
  assert.equal(dense, afterSparseStep(new ClippyAdagrad(), 1))
})

test("a gradient of a whole variable counts by the rank's weight, that of a shard as it is", () => {
  const weighted = new DistributedClippyAdagrad(aloneAsRanks)
  weighted.weight = 0.25
  const [whole, shard] = [new Variable([1, 2], { name: 'whole' }), new Shard([1, 2], { name: 'shard' })]
  weighted.applyGradients([
    [Float32Array.of(0.4, 0.8), whole],
    [Float32Array.of(0.1, 0.2), shard],
  ])
  const [first, second] = [new Variable([1, 2], { name: 'first' }), new Variable([1, 2], { name: 'second' })]
  new ClippyAdagrad().applyGradients([
    [Float32Array.of(0.1, 0.2), first],
    [Float32Array.of(0.1, 0.2), second],
  ])
  assert.equal([whole.value, shard.value], [first.value, second.value])
})

test("a sum of finite gradients that overflows is refused, and no rank's", () => {
  const optimizer = new DistributedClippyAdagrad({
    ...aloneAsRanks,
    allreduce: (values, operation) => void (operation === 'sum' && values.fill(Number.POSITIVE_INFINITY)),
  })
  assert.throws(() => afterSparseStep(optimizer, 1), /the sum over the ranks overflows/)
})

test('whole variables of both precisions are refused', () => {
  const optimizer = new DistributedClippyAdagrad(aloneAsRanks)
  const [single, double] = [Float32Array.of(1), Float64Array.of(1)]
  const pairs: GradientAndVariable[] = [
    [single.slice(), single],
    [double.slice(), double],
  ]
  assert.throws(() => optimizer.applyGradients(pairs), /variables of both precisions/)
})

const needWholeVariables: ClippyAdagradOptions[] = [
  { clipnorm: 1 },
  { globalClipnorm: 1 },
  { nonFiniteGradients: 'skip' },
]

test('an option that a rank would decide by its own shards is refused where there are any', () => {
  for (const options of needWholeVariables) {
    const optimizer = new DistributedClippyAdagrad(aloneAsRanks, options)
    const [name] = Object.keys(options)
    const step = () => optimizer.applyGradients([[Float32Array.of(1), new Shard([1])]])
    assert.throws(step, new RegExp(`^${name} cannot be given`))
  }
})

test('such options count for whole variables', () => {
  const [clipped, expected] = [Float32Array.of(1, 1), Float32Array.of(1, 1)]
  const pair = (variable: Float32Array): GradientAndVariable[] => [[Float32Array.of(3, 4), variable]]
  const options = { clipnorm: 0.01, learningRate: 0.1 }
  new DistributedClippyAdagrad(aloneAsRanks, options).applyGradients(pair(clipped))
  new ClippyAdagrad(options).applyGradients(pair(expected))
  assert.equal(clipped, expected)
})

test.run()

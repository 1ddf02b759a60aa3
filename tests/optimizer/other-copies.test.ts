import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, PerReplica, Variable } from '../../src/index.ts'
import { sameBits } from '../support/assertions.ts'

// Variables and PerReplicas of another copy of the package, as where a program holds the CommonJS and the ES module build.
const test = suite('optimizer: other copies of the package')

const other = (await import(
  new URL('../../src/index.ts?copy', import.meta.url).href
)) as typeof import('../../src/index.ts')
const variables = (await import(
  new URL('../../src/optimizer/variable.ts?copy', import.meta.url).href
)) as typeof import('../../src/optimizer/variable.ts')
const replicas = (await import(
  new URL('../../src/optimizer/replicas.ts?copy', import.meta.url).href
)) as typeof import('../../src/optimizer/replicas.ts')

test('the copies have classes of their own', () => {
  assert.is.not(variables.Variable, Variable)
  assert.is.not(replicas.PerReplica, PerReplica)
  assert.ok(other)
})

test('a Variable of another copy is built, stepped, explained, excluded, saved and rebound like our own', () => {
  const [theirs, ours] = [variables.Variable, Variable].map((Class) => new Class([1, 2], { name: 'w', shape: [2, 1] }))
  const run = (w: Variable) => {
    const optimizer = new ClippyAdagrad({ learningRate: 0.5, absoluteThreshold: 0.01, weightDecay: 0.1, useEma: true })
    optimizer.excludeFromWeightDecay({ varList: [w] })
    optimizer.build([w])
    optimizer.explain([[Float32Array.of(1, 1), w]])
    optimizer.applyGradients([[Float32Array.of(1, 1), w]])
    optimizer.rebind(w, Float32Array.of(...w.value, 3))
    optimizer.applyGradients([[{ indices: [2], values: Float32Array.of(1) }, w]])
    return optimizer
  }
  const [one, two] = [run(theirs), run(ours)]
  sameBits(theirs.value, ours.value, 'variable')
  assert.equal(theirs.shape, [3, 1])
  one.setWeights(two.variables)
  for (const [k, { value, name }] of one.variables.entries()) sameBits(value, two.variables[k].value, name)
})

test('a PerReplica of another copy is summed, and weights that are Variables of another copy are taken', () => {
  const [w, v] = [Float32Array.of(1, 2), Float32Array.of(1, 2)]
  const gradients = [Float32Array.of(1, 2), Float32Array.of(3, -8)]
  new ClippyAdagrad().applyGradients([[new replicas.PerReplica(gradients), w]])
  new ClippyAdagrad().applyGradients([[new PerReplica(gradients), v]])
  sameBits(w, v, 'variable')
  const optimizer = new ClippyAdagrad()
  optimizer.build([w])
  const state = optimizer.variables.map(({ value }) => new variables.Variable(value.slice().fill(4)))
  optimizer.setWeights(state)
  assert.is(optimizer.iterations, 4)
})

test('no regular expression looks behind, which Safari before 16.4 cannot load', () => {
  for (const file of ['case.ts', 'check.ts']) {
    assert.not.match(readFileSync(new URL(`../../src/shared/${file}`, import.meta.url), 'utf8'), /\(\?<[=!]/)
  }
})

test.run()

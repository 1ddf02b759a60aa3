/** Both copies of the package in one program, each given what the other has made; prints what came of it as JSON. */
import { createRequire } from 'node:module'
import * as esm from 'clippy-adagrad'

const commonjs = createRequire(import.meta.url)('clippy-adagrad')

console.log(
  JSON.stringify({
    areTwo: esm.Variable !== commonjs.Variable,
    esmTakes: mixed(esm, commonjs),
    commonJsTakes: mixed(commonjs, esm),
  }),
)

/** Two steps of one copy's optimizer with another's objects, beside the same of one copy alone; state handed over at the end. */
function mixed(own, other) {
  const alone = trained(own, own)
  const both = trained(own, other)
  const heir = new other.ClippyAdagrad()
  heir.build([new other.Variable([0, 0], { name: 'w' })])
  heir.setWeights(both.optimizer.variables)
  return {
    weights: bits(both.variable) === bits(alone.variable),
    state: bits(...both.optimizer.variables) === bits(...alone.optimizer.variables),
    handedOver: bits(...heir.variables) === bits(...both.optimizer.variables),
  }
}

function trained(own, other) {
  const variable = new other.Variable([1, -2], { name: 'w' })
  const optimizer = new own.ClippyAdagrad({ learningRate: 0.1, absoluteThreshold: 0.01 })
  const gradient = Float32Array.of(0.5, 1)
  optimizer.applyGradients([[gradient, variable]])
  optimizer.applyGradients([[new other.PerReplica([gradient, gradient]), variable]])
  return { variable, optimizer }
}

function bits(...variables) {
  return variables
    .map(({ value }) => Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex'))
    .join()
}

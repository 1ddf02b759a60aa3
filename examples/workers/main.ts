// Run with: npm start
//
// A variable of a million weights in two shards on two threads, beside the same steps on one.

import { step } from 'clippy-adagrad'
import { seededRandom } from '../adult/random.ts'
import { ShardedVariable } from './sharded/sharded-variable.ts'

const random = seededRandom(1)
const weights = Float32Array.from({ length: 1_000_000 }, () => 2 * random() - 1)
const accumulator = new Float32Array(weights.length).fill(0.1)
const options = { learningRate: 0.5, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 }
const sharded = await ShardedVariable.start(weights, 2, options)

for (let n = 1; n <= 3; n++) {
  // Of the loss Σ w² / 2.
  sharded.gradient.set(sharded.variable)
  const factor = await sharded.step()
  const alone = step(weights, accumulator, weights.slice(), options)
  const isSame = weights.every((w, i) => Object.is(w, sharded.variable[i]))
  console.log(
    `step ${n}: factor ${factor.toFixed(4)}, on one thread ${alone.toFixed(4)}, ${isSame ? 'same' : 'other'} bits`,
  )
}
await sharded.end()

/**
 * Everyday use of `clippy-adagrad/testing` by whoever has no fast-check. `npm run check` compiles this file against the
 * sources; `npm run test:package` compiles it against the packed package, checks the package's own types on the way, and
 * runs it.
 */
import { ClippyAdagrad, type StepOptions, step } from 'clippy-adagrad'
import { type BoundOptions, type BoundViolation, boundViolation, type FloatArray } from 'clippy-adagrad/testing'

declare const console: { log(text: string): void }

const options: StepOptions = { learningRate: 0.1, useStandardAccumulatorUpdate: true }
const weights = new Float32Array([1, 2])
const accumulator = new Float32Array([1, 1])
const before: FloatArray = weights.slice()
step(weights, accumulator, new Float32Array([8, 8]), options)
const none: BoundViolation | undefined = boundViolation(before, weights, accumulator, options)
console.log(`step ${none}`)

const limits: BoundOptions = { absoluteThreshold: 0, epsilon: 0 }
const tooFar = boundViolation(before, weights.fill(3), accumulator, limits)
if (tooFar !== undefined) console.log(`index ${tooFar.index} move ${tooFar.move} above ${tooFar.move > tooFar.bound}`)

const config = new ClippyAdagrad({ absoluteThreshold: Infinity }).getConfig()
console.log(`config ${boundViolation(before, weights, accumulator, config)}`)

// @ts-expect-error an array of numbers has no precision
const misuse = () => boundViolation([1], weights, accumulator)
// @ts-expect-error a bound is told by the accumulator too
const another = () => boundViolation(before, weights)
const third = (found: BoundViolation) => {
  // @ts-expect-error what is found is to be read only
  found.index = 1
}
console.log(`misuse ${[misuse, another, third].length}`)

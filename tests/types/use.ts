/**
 * Everyday use of the public types. `npm run check` compiles this file against the sources; `npm run test:package` compiles
 * it against the packed package under each module resolution, runs it, and compares what it prints.
 */
import {
  ClippyAdagrad,
  clippingBound,
  clippingFactor,
  ExponentialDecay,
  type FloatArray,
  type Gradient,
  LearningRateSchedule,
  type SparseGradient,
  type StepOptions,
  shrinkByReferences,
  step,
  updateAccumulator,
  updateVariable,
  Variable,
} from 'clippy-adagrad'

// The package's types ask for no more than ES2022, so this file is compiled without those of Node.js and the browser.
declare const console: { log(text: string): void }

const options: StepOptions = { learningRate: 0.1, epsilon: 0, absoluteThreshold: 0 }

const weights = new Float64Array([1])
const accumulator = new Float64Array([4])
const factor: number = step(weights, accumulator, new Float64Array([8]), options)
console.log(`step ${factor.toFixed(6)} ${weights[0].toFixed(6)} ${accumulator[0]}`)

const parts = new Float32Array([1])
const slots: FloatArray = new Float32Array([4])
const gradient: Gradient = new Float32Array([1])
const bound: Float64Array = clippingBound(parts, slots, options)
const share: number = clippingFactor(parts, slots, gradient, options)
updateVariable(parts, slots, gradient, share, options)
updateAccumulator(slots, gradient, share)
console.log(`parts ${bound[0].toFixed(6)} ${share.toFixed(6)} ${parts[0].toFixed(6)} ${slots[0]}`)

const table = new Float32Array([1, 2, 3, 4])
const rows: SparseGradient = { indices: [1], values: new Float32Array([1, 1]) }
step(table, new Float32Array(4).fill(4), rows, options)
console.log(`sparse ${[...table].map((value) => value.toFixed(2)).join(' ')}`)

const { shrunk, scale } = shrinkByReferences([3], [[1]], [0.5], 1)
console.log(`shrink ${shrunk[0]} ${scale}`)

const schedule: LearningRateSchedule = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.5 })
console.log(`schedule ${schedule.at(1)}`)

class Halving extends LearningRateSchedule {
  at(step: number): number {
    return 0.5 ** step
  }
  getConfig() {
    return {}
  }
}
console.log(`own schedule ${new Halving().at(2)} ${new Halving().className}`)

const optimizer = new ClippyAdagrad({ learningRate: 0.1, epsilon: 0, initialAccumulatorValue: 4, name: undefined })
const raw = new Float32Array([1, 1])
const named = new Variable(new Float32Array([1, 1]), { name: 'bias' })
const iterations: number = optimizer.applyGradients([
  [new Float32Array([1, 1]), raw],
  [new Float32Array([1, 1]), named],
])
console.log(`optimizer ${iterations} ${raw[0].toFixed(2)} ${named.value[0].toFixed(2)} ${named.name}`)

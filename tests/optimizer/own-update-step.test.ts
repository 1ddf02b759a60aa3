import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type ClippyAdagradOptions,
  clippingFactor,
  type FloatArray,
  type Gradient,
  type ReadyPair,
  step,
  Variable,
} from '../../src/index.ts'
import { refuses, sameBits, sameNumber } from '../support/assertions.ts'
import { modes } from '../support/case.ts'
import { arrayOf, type Precision, precisions } from '../support/precision.ts'
import { fails, untouched } from '../support/untouched.ts'

// Called by itself, or overridden; and what the other hooks see.
const test = suite('optimizer: updateStep')

function alone(precision: Precision, options: ClippyAdagradOptions = {}) {
  const dense = (...values: number[]) => arrayOf(precision, values)
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, absoluteThreshold: 0.01, ...options })
  const w = new Variable(dense(1, -2, 0.25, 3), { name: 'w', shape: [2, 2] })
  return { dense, optimizer, w }
}

for (const precision of precisions) {
  test(`updateStep called by itself is one step on the variable and its slots, and nothing else (${precision})`, () => {
    for (const mode of Object.values(modes)) {
      const { dense, optimizer, w } = alone(precision, {
        ...mode,
        exportClippingFactors: true,
        weightDecay: 0.5,
        useEma: true,
        clipnorm: 0.1,
      })
      optimizer.build([w])
      const [iteration, average, accumulator] = optimizer.variables.map(({ value }) => value)
      const [expected, accumulated, kept] = [w.value.slice(), accumulator.slice(), average.slice()]
      const gradients: Gradient[] = [
        dense(1, 2, -3, 4),
        { indices: [1, 0, 1], values: dense(1, 2, 3, 4, 5, 6) },
        { indices: [], values: dense() },
        dense(0, 0, 0, 0),
      ]
      for (const gradient of gradients) {
        optimizer.updateStep(gradient, w)
        const factor = step(expected, accumulated, gradient, { learningRate: 0.5, absoluteThreshold: 0.01, ...mode })
        sameBits(w.value, expected, 'variable')
        sameBits(accumulator, accumulated, 'accumulator')
        sameNumber(optimizer.clippingFactors[0], factor, 'factor')
        sameNumber(iteration[0], 0, 'iterations')
        sameBits(average, kept, 'average')
      }
    }
  })

  test(`updateStep refuses what step refuses, and then nothing has changed (${precision})`, () => {
    const { dense, optimizer, w } = alone(precision, { exportClippingFactors: true })
    const other = arrayOf(precision === 'float32' ? 'float64' : 'float32', [1, 2, 3, 4])
    fails(() => optimizer.updateStep(dense(1, 2, 3, 4), w), "'w'", 'build')
    optimizer.build([w])
    untouched(optimizer, [w.value], () => {
      const unknown = new Variable(dense(1), { name: 'unknown' })
      fails(() => optimizer.updateStep(dense(1), unknown), "'unknown'", 'build')
      refuses(() => optimizer.updateStep(dense(1, Number.NaN, 3, 4), w), RangeError, "'w'", 'gradient[1]', 'NaN')
      refuses(() => optimizer.updateStep(dense(1, 2), w), RangeError, "'w'", 'length 2')
      refuses(() => optimizer.updateStep(other, w), TypeError, "'w'", 'Float32Array', 'Float64Array')
      refuses(() => optimizer.updateStep({ indices: [2], values: dense(1, 2) }, w), RangeError, "'w'", 'indices[0]')
      refuses(() => optimizer.updateStep([1, 2, 3, 4] as unknown as FloatArray, w), TypeError, "'w'")
    })
  })

  test(`an updateStep that passes on another gradient takes the step of that one, with its own factor (${precision})`, () => {
    class Doubling extends ClippyAdagrad {
      override updateStep(gradient: Gradient, variable: Variable): void {
        super.updateStep('indices' in gradient ? gradient : gradient.map((g) => 2 * g), variable)
      }
    }
    const { dense, optimizer, w } = alone(precision, { exportClippingFactors: true })
    const doubling = new Doubling({ learningRate: 0.5, absoluteThreshold: 0.01, exportClippingFactors: true })
    const v = new Variable(w.value.slice(), { name: 'w' })
    for (const gradient of [dense(1, 2, -3, 4), dense(0.1, 0, 0, -1)]) {
      doubling.applyGradients([[gradient, v]])
      optimizer.applyGradients([[gradient.map((g) => 2 * g), w]])
      sameBits(v.value, w.value, 'variable')
      sameNumber(doubling.clippingFactors[0], optimizer.clippingFactors[0], 'factor')
    }
  })
}

test('decide sees the gradients as updateStep will get them, before anything is written, weight decay neither', () => {
  class Watching extends ClippyAdagrad {
    seen: [Gradient, number[]][] = []
    protected override decide(pairs: readonly ReadyPair[]): void {
      this.seen = pairs.map(([gradient, { value }]) => [gradient, [...value]])
      super.decide(pairs)
    }
    override updateStep(gradient: Gradient, variable: Variable): void {
      const [[decided]] = this.seen
      assert.is(gradient, decided)
      assert.equal([...variable.value], [6, 12])
      super.updateStep(gradient, variable)
    }
  }
  const optimizer = new Watching({ learningRate: 0.5, weightDecay: 0.5, clipvalue: 2 })
  const table = new Variable([8, 16], { shape: [2, 1] })
  optimizer.applyGradients([[{ indices: [1, 0, 1], values: Float32Array.of(5, 0, 1) }, table]])
  const [[gradient, values]] = optimizer.seen
  assert.ok('indices' in gradient)
  assert.equal([...gradient.indices], [0, 1])
  assert.equal([...gradient.values], [0, 3])
  assert.equal(values, [8, 16])
})

test('an updateStep that writes to its gradient gets the factor of what it wrote, and no NaN gets through', () => {
  class Scaling extends ClippyAdagrad {
    scale = 2
    override updateStep(gradient: Gradient, variable: Variable): void {
      if (!('indices' in gradient)) for (const [i, g] of gradient.entries()) gradient[i] = g * this.scale
      super.updateStep(gradient, variable)
    }
  }
  const [w, twin] = [Float32Array.of(1, -2), Float32Array.of(1, -2)]
  const optimizer = new Scaling({ learningRate: 0.5, exportClippingFactors: true })
  const plain = new ClippyAdagrad({ learningRate: 0.5, exportClippingFactors: true })
  optimizer.applyGradients([[Float32Array.of(1, 3), w]])
  plain.applyGradients([[Float32Array.of(2, 6), twin]])
  sameBits(w, twin, 'variable')
  assert.equal(optimizer.clippingFactors, plain.clippingFactors)
  optimizer.scale = Number.NaN
  untouched(optimizer, [w], () => {
    refuses(() => optimizer.applyGradients([[Float32Array.of(1, 3), w]]), RangeError, 'Variable', 'NaN')
  })
})

test('with the smallest factor of all shards, shards move as the whole variable does, bit for bit', () => {
  for (const precision of precisions) {
    for (const mode of Object.values(modes)) {
      const options = { learningRate: 0.5, absoluteThreshold: 0.01, exportClippingFactors: true, ...mode }
      const dense = (...values: number[]) => arrayOf(precision, values)
      const whole = dense(1, -2, 0.01, 0.5)
      const optimizer = new ClippyAdagrad(options)
      const shards = [dense(1, -2), dense(0.01, 0.5)]
      const factors = new Map<number, number>()
      class Sharded extends ClippyAdagrad {
        readonly #shard: number
        constructor(shard: number) {
          super(options)
          this.#shard = shard
        }
        protected override reduceClippingFactor(factor: number, variable: Variable): number {
          assert.is(variable.value, shards[this.#shard])
          factors.set(this.#shard, factor)
          return Math.min(...factors.values())
        }
      }
      // The second shard is asked first: in this problem it has the smaller factor.
      const sharded = [new Sharded(0), new Sharded(1)]
      for (let k = 1; k <= 4; k++) {
        const gradient = dense(k, -1, 3, -k)
        optimizer.applyGradients([[gradient, whole]])
        factors.clear()
        sharded[1].applyGradients([[gradient.slice(2), shards[1]]])
        sharded[0].applyGradients([[gradient.slice(0, 2), shards[0]]])
        sameBits(dense(...shards[0], ...shards[1]), whole, `step ${k}`)
        for (const { clippingFactors } of sharded)
          sameNumber(clippingFactors[0], optimizer.clippingFactors[0], 'factor')
        const states = sharded.map(({ variables }) => [...variables[1].value])
        sameBits(dense(...states.flat()), optimizer.variables[1].value, 'accumulator')
      }
      assert.ok(optimizer.clippingFactors[0] < 1)
    }
  }
})

test('an exported factor is the one that was applied', () => {
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, exportClippingFactors: true })
  const w = Float64Array.of(1, 0)
  const expected = clippingFactor(w, Float64Array.of(0.1, 0.1), Float64Array.of(1, 1), { learningRate: 0.5 })
  optimizer.applyGradients([[Float64Array.of(1, 1), w]])
  assert.equal(optimizer.clippingFactors, [expected])
})

test.run()

import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type FloatArray, type Gradient, type GradientAndVariable, Variable } from '../../src/index.ts'
import { refuses, sameBits, sameBytes } from '../support/assertions.ts'
import { holds } from '../support/property.ts'
import { picture } from '../support/untouched.ts'

// A step of dense gradients on known variables takes a shorter way than any other. Options make a step take the long one.
const test = suite('optimizer: the usual step')

const options = {
  learningRate: 0.5,
  variableRelativeThreshold: 0.5,
  absoluteThreshold: 0.01,
  exportClippingFactors: true,
}

test('the short way and the long way give the same bits, whatever variables a step has', () => {
  const sizes = fc.array(fc.nat({ max: 70 }), { minLength: 1, maxLength: 4 })
  const chosen = fc.array(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  holds(
    fc.tuple(sizes, chosen, fc.boolean()),
    ([lengths, steps, isDouble]) => {
      const make = () => lengths.map((length) => wave(length, isDouble))
      const [short, long] = [make(), make()]
      const [one, other] = [new ClippyAdagrad(options), new ClippyAdagrad(options)]
      one.build(short)
      other.build(long)
      steps.forEach((places, k) => {
        const distinct = [...new Set(places.map((place) => place % lengths.length))]
        const pairs = (variables: FloatArray[]): GradientAndVariable[] =>
          distinct.map((place) => [wave(lengths[place], isDouble).map((x) => x * (k + 1)), variables[place]])
        one.applyGradients(pairs(short))
        other.applyGradients(pairs(long), {})
      })
      sameBytes(picture(one, short), picture(other, long), 'variables and state')
    },
    200,
  )
})

test('the short way refuses what the long one refuses, in the same words', () => {
  const [w, v] = [Float32Array.of(1, 2), Float32Array.of(3)]
  const optimizer = new ClippyAdagrad(options)
  optimizer.build([w, v])
  const bad: readonly GradientAndVariable[][] = [
    [[Float32Array.of(1), w]],
    [[Float64Array.of(1, 2), w]],
    [[Float32Array.of(1, Number.NaN), w]],
    [[w, w]],
    [
      [v, v],
      [Float32Array.of(1, 2), w],
      [Float32Array.of(1), v],
    ],
    [[Float32Array.of(1), Float32Array.of(1)]],
    [[null, w]],
    [
      [Float32Array.of(1), v],
      [[1, 2] as unknown as FloatArray, w],
    ],
  ]
  const messageOf = (step: () => unknown): string => {
    try {
      step()
    } catch (error) {
      return String(error)
    }
    return 'no error'
  }
  for (const pairs of bad) {
    const message = messageOf(() => optimizer.applyGradients(pairs))
    assert.match(message, /Error: ./)
    assert.is(
      message,
      messageOf(() => optimizer.applyGradients(pairs, {})),
    )
  }
  assert.is(optimizer.iterations, 0)
  sameBits(w, Float32Array.of(1, 2), 'w')
})

test('a step that a constraint takes within a step is a step like any other', () => {
  const inner = new Variable([1, 2])
  let isNested = false
  const outer = new Variable([3, 4], {
    constraint: () => {
      if (isNested) return
      isNested = true
      optimizer.applyGradients([[Float32Array.of(0.5, 1), inner]])
    },
  })
  const optimizer = new ClippyAdagrad(options)
  optimizer.build([outer, inner])
  optimizer.applyGradients([[Float32Array.of(1, 1), outer]])
  assert.is(optimizer.iterations, 2)

  const [w, v] = [Float32Array.of(3, 4), Float32Array.of(1, 2)]
  const plain = new ClippyAdagrad(options)
  plain.build([w, v])
  plain.applyGradients([[Float32Array.of(1, 1), w]])
  plain.applyGradients([[Float32Array.of(0.5, 1), v]])
  sameBits(outer.value, w, 'the outer variable')
  sameBits(inner.value, v, 'the inner variable')
})

test('a variable that the step updates is no gradient for it: its values would change on the way', () => {
  for (const unusual of [undefined, {}]) {
    const [w, v] = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
    const other = new Float32Array(v.buffer, 4, 1)
    const u = Float32Array.of(5)
    // Its bits are those of the row index 0.
    const zero = Float32Array.of(0)
    const optimizer = new ClippyAdagrad(options)
    optimizer.build([w, v, u, zero])
    const bad: GradientAndVariable[][] = [
      [
        [v, w],
        [w, v],
      ],
      [
        [other, u],
        [Float32Array.of(1, 1), v],
      ],
      [
        [{ indices: [0], values: v }, w],
        [{ indices: [0], values: w }, v],
      ],
      [
        [{ indices: new Int32Array(zero.buffer), values: Float32Array.of(1, 1) }, w],
        [Float32Array.of(1), zero],
      ],
    ]
    for (const pairs of bad) {
      refuses(() => optimizer.applyGradients(pairs, unusual), TypeError, 'share memory', 'copy')
    }
    sameBits(w, Float32Array.of(1, 2), 'w')
    sameBits(v, Float32Array.of(3, 4), 'v')
    // What stays as it is may be a gradient.
    assert.is(optimizer.applyGradients([[v, w]], unusual), 1)
  }
})

test('updateStep outside of a step takes a gradient and nothing else', () => {
  const w = Float32Array.of(1, 2)
  const optimizer = new ClippyAdagrad(options)
  const variable = new Variable(w)
  optimizer.applyGradients([[Float32Array.of(1, 1), variable]])
  const before = w.slice()
  for (const none of [null, undefined]) {
    refuses(() => optimizer.updateStep(none as unknown as FloatArray, variable), TypeError, 'gradient')
  }
  sameBits(w, before, 'the variable')
})

test('a factor that is reduced by way of another step of the same variable is applied to the right gradient', () => {
  class Nested extends ClippyAdagrad {
    isNested = false
    protected override reduceClippingFactor(factor: number, variable: Variable): number {
      if (this.isNested) return factor
      this.isNested = true
      this.applyGradients([[new Float32Array(3), variable]])
      this.isNested = false
      return factor
    }
  }
  const [w, v] = [Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 3)]
  const [nested, plain] = [new Nested(options), new ClippyAdagrad(options)]
  for (const [optimizer, variable] of [
    [nested, w],
    [plain, v],
  ] as const) {
    optimizer.build([variable])
    optimizer.applyGradients([[Float32Array.of(0.1, 0.2, 0.3), variable]])
  }
  sameBits(w, v, 'the variable')
})

test('an update that falls back on its gradient after another was refused takes its gradient', () => {
  class Fallback extends ClippyAdagrad {
    override updateStep(gradient: Gradient, variable: Variable): void {
      refuses(() => super.updateStep(Float32Array.of(Number.NaN, 0), variable), RangeError, 'NaN')
      super.updateStep(gradient, variable)
    }
  }
  const [w, v] = [Float32Array.of(1, 2), Float32Array.of(1, 2)]
  new Fallback(options).applyGradients([[Float32Array.of(0.1, 0.2), w]])
  new ClippyAdagrad(options).applyGradients([[Float32Array.of(0.1, 0.2), v]])
  sameBits(w, v, 'the variable')
})

test('no gradient is held on to when its step is over, taken or refused', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const optimizer = new ClippyAdagrad(options)
  const [w, table] = [new Float32Array(100), new Float32Array(100)]
  optimizer.build([w, table])
  const gone = (() => {
    const gradients = [wave(100, false), wave(100, false), new Float32Array(100).fill(Number.NaN), wave(100, false)]
    optimizer.applyGradients([[gradients[0], w]])
    optimizer.applyGradients([[gradients[1], w]])
    refuses(() => optimizer.applyGradients([[gradients[2], w]]), RangeError, 'NaN')
    optimizer.applyGradients([
      [gradients[3], w],
      [{ indices: [1], values: wave(10, false) }, table],
    ])
    const variable = new Variable(w)
    refuses(() => optimizer.updateStep(gradients[2], variable), RangeError, 'NaN')
    return gradients.map((gradient) => new WeakRef(gradient))
  })()
  for (let attempt = 0; attempt < 20 && gone.some((gradient) => gradient.deref() !== undefined); attempt++) {
    await setTimeout(10)
    collect()
  }
  assert.equal(
    gone.map((gradient) => gradient.deref()),
    [undefined, undefined, undefined, undefined],
  )
})

test('a shard is asked about with NaN where it refuses the step, and none moves when another refuses', () => {
  class Shard extends ClippyAdagrad {
    asked: number[] = []
    elsewhere = 1
    protected override reduceClippingFactor(factor: number): number {
      this.asked.push(factor)
      return Math.min(factor, this.elsewhere)
    }
  }
  const shard = new Shard(options)
  const w = Float32Array.of(1, 2)
  refuses(() => shard.applyGradients([[Float32Array.of(1, Number.NaN), w]]), RangeError, 'gradient[1]', 'NaN')
  assert.equal(shard.asked, [Number.NaN])
  shard.elsewhere = Number.NaN
  refuses(() => shard.applyGradients([[Float32Array.of(1, 1), w]]), RangeError, 'reduced clipping factor', 'NaN')
  sameBits(w, Float32Array.of(1, 2), 'the variable')
})

/** Values that differ, of both signs. */
function wave(length: number, isDouble: boolean): FloatArray {
  const values = isDouble ? new Float64Array(length) : new Float32Array(length)
  return values.map((_, i) => Math.sin(7 * i + length))
}

test.run()

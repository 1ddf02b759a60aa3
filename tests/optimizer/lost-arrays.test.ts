import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type GradientAndVariable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'

/** What a hook, or another thread, may do to arrays that a step is about to write. */
const test = suite('optimizer: lost arrays')

const OPTIONS = { learningRate: 0.1, absoluteThreshold: 0.01 }

function transferred({ buffer }: { readonly buffer: ArrayBufferLike }): void {
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })
}

test('a decayed variable that decide detaches refuses the step, and nothing has moved', () => {
  for (const isBuilt of [false, true]) {
    const [first, second] = [Float32Array.of(1), Float32Array.of(2)]
    class Detaching extends ClippyAdagrad {
      protected override decide(): void {
        transferred(second)
      }
    }
    const optimizer = new Detaching({ ...OPTIONS, weightDecay: 0.1 })
    if (isBuilt) optimizer.build([first, second])
    const pairs: GradientAndVariable[] = [
      [Float32Array.of(0.5), first],
      [Float32Array.of(0.5), second],
    ]
    refuses(() => optimizer.applyGradients(pairs), RangeError, "variable 'Variable_1'")
    sameBits(first, Float32Array.of(1), 'the first variable')
    if (isBuilt) sameBits(optimizer.accumulatorOf(first).value, Float32Array.of(0.1), 'its accumulator')
    assert.is(optimizer.iterations, 0)
  }
})

test('a step that decide takes for another variable is not undone by the decay of its own', () => {
  const second = (hook: 'decide' | 'aggregateGradients') => {
    const [a, b] = [Float32Array.of(1), Float32Array.of(2)]
    class Nested extends ClippyAdagrad {
      isDone = false
      #once(): void {
        if (this.isDone) return
        this.isDone = true
        this.applyGradients([[Float32Array.of(0.5), b]])
      }
      protected override decide(): void {
        if (hook === 'decide') this.#once()
      }
      override aggregateGradients(pairs: Iterable<GradientAndVariable>): GradientAndVariable[] {
        if (hook === 'aggregateGradients') this.#once()
        return super.aggregateGradients(pairs)
      }
    }
    const optimizer = new Nested({ ...OPTIONS, weightDecay: 0.1 })
    optimizer.build([a, b])
    optimizer.applyGradients([
      [Float32Array.of(0.5), a],
      [Float32Array.of(0.5), b],
    ])
    return b
  }
  sameBits(second('decide'), second('aggregateGradients'), 'the second variable')
})

test('a moving average that is detached refuses the step, before and after hooks', () => {
  for (const hook of ['none', 'decide', 'reduceClippingFactor', 'aggregateGradients'] as const) {
    for (const emaOverwriteFrequency of [null, 1]) {
      const [first, second] = [Float32Array.of(1), Float32Array.of(2)]
      class Detaching extends ClippyAdagrad {
        protected override decide(): void {
          if (hook === 'decide') transferred(this.variables[2].value)
        }
        protected override reduceClippingFactor(factor: number): number {
          if (hook === 'reduceClippingFactor' && this.variables[2].value.length > 0)
            transferred(this.variables[2].value)
          return factor
        }
        override aggregateGradients(pairs: Iterable<GradientAndVariable>): GradientAndVariable[] {
          if (hook === 'aggregateGradients') transferred(this.variables[2].value)
          return super.aggregateGradients(pairs)
        }
      }
      const optimizer = new Detaching({ ...OPTIONS, useEma: true, emaOverwriteFrequency })
      optimizer.build([first, second])
      if (hook === 'none') transferred(optimizer.variables[2].value)
      const pairs: GradientAndVariable[] = [
        [Float32Array.of(0.5), first],
        [Float32Array.of(0.5), second],
      ]
      refuses(() => optimizer.applyGradients(pairs), RangeError, 'average')
      sameBits(first, Float32Array.of(1), 'the first variable')
      sameBits(second, Float32Array.of(2), 'the second variable')
    }
  }
})

test('the values of a sparse gradient that shrink in reduceClippingFactor refuse the step', () => {
  const values = new Float32Array(Reflect.construct(ArrayBuffer, [16, { maxByteLength: 64 }])).fill(0.5)
  class Shrinking extends ClippyAdagrad {
    protected override reduceClippingFactor(factor: number): number {
      const { buffer } = values as unknown as { buffer: { resize(bytes: number): void } }
      buffer.resize(8)
      return factor
    }
  }
  const weights = new Float32Array(8).fill(1)
  const step = () => new Shrinking(OPTIONS).applyGradients([[{ indices: [0, 2], values }, weights]])
  refuses(step, RangeError, 'its gradient has 2 values now; expected 4')
  sameBits(weights, new Float32Array(8).fill(1), 'the weights')
})

test('an array of a subclass with a `set` of its own is written as any other', () => {
  class Vector extends Float32Array {
    override set(): void {
      throw new Error('set of the subclass')
    }
  }
  for (const options of [{ weightDecay: 0.1 }, { useEma: true, emaOverwriteFrequency: 1 }]) {
    const [own, plain] = [new Vector(3).fill(1), new Float32Array(3).fill(1)]
    for (const weights of [own, plain]) {
      const optimizer = new ClippyAdagrad({ ...OPTIONS, ...options })
      optimizer.applyGradients([[Float32Array.of(1, 2, 3), weights]])
      optimizer.finalizeVariableValues([weights])
    }
    sameBits(new Float32Array(own.buffer), plain, Object.keys(options).join())
  }
})

test.run()

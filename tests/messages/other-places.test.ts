import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type GradientAndVariable, type Loss, Optimizer, PerReplica, Variable } from '../../src/index.ts'
import { warningsOf } from '../optimizer/support/quiet.ts'
import { refuses } from '../support/assertions.ts'

/** Mistakes of likely-mistakes.test.ts where else they can be made. */
const test = suite('messages: other places')

class Tensor {
  dataSync(): Float32Array {
    return Float32Array.of(1)
  }
}

const w = () => new Variable([1, 2], { name: 'w' })
const apply = (...pairs: unknown[]) => new ClippyAdagrad().applyGradients(pairs as GradientAndVariable[])

test('what is no typed array is named by its kind, with the way out, wherever an array may be given', () => {
  refuses(() => apply([new Tensor(), w()]), TypeError, 'a Tensor', '.dataSync()')
  refuses(() => apply([[1, 2], w()]), TypeError, 'an array of length 2', 'Float32Array.from')
  refuses(() => apply([Float32Array.of(1, 2), new Tensor()]), TypeError, 'a Tensor', '.dataSync()')
  refuses(() => new Variable(new Tensor() as never), TypeError, 'a Tensor', '.dataSync()')
  refuses(() => new Variable(w() as never), TypeError, 'a Variable', '.value')
  refuses(() => new PerReplica([[1, 2] as never]), TypeError, 'values[0]', 'Float32Array.from')
  refuses(() => new ClippyAdagrad().build([[1, 2] as never]), TypeError, 'varList[0]', 'Float32Array.from')
})

test('an async loss is told so, with a tape and without one', () => {
  const loss = (async () => 1) as unknown as Loss
  for (const tape of [undefined, { gradient: (run: Loss) => [run() as never] }]) {
    refuses(() => new ClippyAdagrad().computeGradients(loss, [w()], tape), TypeError, 'returned a Promise', 'await')
    refuses(() => new ClippyAdagrad().minimize(loss, [w()], { tape }), TypeError, 'returned a Promise', 'await')
  }
})

test('what a loss returned is told with a tape too: a class by its name, a large object by its first keys', () => {
  const tape = { gradient: (run: Loss) => [run() as never] }
  const large = Object.fromEntries(Array.from({ length: 9 }, (_, k) => [`k${k}`, k]))
  const cases: ReadonlyArray<readonly [result: unknown, says: string]> = [
    [{ loss: 1 }, 'loss returned an object with loss; expected'],
    [large, 'loss returned an object with k0, k1, k2, k3, k4; expected'],
    [{ ['x'.repeat(99)]: 1 }, `loss returned an object with ${'x'.repeat(80)}; expected`],
    [{}, 'loss returned an object; expected'],
    [new Tensor(), 'loss returned a Tensor; expected'],
    [[1], 'loss returned an array of length 1; expected'],
    [null, 'loss returned null; expected'],
  ]
  for (const [result, says] of cases) {
    const loss = (() => result) as unknown as Loss
    refuses(() => new ClippyAdagrad().minimize(loss, [w()]), TypeError, says)
    refuses(() => new ClippyAdagrad().minimize(loss, [w()], { tape }), TypeError, says)
  }
})

test('a NaN is told by its place in the list as the caller gave it, whatever finds it', () => {
  const sound = [Float32Array.of(1, 1), Float32Array.of(1, 2)] as const
  const list: GradientAndVariable[] = [[null, w()], sound, [Float32Array.of(1, Number.NaN), Float32Array.of(1, 2)]]
  const says = "gradsAndVars[2], variable 'Variable_1': gradient[1] is NaN; expected a finite number"
  class Plain extends Optimizer {
    override updateStep() {}
  }
  for (const optimizer of [new ClippyAdagrad(), new ClippyAdagrad({ clipnorm: 1 }), new Plain()]) {
    warningsOf(() => refuses(() => optimizer.applyGradients(list), RangeError, says))
  }
})

test('a NaN in what aggregateGradients returned has no place in the list of the caller', () => {
  class Reversed extends ClippyAdagrad {
    override aggregateGradients(pairs: Iterable<GradientAndVariable>) {
      return [...pairs].reverse()
    }
  }
  const list: GradientAndVariable[] = [
    [Float32Array.of(1, 1), w()],
    [Float32Array.of(1, Number.NaN), Float32Array.of(1, 2)],
  ]
  refuses(() => new Reversed().applyGradients(list), RangeError, /^variable 'Variable': gradient\[1\] is NaN/)
})

test('a detached variable is told so for a raw array on its first step and for a sparse gradient too', () => {
  const detached = () => {
    const value = Float32Array.of(1, 2)
    structuredClone(value, { transfer: [value.buffer] })
    return value
  }
  refuses(() => apply([Float32Array.of(1, 1), detached()]), RangeError, "variable 'Variable' is detached")
  const sparse = { indices: [0], values: Float32Array.of(1) }
  refuses(() => apply([sparse, detached()]), RangeError, "variable 'Variable' is detached")
})

test('a pair that is neither array nor gradient is not told to be wrapped, and an empty variable is not detached', () => {
  refuses(() => apply(1), TypeError, /gradsAndVars\[0\] is 1; expected a pair \[gradient, variable\]$/)
  refuses(() => apply([Float32Array.of(1), new Float32Array(0)]), RangeError, 'has length 1; expected 0')
})

test("a function written with the word function is a learning rate, and a list is not taken for a schedule's options", () => {
  function rate(step: number) {
    return 1 / (step + 1)
  }
  new ClippyAdagrad({ learningRate: rate })
  refuses(() => new ClippyAdagrad({ learningRate: [0.1] as never }), TypeError, /function of the step$/)
})

test('a subclass without updateStep changes nothing, and needs none where it never gets there', () => {
  // As plain JavaScript lets it.
  const Plain = Optimizer as unknown as typeof ClippyAdagrad
  class Unfinished extends Plain {}
  const optimizer = new Unfinished({ learningRate: 1, weightDecay: 0.1 })
  const variable = w()
  refuses(() => optimizer.applyGradients([[Float32Array.of(1, 1), variable]]), TypeError, 'has no updateStep')
  assert.equal([...variable.value], [1, 2])
  assert.not(optimizer.built)

  class Own extends Plain {
    override applyGradients() {
      return 7
    }
  }
  assert.is(new Own().applyGradients(), 7)
  const asked: number[] = []
  class Sharded extends Plain {
    protected override reduceClippingFactor(factor: number) {
      asked.push(factor)
      return factor
    }
  }
  refuses(() => new Sharded().applyGradients([[Float32Array.of(1, 1), variable]]), TypeError, 'has no updateStep')
  assert.is(asked.some(Number.isNaN), true, 'other shards are told of the refusal')

  class Refusing extends Plain {
    protected override decide() {
      throw new RangeError('not today')
    }
  }
  refuses(() => new Refusing().applyGradients([[Float32Array.of(1, 1), variable]]), RangeError, 'not today')
})

test('what is said of the likely mistake is said of no other', () => {
  refuses(() => new Variable([1], 'w' as never), TypeError, /expected a plain object$/)
  refuses(() => new Variable(['1'] as never), TypeError, /Float32Array\.from\(values\)$/)
  const loss = (() => 'low') as unknown as Loss
  refuses(() => new ClippyAdagrad().minimize(loss, [w()]), TypeError, /expected a number or { value, gradients }$/)
})

test.run()

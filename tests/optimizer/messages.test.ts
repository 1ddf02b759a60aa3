import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type FloatArray,
  type GradientAndVariable,
  type Loss,
  PerReplica,
  Variable,
} from '../../src/index.ts'
import { describe } from '../../src/shared/check.ts'
import { refuses } from '../support/assertions.ts'
import { fails } from '../support/untouched.ts'

// The mistakes that users make, and the message that mends each.
const test = suite('optimizer: messages')

class Tensor {
  dataSync(): Float32Array {
    return Float32Array.of(1)
  }
}

const w = () => new Variable([1, 2], { name: 'w' })
const apply = (...pairs: unknown[]) => new ClippyAdagrad().applyGradients(pairs as GradientAndVariable[])

test('what is no typed array is named by its kind, with the way out', () => {
  refuses(() => apply([new Tensor(), w()]), TypeError, 'a Tensor', '.dataSync()')
  refuses(() => apply([[1, 2], w()]), TypeError, 'an array of length 2', 'Float32Array.from')
  refuses(() => apply([Int32Array.of(1, 2), w()]), TypeError, 'an Int32Array of length 2', 'Float32Array.from')
  refuses(() => apply([Float32Array.of(1, 2), new Tensor()]), TypeError, 'a Tensor', '.dataSync()')
  refuses(() => new Variable(new Tensor() as never), TypeError, 'a Tensor', '.dataSync()')
  refuses(() => new Variable(w() as never), TypeError, 'a Variable', '.value')
  refuses(() => apply([w(), Float32Array.of(1, 2)]), TypeError, 'gradsAndVars[0]', 'the order is [gradient, variable]')
  refuses(() => new PerReplica([[1, 2] as never]), TypeError, 'values[0]', 'Float32Array.from')
  refuses(() => new ClippyAdagrad().build([[1, 2] as never]), TypeError, 'varList[0]', 'Float32Array.from')
})

test('an unknown raw array: its place, that arrays are known by themselves, and the order of a pair', () => {
  const [a, b] = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
  const optimizer = new ClippyAdagrad()
  optimizer.build([a, b])
  const call = (array: FloatArray) => () =>
    optimizer.applyGradients([
      [Float32Array.of(1, 1), a],
      [Float32Array.of(1, 1), array],
    ])
  fails(call(b.map((x) => x)), 'place 1', 'length 2', 'w = w.map', '[gradient, variable]')
  fails(call(b.subarray()), 'place 1', "a new view of the memory of 'Variable_1'")
})

test('a misspelt option: what was probably meant, then the list', () => {
  for (const [written, meant] of [
    ['absolutThreshold', 'absoluteThreshold'],
    ['AbsoluteThreshold', 'absoluteThreshold'],
    ['learningrate', 'learningRate'],
    ['clipNorm', 'clipnorm'],
    ['weight_deacy', 'weightDecay'],
    ['epsilonn', 'epsilon'],
  ]) {
    refuses(() => new ClippyAdagrad({ [written]: 1 }), TypeError, `did you mean ${meant}?`, 'known options')
  }
  for (const far of ['momentum', 'x', 'nesterov', 'x'.repeat(1000)]) {
    assert.not.match(String(errorOf(() => new ClippyAdagrad({ [far]: 1 }))), /did you mean/)
  }
})

function errorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

test('an async loss is told so', () => {
  const loss = (async () => 1) as unknown as Loss
  for (const tape of [undefined, { gradient: (run: Loss) => [run() as never] }]) {
    refuses(() => new ClippyAdagrad().computeGradients(loss, [w()], tape), TypeError, 'returned a Promise', 'await')
    refuses(() => new ClippyAdagrad().minimize(loss, [w()], { tape }), TypeError, 'returned a Promise', 'await')
  }
})

test('describe names classes by plain properties alone, and hostile objects call nothing', () => {
  const trap = () => {
    throw new Error('called')
  }
  class Named {}
  assert.is(describe(new Named()), 'a Named')
  assert.is(describe(new Map()), 'a Map')
  assert.is(describe(new Int8Array(2)), 'an Int8Array of length 2')
  assert.is(describe(new DataView(new ArrayBuffer(1))), 'a DataView')
  assert.is(describe(Object.create(null)), 'an object')
  assert.is(describe({ constructor: trap }), 'an object')
  assert.is(describe(Object.create(Object.defineProperty({}, 'constructor', { get: trap }))), 'an object')
  assert.is(describe(new Proxy({}, { getPrototypeOf: trap })), 'an object')
})

test.run()

import { suite } from 'uvu'
import { ClippyAdagrad, type GradientAndVariable, type Loss, PerReplica, Variable } from '../../src/index.ts'
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

test.run()

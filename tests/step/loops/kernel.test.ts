import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { kernel, step } from '../../../src/index.ts'
import { makeKernel } from '../../../src/step/loops/kernel.ts'
import { KERNEL } from '../../../src/step/loops/kernel-bytes.ts'
import { type FreshPackage, freshPackage } from '../../support/fresh-package.ts'

const test = suite('kernel')

const hasWebAssembly = typeof WebAssembly !== 'undefined'

test('kernel() says what there is', () => {
  assert.is(kernel(), hasWebAssembly ? 'simd' : 'scalar')
})

test('the kernel is a few kilobytes', () => {
  assert.ok(atob(KERNEL).length < 9000)
})

test('more memory than WebAssembly has at all is not to be had', () => {
  assert.is(makeKernel(2 ** 32 + 1), undefined)
})

// What is missing or refused, in a realm of its own.

interface Counted {
  readonly fresh: FreshPackage
  /** How often memory was asked for. */
  readonly asked: () => number
}

/** The package where WebAssembly.Memory throws, from the `first` request on that is refused. */
function withoutMemory(first = 0): Counted {
  let asked = 0
  const fresh = freshPackage((realm) => {
    const given = realm.WebAssembly as typeof WebAssembly
    const Memory = new Proxy(given.Memory, {
      construct(target, descriptors) {
        if (asked++ >= first) throw new RangeError('WebAssembly.Memory(): could not allocate memory')
        return Reflect.construct(target, descriptors)
      },
    })
    realm.WebAssembly = { Module: given.Module, Instance: given.Instance, Memory }
  })
  return { fresh, asked: () => asked }
}

/** Steps of several lengths in both precisions, dense and sparse; returns all that they wrote. */
function severalSteps(fresh: Pick<FreshPackage, 'step' | 'Float32Array' | 'Float64Array'>): number[] {
  return [fresh.Float32Array, fresh.Float64Array].flatMap((Kind) =>
    [1, 15, 16, 100, 5000].flatMap((length) => {
      const wave = (scale: number) => Kind.from(Array.from({ length }, (_, i) => scale * (1.5 + Math.sin(i))))
      const [variable, accumulator] = [wave(1), wave(0.1)]
      const options = { learningRate: 0.1 }
      const factors = [1, 2, 3].map(() => fresh.step(variable, accumulator, wave(5), options))
      const values = Kind.of(3, 1, 2)
      const sparse = fresh.step(variable, accumulator, { indices: [length - 1, 0, 0], values }, options)
      return [...factors, sparse, ...variable, ...accumulator]
    }),
  )
}

const here = { step, Float32Array, Float64Array }

test('memory that is refused is asked for once, and steps run on the portable loops from then on', () => {
  const { fresh, asked } = withoutMemory()
  assert.equal(severalSteps(fresh), severalSteps(here))
  assert.is(fresh.kernel(), 'scalar')
  assert.is(asked(), 1)
  assert.equal(severalSteps(fresh), severalSteps(here))
  assert.is(asked(), 1)
})

test('where memory is refused, allocate gives ordinary arrays without asking again', () => {
  const { fresh, asked } = withoutMemory()
  for (const length of [0, 10, 100_000]) {
    const { variable, accumulator, gradient } = fresh.allocate(length)
    assert.is(new Set([variable.buffer, accumulator.buffer, gradient.buffer]).size, 3)
    assert.is(variable.length, length)
  }
  assert.is(asked(), 1)
})

test('where memory is refused, a large Variable has ordinary arrays', () => {
  const { fresh } = withoutMemory()
  const variable = new fresh.Variable(1, { shape: [16_384] })
  assert.is.not(variable.value.buffer, variable.gradient.buffer)
  assert.is(variable.value[16_383], 1)
})

test('when only further memory is refused, as much is not asked for again, and less is', () => {
  const { fresh, asked } = withoutMemory(1)
  assert.is(fresh.kernel(), 'simd')
  const isOrdinary = (length: number) => {
    const { variable, gradient } = fresh.allocate(length)
    return variable.buffer !== gradient.buffer
  }
  assert.ok(isOrdinary(100_000))
  assert.is(asked(), 2)
  assert.ok(isOrdinary(100_000) && isOrdinary(200_000))
  assert.is(asked(), 2)
  assert.ok(isOrdinary(50_000))
  assert.is(asked(), 3)
  assert.equal(severalSteps(fresh), severalSteps(here))
})

test('without a FinalizationRegistry, allocate gives ordinary arrays and large Variables are made', () => {
  const fresh = freshPackage((realm) => {
    Reflect.deleteProperty(realm, 'FinalizationRegistry')
  })
  assert.is(fresh.kernel(), 'simd')
  const { variable, accumulator, gradient } = fresh.allocate(10)
  assert.is(new Set([variable.buffer, accumulator.buffer, gradient.buffer]).size, 3)
  const large = new fresh.Variable(1, { shape: [16_384] })
  assert.is(large.value.length, 16_384)
  assert.equal(severalSteps(fresh), severalSteps(here))
})

for (const [what, change] of [
  ['without WebAssembly', (realm: Record<string, unknown>) => Reflect.deleteProperty(realm, 'WebAssembly')],
  [
    'where a policy forbids to compile',
    (realm: Record<string, unknown>) => {
      class Module {
        constructor() {
          throw new EvalError('refused')
        }
      }
      realm.WebAssembly = { ...(realm.WebAssembly as object), Module }
    },
  ],
] as const) {
  test(`${what} kernel() says scalar, and steps have the same bits`, () => {
    const fresh = freshPackage(change)
    assert.is(fresh.kernel(), 'scalar')
    assert.equal(severalSteps(fresh), severalSteps(here))
    const { variable, gradient } = fresh.allocate(10)
    assert.is.not(variable.buffer, gradient.buffer)
  })
}

test('nothing is asked for at import', () => {
  const { asked } = withoutMemory()
  assert.is(asked(), 0)
})

test.run()

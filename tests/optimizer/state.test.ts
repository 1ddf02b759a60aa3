import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad } from '../../src/index.ts'
import { sameBits } from '../support/assertions.ts'
import { holds } from '../support/property.ts'
import { goodDraw } from './support/gradients.ts'
import { warningsOf } from './support/quiet.ts'
import { refusedUnchanged, throwsKind } from './support/refusal.ts'
import { media, resumed, type Session, start, take } from './support/session.ts'
import { anySettings, optionsOf } from './support/settings.ts'
import { anyStart, bitsOf, type Held, hold } from './support/variables.ts'

const test = suite('optimizer state')

/** Options, variables, and the gradients of a few steps. */
const anyTraining = fc
  .record({ settings: anySettings, starts: fc.array(anyStart, { minLength: 1, maxLength: 3 }) })
  .chain(({ settings, starts }) => {
    const draws = fc.array(goodDraw, { minLength: starts.length, maxLength: starts.length })
    return fc.record({
      settings: fc.constant(settings),
      starts: fc.constant(starts),
      steps: fc.array(draws, { minLength: 1, maxLength: 6 }),
    })
  })

for (const [name, medium] of Object.entries(media)) {
  test(`saved at any step and loaded into a fresh optimizer through ${name}, training goes on with the same bits`, () => {
    warningsOf(() => {
      holds(
        fc.tuple(anyTraining, fc.nat({ max: 6 })),
        ([{ settings, starts, steps }, cut]) => {
          const options = optionsOf(settings)
          const unbroken = start(options, starts)
          let broken = start(options, starts)
          steps.forEach((draws, step) => {
            if (step === cut % steps.length) broken = resumed(broken, options, medium)
            take(unbroken, draws)
            take(broken, draws)
            assert.is(bitsOf(broken.optimizer, broken.held), bitsOf(unbroken.optimizer, unbroken.held))
          })
          for (const { optimizer, held } of [unbroken, broken]) {
            optimizer.finalizeVariableValues(held.map(({ given }) => given))
          }
          assert.is(bitsOf(broken.optimizer, broken.held), bitsOf(unbroken.optimizer, unbroken.held))
        },
        300,
      )
    })
  })
}

test('a state that is saved before the first step is that of a fresh optimizer', () => {
  holds(
    anyTraining,
    ({ settings, starts }) => {
      const options = optionsOf(settings)
      const session = start(options, starts)
      for (const medium of Object.values(media)) {
        const fresh = resumed(session, options, medium)
        assert.is(bitsOf(fresh.optimizer, fresh.held), bitsOf(session.optimizer, session.held))
      }
    },
    200,
  )
})

test('an average that comes out as −0, which JSON does not have, is saved as what it is', () => {
  const options = { useEma: true, emaMomentum: 0, learningRate: 0 }
  const draws = [{ kind: 'dense', numbers: [0], rows: [0], bad: 0 }] as const
  const session = start(options, [{ precision: 'float64', rows: 1, width: 1, values: [-5], raw: true }])
  session.held[0].value[0] = -0
  take(session, draws)
  for (const medium of Object.values(media)) {
    const fresh = resumed(session, options, medium)
    assert.is(bitsOf(fresh.optimizer, fresh.held), bitsOf(session.optimizer, session.held))
  }
})

test('what is saved and what is loaded are copies', () => {
  const session = example()
  const store: Record<string, Float64Array> = {}
  session.optimizer.saveOwnVariables(store)
  const before = bitsOf(session.optimizer, session.held)
  for (let k = 0; k < session.optimizer.variables.length; k++) store[k].fill(7)
  assert.is(bitsOf(session.optimizer, session.held), before)
  session.optimizer.loadOwnVariables(store)
  const loaded = bitsOf(session.optimizer, session.held)
  for (let k = 0; k < session.optimizer.variables.length; k++) store[k].fill(8)
  assert.is(bitsOf(session.optimizer, session.held), loaded)
})

// Refusals.

/** One variable of each precision, and every kind of slot: 0 iteration, 1–2 averages, 3–6 accumulators and factors. */
function example(): Session {
  const held = [
    hold({ precision: 'float32', rows: 2, width: 1, values: [1, 2], raw: false }, 'single'),
    hold({ precision: 'float64', rows: 1, width: 3, values: [3, 4, 5], raw: true }, 'double'),
  ]
  const optimizer = new ClippyAdagrad({ useEma: true, exportClippingFactors: true, learningRate: 0.1 })
  optimizer.applyGradients(held.map(({ value, given }) => [value.slice(), given]))
  return { optimizer, held }
}

/** The two ways in, each taking a list of arrays. */
const loaders: Readonly<Record<string, (optimizer: ClippyAdagrad, list: readonly unknown[]) => void>> = {
  setWeights: (optimizer, list) => optimizer.setWeights(list),
  loadOwnVariables: (optimizer, list) => optimizer.loadOwnVariables({ ...list }),
}

function valuesOf({ optimizer }: Session): unknown[] {
  return optimizer.variables.map(({ value }) => value.slice())
}

/** The list with another entry at one place. */
function withEntry(list: readonly unknown[], place: number, entry: unknown): unknown[] {
  return list.map((value, k) => (k === place ? entry : value))
}

for (const [name, load] of Object.entries(loaders)) {
  test(`${name} before build is an Error`, () => {
    const { optimizer, held }: { optimizer: ClippyAdagrad; held: Held[] } = { optimizer: new ClippyAdagrad(), held: [] }
    for (const list of [[], [[0]], valuesOf(example())]) {
      refusedUnchanged(() => load(optimizer, list), Error, { optimizer, held }, name, 'build')
    }
  })

  test(`${name} refuses a wrong count with a RangeError, and nothing has changed`, () => {
    const session = example()
    const list = valuesOf(session)
    for (const wrong of [[], list.slice(0, 1), list.slice(1), list.slice(0, -1), [...list, [1]], [...list, ...list]]) {
      const words = [String(wrong.length), String(list.length)]
      refusedUnchanged(() => load(session.optimizer, wrong), RangeError, session, ...words)
    }
  })

  test(`${name} refuses a wrong length with a RangeError, and nothing has changed`, () => {
    const session = example()
    const list = valuesOf(session)
    session.optimizer.variables.forEach(({ name: variable, size }, place) => {
      for (const length of [0, size - 1, size + 1, 2 * size + 1]) {
        if (length === size) continue
        for (const entry of [new Array<number>(length).fill(1), { ...new Array<number>(length).fill(1) }]) {
          const call = () => load(session.optimizer, withEntry(list, place, entry))
          refusedUnchanged(call, RangeError, session, variable, String(length), String(size))
        }
      }
    })
  })

  test(`${name} takes an array of another kind where the variable holds its numbers exactly, and no other`, () => {
    const session = example()
    const list = valuesOf(session)
    session.optimizer.variables.forEach(({ name: variable, value }, place) => {
      const whole = value.map((_, i) => i + 1)
      const kinds = [Float32Array.from(whole), Float64Array.from(whole), Int32Array.from(whole), Uint8Array.from(whole)]
      for (const other of [...kinds, BigInt64Array.from([...whole].map(BigInt)), [...whole].map(BigInt)]) {
        load(session.optimizer, withEntry(list, place, other))
        sameBits(value, whole, variable)
      }
      load(session.optimizer, list)
      if (value.length === 1) {
        load(session.optimizer, withEntry(list, place, 12n))
        assert.is(value[0], 12)
        load(session.optimizer, list)
      }
      const beyond = BigInt64Array.from({ length: value.length }, () => 2n ** 53n + 1n)
      refusedUnchanged(() => load(session.optimizer, withEntry(list, place, beyond)), RangeError, session, variable)
      if (value instanceof Float64Array) return
      const inexact = new Float64Array(value.length).fill(0.1)
      refusedUnchanged(() => load(session.optimizer, withEntry(list, place, inexact)), RangeError, session, variable)
    })
  })

  test(`${name} refuses a number that float32 does not hold with a RangeError, and nothing has changed`, () => {
    const session = example()
    const list = valuesOf(session)
    for (const [place, { name: variable, value }] of session.optimizer.variables.entries()) {
      if (value instanceof Float64Array) continue
      for (const number of [0.1, 1 + 2 ** -24, 1e39, 1e-46, Number.MAX_VALUE]) {
        const call = () => load(session.optimizer, withEntry(list, place, [...value.slice(1), number]))
        refusedUnchanged(call, RangeError, session, variable, String(number))
      }
    }
  })

  test(`${name} refuses NaN and ±Infinity with a RangeError that names variable, index and value, and nothing has changed`, () => {
    const session = example()
    const list = valuesOf(session)
    session.optimizer.variables.forEach(({ name: variable, value }, place) => {
      for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        value.forEach((_, index) => {
          const typed = value.slice()
          typed[index] = number
          for (const entry of [typed, [...typed], { ...typed }]) {
            const call = () => load(session.optimizer, withEntry(list, place, entry))
            refusedUnchanged(call, RangeError, session, `${variable}[${index}] is ${number}`)
          }
        })
      }
    })
  })

  test(`${name} refuses null, which JSON makes of NaN, with a TypeError, and nothing has changed`, () => {
    const session = example()
    const list = valuesOf(session)
    session.optimizer.variables.forEach(({ name: variable, value }, place) => {
      const entry: unknown = JSON.parse(JSON.stringify(value.slice().fill(Number.NaN)))
      const call = () => load(session.optimizer, withEntry(list, place, entry))
      refusedUnchanged(call, TypeError, session, variable, 'null')
    })
  })

  test(`${name} refuses an iteration that is no count with a RangeError, and nothing has changed`, () => {
    const session = example()
    const list = valuesOf(session)
    for (const count of [1.5, -1, 2 ** 53, Number.NaN, 5e-324]) {
      for (const entry of [[count], count, Float64Array.of(count), { 0: count }]) {
        const call = () => load(session.optimizer, withEntry(list, 0, entry))
        refusedUnchanged(call, RangeError, session, 'iteration', String(count))
      }
    }
  })

  test(`${name} refuses an array with holes with a TypeError, and nothing has changed`, () => {
    const session = example()
    const list = valuesOf(session)
    session.optimizer.variables.forEach(({ value }, place) => {
      const call = () => load(session.optimizer, withEntry(list, place, new Array(value.length)))
      refusedUnchanged(call, TypeError, session, 'undefined')
    })
  })
}

test('setWeights refuses a list with a hole in it with a TypeError, and nothing has changed', () => {
  const session = example()
  const list = valuesOf(session)
  list.forEach((_, place) => {
    const holed = list.slice()
    delete holed[place]
    refusedUnchanged(() => session.optimizer.setWeights(holed), TypeError, session, 'undefined')
  })
})

test('a state saved with other options is refused with a RangeError', () => {
  const values = [1, 2]
  const sessions = [
    start({ useEma: false }, [{ precision: 'float64', rows: 2, width: 1, values, raw: true }]),
    start({ useEma: true }, [{ precision: 'float64', rows: 2, width: 1, values, raw: true }]),
    start({ exportClippingFactors: true }, [{ precision: 'float64', rows: 1, width: 1, values: [1], raw: true }]),
    start({}, [{ precision: 'float32', rows: 2, width: 1, values, raw: true }]),
    start({}, [{ precision: 'float64', rows: 3, width: 1, values: [1, 2, 3], raw: true }]),
  ]
  for (const from of sessions) {
    for (const to of sessions) {
      if (from === to) continue
      // The doubles of the one are numbers that the other does not hold; the floats of that one are doubles too.
      if (from === sessions[3] && to === sessions[0]) continue
      const store = {}
      from.optimizer.saveOwnVariables(store)
      refusedUnchanged(() => to.optimizer.loadOwnVariables(store), RangeError, to)
      refusedUnchanged(() => to.optimizer.setWeights(from.optimizer.variables), RangeError, to)
    }
  }
})

test('iterations set before build are part of the saved state', () => {
  const [one, other] = [example(), example()]
  const optimizer = new ClippyAdagrad({ useEma: true, exportClippingFactors: true })
  optimizer.iterations = 40
  optimizer.build(one.held.map(({ given }) => given))
  const store = {}
  optimizer.saveOwnVariables(store)
  other.optimizer.loadOwnVariables(JSON.parse(JSON.stringify(store)))
  assert.is(other.optimizer.iterations, 40)
  throwsKind(
    () => {
      other.optimizer.iterations = 41
    },
    Error,
    'build',
  )
})

test.run()

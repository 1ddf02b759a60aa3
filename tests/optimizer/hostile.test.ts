import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, ExponentialDecay } from '../../src/index.ts'
import { holds } from '../support/property.ts'
import { clearlyRefused, hostile, hostileKey, isClear, unpolluted } from './support/hostile.ts'
import { hostileEntries } from './support/hostile-entries.ts'
import { optionNames } from './support/options.ts'
import { refusedUnchanged, thrownBy, throwsKind } from './support/refusal.ts'
import type { Session } from './support/session.ts'
import { bitsOf, hold } from './support/variables.ts'

const test = suite('hostile config and state')

// Configs.

/** The call makes a working optimizer or throws a clear error; either way nothing is polluted. */
function madeOrRefused(call: () => ClippyAdagrad): void {
  unpolluted(() => {
    let made: ClippyAdagrad | undefined
    const error = thrownBy(() => {
      made = call()
    })
    if (made === undefined) isClear(error)
    else
      assert.equal(
        Object.keys(made.getConfig()).filter((key) => key !== 'overrides'),
        optionNames,
      )
  })
}

test('any value at all as a config makes an optimizer or is clearly refused, and pollutes nothing', () => {
  holds(hostile, ({ make }) => madeOrRefused(() => ClippyAdagrad.fromConfig(make())), 2000)
})

test('any value at all as the constructor’s options makes an optimizer or is clearly refused', () => {
  holds(hostile, ({ make }) => madeOrRefused(() => new ClippyAdagrad(make() as never)))
})

test('a config with any value at any option makes an optimizer or is clearly refused', () => {
  const spelled = fc.constantFrom(...optionNames, 'learning_rate', 'weight_decay', 'use_ema', 'absolute_threshold')
  holds(fc.tuple(spelled, hostile), ([option, { make }]) => {
    const value = make()
    madeOrRefused(() => ClippyAdagrad.fromConfig({ ...new ClippyAdagrad().toJSON().config, [option]: value }))
    madeOrRefused(() => ClippyAdagrad.fromConfig({ [option]: value }))
  })
})

test('any value as a schedule, its class name or its config is clearly refused unless it is one', () => {
  const config = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 1 }).getConfig()
  holds(fc.tuple(hostileKey, hostile), ([key, { make }]) => {
    const value = make()
    const schedules = [
      value,
      { className: key, config: value },
      { className: value, config },
      { class_name: 'ExponentialDecay', config: value },
      { class_name: 'ExponentialDecay', config: { ...config, [key]: value } },
      { class_name: 'PiecewiseConstantDecay', config: { boundaries: value, values: [1, 2] } },
    ]
    for (const learningRate of schedules) madeOrRefused(() => ClippyAdagrad.fromConfig({ learningRate }))
  })
})

test('any value as customObjects finds a schedule or is clearly refused', () => {
  holds(fc.tuple(hostileKey, hostile), ([className, { make }]) => {
    const value = make()
    const config = { learningRate: { className, config: {} } }
    for (const objects of [value, { [className]: value }, JSON.parse('{ "__proto__": { "fromConfig": 1 } }')]) {
      madeOrRefused(() => ClippyAdagrad.fromConfig(config, objects as never))
    }
  })
})

test('keys that every object inherits are unknown options, in text as JSON.parse reads it', () => {
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']) {
    const text = `{ "${key}": { "polluted": true, "learningRate": 1 } }`
    unpolluted(() => {
      throwsKind(() => ClippyAdagrad.fromConfig(JSON.parse(text)), TypeError, `"${key}"`, 'known options')
      throwsKind(() => new ClippyAdagrad(JSON.parse(text)), TypeError, `"${key}"`, 'known options')
      const inside = `{ "class_name": "ClippyAdagrad", "config": ${text} }`
      throwsKind(() => ClippyAdagrad.fromConfig(JSON.parse(inside)), TypeError, `"${key}"`)
      const schedule = `{ "learning_rate": { "class_name": "${key}", "config": {} } }`
      throwsKind(() => ClippyAdagrad.fromConfig(JSON.parse(schedule)), RangeError, `"${key}"`, 'unknown class')
    })
  }
})

test('inherited options are not read', () => {
  const inheriting: object = Object.create({ learningRate: -1, epsilon: 'nonsense' })
  throwsKind(() => ClippyAdagrad.fromConfig(inheriting), TypeError, 'plain object')
  throwsKind(() => new ClippyAdagrad(inheriting), TypeError, 'plain object')
})

test('a config that contains itself, or is wrapped a hundred thousand times, is clearly refused', () => {
  const cycle: Record<string, unknown> = { className: 'ClippyAdagrad' }
  cycle.config = cycle
  clearlyRefused(() => ClippyAdagrad.fromConfig(cycle))
  let wrapped: unknown = {}
  for (let i = 0; i < 100_000; i++) wrapped = { class_name: 'ClippyAdagrad', config: wrapped }
  clearlyRefused(() => ClippyAdagrad.fromConfig(wrapped))
})

test('a transparent Proxy of a config is read as the config', () => {
  const config = new ClippyAdagrad({ epsilon: 0.5 }).getConfig()
  assert.equal(ClippyAdagrad.fromConfig(new Proxy(config, {})).getConfig(), config)
})

test('a message quotes no more of a long key or class name than a line', () => {
  const long = 'x'.repeat(1_000_000)
  for (const config of [{ [long]: 1 }, { class_name: long }, { learningRate: { className: long, config: {} } }]) {
    clearlyRefused(() => ClippyAdagrad.fromConfig(config))
  }
})

// States.

/** Both precisions and every kind of slot. */
function example(): Session {
  const held = [
    hold({ precision: 'float32', rows: 2, width: 1, values: [1, 2], raw: false }, 'single'),
    hold({ precision: 'float64', rows: 1, width: 3, values: [3, 4, 5], raw: true }, 'double'),
  ]
  const optimizer = new ClippyAdagrad({ useEma: true, exportClippingFactors: true, learningRate: 0.1 })
  optimizer.applyGradients(held.map(({ value, given }) => [value.slice(), given]))
  return { optimizer, held }
}

function saved({ optimizer }: Session): Record<string, unknown> {
  const store = {}
  optimizer.saveOwnVariables(store)
  return store
}

/** Both ways in refuse these entries with a clear error; nothing is polluted and no bit has changed. */
function loadRefused(session: Session, entries: Readonly<Record<string, unknown>>): void {
  const before = bitsOf(session.optimizer, session.held)
  clearlyRefused(() => session.optimizer.loadOwnVariables(entries))
  clearlyRefused(() => session.optimizer.setWeights(Object.values(entries)))
  assert.is(bitsOf(session.optimizer, session.held), before)
}

for (const [what, make] of Object.entries(hostileEntries)) {
  test(`a saved array that is ${what} is clearly refused at every place, and nothing has changed`, () => {
    const session = example()
    session.optimizer.variables.forEach((_, place) => {
      loadRefused(session, { ...saved(session), [place]: make() })
    })
  })
}

test('a state with any value at any place is clearly refused, and nothing has changed', () => {
  const session = example()
  const places = fc.nat({ max: session.optimizer.variables.length - 1 })
  holds(fc.tuple(places, hostile), ([place, { make }]) => {
    const value = make()
    const before = bitsOf(session.optimizer, session.held)
    unpolluted(() => {
      const error = thrownBy(() => session.optimizer.loadOwnVariables({ ...saved(session), [place]: value }))
      if (error !== undefined) {
        isClear(error)
        assert.is(bitsOf(session.optimizer, session.held), before)
        return
      }
      // By chance a number, or the numbers of a short array.
      const { value: loaded } = session.optimizer.variables[place]
      const numbers = typeof value === 'object' && value !== null ? Object.values(value) : [value]
      assert.equal(numbers.map(Number), [...loaded])
    })
  })
})

test('any value at all as a store or as weights is clearly refused, and nothing has changed', () => {
  const session = example()
  const before = bitsOf(session.optimizer, session.held)
  holds(hostile, ({ make }) => {
    clearlyRefused(() => session.optimizer.loadOwnVariables(make() as never))
    clearlyRefused(() => session.optimizer.setWeights(make() as never))
    assert.is(bitsOf(session.optimizer, session.held), before)
  })
})

test('a truncated, lengthened or renumbered store is clearly refused, and nothing has changed', () => {
  const session = example()
  const keys = Object.keys(saved(session))
  holds(fc.tuple(fc.subarray(keys), fc.array(hostileKey, { maxLength: 2 })), ([left, added]) => {
    const store: Record<string, unknown> = Object.fromEntries(
      Object.entries(saved(session)).filter(([key]) => left.includes(key)),
    )
    for (const key of added)
      Object.defineProperty(store, key, { value: [1], enumerable: true, configurable: true, writable: true })
    if (Object.keys(store).join() === keys.join()) return
    // Without names the entries count in their order, as in Keras's files.
    if (Object.keys(store).join() === keys.filter((key) => key !== 'names').join()) return
    const before = bitsOf(session.optimizer, session.held)
    clearlyRefused(() => session.optimizer.loadOwnVariables(store))
    assert.is(bitsOf(session.optimizer, session.held), before)
  })
})

test('a store that inherits its entries, or hides them, is clearly refused', () => {
  const session = example()
  refusedUnchanged(
    () => session.optimizer.loadOwnVariables(Object.create(saved(session))),
    RangeError,
    session,
    '0 entries',
  )
  const hidden = Object.fromEntries(Object.entries(saved(session)).map(([key, value]) => [`_${key}`, value]))
  refusedUnchanged(() => session.optimizer.loadOwnVariables(hidden), RangeError, session)
})

test('a state in JSON text with __proto__ in it is clearly refused, and nothing is polluted', () => {
  const session = example()
  const text = JSON.stringify(saved(session))
  for (const key of ['__proto__', 'constructor', 'toString']) {
    const more = text.replace('{', `{ "${key}": { "polluted": 1 }, `)
    const instead = text.replace('"1":', `"${key}":`)
    for (const hostile of [more, instead]) loadRefused(session, JSON.parse(hostile))
  }
})

test('a transparent Proxy of a store, of lists and of objects is read as what it stands for', () => {
  const session = example()
  const before = bitsOf(session.optimizer, session.held)
  const lists = Object.fromEntries(
    session.optimizer.variables.map(({ value }, place) => [
      place,
      new Proxy(place % 2 === 0 ? [...value] : { ...value }, {}),
    ]),
  )
  session.optimizer.setWeights(session.optimizer.variables.map(({ value }) => value.slice().fill(2)))
  session.optimizer.loadOwnVariables(new Proxy(lists, {}))
  assert.is(bitsOf(session.optimizer, session.held), before)
})

test('a list is read by its indices, whatever its iterator yields', () => {
  const session = example()
  for (const yielded of [[], [7], [7, 8, 9]]) {
    const list = Object.defineProperty([1, 2], Symbol.iterator, { value: () => yielded.values() })
    const { value } = session.optimizer.variables[3]
    assert.is(value.length, list.length)
    session.optimizer.loadOwnVariables({ ...saved(session), 3: list })
    assert.equal([value[0], value[1]], [1, 2])
    session.optimizer.loadOwnVariables({ ...saved(session), 3: [5, 5] })
  }
})

test('a getter that fails at the last entry leaves everything as it was', () => {
  const session = example()
  const store = saved(session)
  const last = session.optimizer.variables.length - 1
  session.optimizer.setWeights(session.optimizer.variables.map(({ value }) => value.slice().fill(2)))
  Object.defineProperty(store, last, {
    enumerable: true,
    get: () => {
      throw new RangeError('the file ended here')
    },
  })
  refusedUnchanged(() => session.optimizer.loadOwnVariables(store), RangeError, session, 'the file ended here')
})

test('saveOwnVariables refuses what is no object with a TypeError that says what came', () => {
  const session = example()
  for (const [store, word] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [1, '1'],
    ['abc', 'abc'],
  ] as const) {
    refusedUnchanged(() => session.optimizer.saveOwnVariables(store as never), TypeError, session, word, 'expected')
  }
})

test.run()

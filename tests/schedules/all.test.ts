import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { builtInSchedules, LearningRateSchedule } from '../../src/schedules/index.ts'
import { snakeCaseKeys } from '../../src/shared/case.ts'
import { refuses } from '../support/assertions.ts'
import { holds } from '../support/property.ts'
import { anyStep, EXAMPLES, make } from './examples.ts'

/** What every schedule does. */
const test = suite('schedules')

test('every schedule has examples here', () => {
  assert.equal(EXAMPLES.map(({ Schedule }) => Schedule).sort(), [...builtInSchedules()].sort())
})

for (const { Schedule, required, defaults, outside, arbitrary } of EXAMPLES) {
  const name = Schedule.className

  test(`${name}: options, defaults and fields are Keras's`, () => {
    const schedule = make(Schedule, required)
    assert.equal(schedule.getConfig(), defaults)
    assert.equal(Object.keys(schedule.getConfig()), Object.keys(defaults))
    assert.equal({ ...schedule }, defaults)
    assert.is(schedule.className, name)
    assert.ok(schedule instanceof LearningRateSchedule)
  })

  test(`${name}: null and undefined stand for an absent name`, () => {
    for (const absent of [null, undefined]) {
      assert.equal(make(Schedule, { ...required, name: absent }).getConfig(), defaults)
    }
    assert.is(make(Schedule, { ...required, name: 'rate' }).getConfig().name, 'rate')
  })

  test(`${name}: each required option is required`, () => {
    for (const option of Object.keys(required)) {
      const { [option]: _left, ...rest } = required
      refuses(() => make(Schedule, rest), TypeError, name, option, 'undefined')
    }
    refuses(() => make(Schedule, undefined), TypeError, name)
  })

  test(`${name}: a value outside the range is a RangeError`, () => {
    for (const [option, values] of Object.entries(outside)) {
      assert.ok(option in defaults)
      for (const value of values) refuses(() => make(Schedule, { ...required, [option]: value }), RangeError, name)
    }
  })

  test(`${name}: a value of the wrong kind is a TypeError that names the option`, () => {
    for (const option of Object.keys(defaults)) {
      for (const value of [{}, () => 1, Symbol('x'), 1n, new Map(), [[]], [undefined, 1]]) {
        refuses(() => make(Schedule, { ...required, [option]: value }), TypeError, name, option, 'expected')
      }
    }
  })

  test(`${name}: an unknown option is a TypeError that lists the known ones`, () => {
    for (const key of ['momentum', '__proto__', 'constructor', 'toString', 'at']) {
      const options = { ...required }
      Object.defineProperty(options, key, { value: {}, enumerable: true })
      refuses(() => make(Schedule, options), TypeError, name, `"${key}"`, ...Object.keys(defaults))
      refuses(() => Schedule.fromConfig(options), TypeError, name, `"${key}"`, ...Object.keys(defaults))
    }
    refuses(() => make(Schedule, snakeCaseKeys({ ...required, firstDecaySteps: 1, decaySteps: 1 })), TypeError, name)
  })

  test(`${name}: options and configs that are no plain object`, () => {
    for (const value of [null, 1, 'x', [], () => 1, new Map(), make(Schedule, required), Object.create(required)]) {
      refuses(() => make(Schedule, value), TypeError, name, 'plain object')
      refuses(() => Schedule.fromConfig(value), TypeError, name, 'plain object')
    }
  })

  test(`${name}: a config round trip keeps every option and every rate`, () => {
    holds(fc.tuple(arbitrary, anyStep), ([options, step]) => {
      const schedule = make(Schedule, options)
      const config = schedule.getConfig()
      const copies = [
        Schedule.fromConfig(config),
        Schedule.fromConfig(snakeCaseKeys(config)),
        Schedule.fromConfig(JSON.parse(JSON.stringify(config))),
        Schedule.fromConfig(JSON.parse(JSON.stringify(snakeCaseKeys(config)))),
        Schedule.fromConfig(structuredClone(config)),
      ]
      for (const copy of copies) {
        assert.instance(copy, Schedule)
        assert.equal(copy.getConfig(), config)
        assert.is(copy.at(step), schedule.at(step))
      }
    })
  })

  test(`${name}: fromConfig does not change its argument`, () => {
    holds(arbitrary, (options) => {
      const text = JSON.stringify(options)
      Schedule.fromConfig(deepFreeze(options))
      assert.is(JSON.stringify(options), text)
    })
  })

  test(`${name}: every rate is finite and at least 0`, () => {
    holds(fc.tuple(arbitrary, anyStep), ([options, step]) => {
      const rate = make(Schedule, options).at(step)
      assert.ok(rate >= 0 && rate <= Number.MAX_VALUE, `${rate}`)
    })
  })

  test(`${name}: what is read later does not change the schedule`, () => {
    const lists: Record<string, unknown> = structuredClone(required)
    const schedule = make(Schedule, lists)
    const { values } = schedule.getConfig()
    for (const list of [lists.boundaries, lists.values, values]) if (Array.isArray(list)) list[0] = 77
    assert.equal(schedule.getConfig(), defaults)
  })

  test(`${name}: a step that is no integer of at least 0 is refused`, () => {
    const schedule = make(Schedule, required)
    for (const step of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      refuses(() => schedule.at(step), RangeError, 'step', 'an integer >= 0')
    }
    const notNumbers: readonly unknown[] = ['1', null, undefined, 1n]
    for (const step of notNumbers) refuses(() => schedule.at(step as number), TypeError, 'step')
    assert.is(schedule.at(-0), schedule.at(0))
  })

  test(`${name}: hostile configs throw and pollute nothing`, () => {
    const keys = fc.oneof(
      fc.constantFrom(...Object.keys(defaults), '__proto__', 'constructor', 'prototype'),
      fc.string(),
    )
    holds(fc.dictionary(keys, fc.anything({ withBigInt: true, withNullPrototype: true })), (config) => {
      try {
        Schedule.fromConfig(config)
      } catch (error) {
        assert.ok(error instanceof TypeError || error instanceof RangeError, String(error))
      }
      assert.equal(Object.keys(Object.prototype), [])
    })
  })
}

test('a subclass needs no fromConfig of its own, and is saved under its own name', () => {
  class Halving extends LearningRateSchedule {
    readonly every: number
    constructor({ every }: { every: number }) {
      super()
      this.every = every
    }
    at(step: number): number {
      return 0.5 ** Math.floor(step / this.every)
    }
    getConfig() {
      return { every: this.every }
    }
  }
  class Renamed extends Halving {
    static override readonly className: string = 'Other'
  }
  const schedule = Halving.fromConfig({ every: 3 })
  assert.instance(schedule, Halving)
  assert.is(schedule.at(6), 0.25)
  assert.is(schedule.className, 'Halving')
  assert.is(Renamed.fromConfig({ every: 3 }).className, 'Other')
  refuses(() => Halving.fromConfig(null), TypeError, 'Halving', 'plain object')
})

function deepFreeze(options: object): object {
  for (const value of Object.values(options)) if (Array.isArray(value)) Object.freeze(value)
  return Object.freeze(options)
}

test.run()

import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  CosineDecay,
  ExponentialDecay,
  type GradientAndVariable,
  LearningRateSchedule,
  PiecewiseConstantDecay,
} from '../../src/index.ts'
import { EXAMPLES, make as makeSchedule } from '../schedules/examples.ts'
import { holds } from '../support/property.ts'
import { anyOptions, make, type Options, optionNames, valuesOf } from './support/options.ts'
import { thrownBy, throwsKind } from './support/refusal.ts'
import { bitsOf, hold } from './support/variables.ts'

const test = suite('optimizer config')

/** The ways to write an optimizer down; each gives JSON text. */
const spellings: Readonly<Record<string, (optimizer: ClippyAdagrad) => string>> = {
  'getConfig, camelCase': (optimizer) => JSON.stringify(optimizer.getConfig()),
  'toJSON, snake_case': (optimizer) => JSON.stringify(optimizer),
  "toJSON's config alone": (optimizer) => JSON.stringify(optimizer.toJSON().config),
}

test('the config has every option that the constructor knows', () => {
  // Its own words: the message for an unknown option lists the known ones.
  let message = ''
  try {
    make({ nonsense: 1 })
  } catch (error) {
    message = String(error)
  }
  const listed = message.split('known options: ')[1]?.split(', ')
  // Overrides are in a config only where there are some.
  assert.equal(listed?.sort(), [...optionNames, 'overrides'].sort())
})

test('every option has values other than its default to be tested with', () => {
  for (const option of optionNames) assert.ok(valuesOf(option).length > 0, option)
})

for (const [name, write] of Object.entries(spellings)) {
  test(`each option by itself, at every value, survives the way through ${name}`, () => {
    for (const option of optionNames) {
      for (const value of valuesOf(option)) {
        const optimizer = make({ [option]: value })
        const read = ClippyAdagrad.fromConfig(JSON.parse(write(optimizer)))
        assert.equal(read.getConfig(), optimizer.getConfig(), option)
        assert.equal(read.getConfig()[option], value === Number.POSITIVE_INFINITY ? 'Infinity' : value, option)
      }
    }
  })

  test(`any options together survive the way through ${name}`, () => {
    holds(anyOptions, (options) => {
      const optimizer = make(options)
      const read = ClippyAdagrad.fromConfig(JSON.parse(write(optimizer)))
      assert.equal(read.getConfig(), optimizer.getConfig())
      assert.equal({ ...read.getConfig(), ...written(options) }, read.getConfig())
    })
  })

  test(`any schedule inside survives the way through ${name}`, () => {
    for (const { Schedule, arbitrary } of EXAMPLES) {
      holds(
        arbitrary,
        (options) => {
          const schedule = makeSchedule(Schedule, options)
          const optimizer = new ClippyAdagrad({ learningRate: schedule })
          const read = ClippyAdagrad.fromConfig(JSON.parse(write(optimizer)))
          assert.equal(read.getConfig(), optimizer.getConfig())
          assert.equal(read.getConfig().learningRate, { className: Schedule.className, config: schedule.getConfig() })
          assert.is(read.learningRate, schedule.at(0))
        },
        100,
      )
    }
  })

  test(`an infinite absoluteThreshold, which JSON cannot hold, survives the way through ${name}`, () => {
    const text = write(new ClippyAdagrad({ absoluteThreshold: Number.POSITIVE_INFINITY }))
    const read = ClippyAdagrad.fromConfig(JSON.parse(text))
    // No clipping: the step of plain Adagrad, although the variable is 0.
    const variable = new Float64Array(1)
    read.applyGradients([[Float64Array.of(1), variable]])
    assert.is(variable[0], -0.001 / Math.sqrt(0.1 + 1e-7))
    assert.is(read.getConfig().absoluteThreshold, 'Infinity')
  })
}

/** Options as a config gives them back. */
function written(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => [option, value === Number.POSITIVE_INFINITY ? 'Infinity' : value]),
  )
}

test('an optimizer made from a config takes the same steps, bit for bit', () => {
  holds(
    fc.tuple(anyOptions, fc.constantFrom(...Object.values(spellings))),
    ([options, write]) => {
      const optimizer = make(options)
      const sessions = [optimizer, ClippyAdagrad.fromConfig(JSON.parse(write(optimizer)))].map((one) => {
        const held = hold({ precision: 'float64', rows: 2, width: 1, values: [1, -2], raw: false }, 'weights')
        for (const gradient of [Float64Array.of(1, -0.5), Float64Array.of(3, 2)]) tryStep(one, [gradient, held.given])
        return bitsOf(one, [held])
      })
      assert.is(sessions[1], sessions[0])
    },
    300,
  )
})

/** Extreme options may have a step refused; then both refuse it. */
function tryStep(optimizer: ClippyAdagrad, pair: GradientAndVariable): void {
  try {
    optimizer.applyGradients([pair])
  } catch (error) {
    assert.instance(error, RangeError)
  }
}

test("Keras's spelling has no capital letter in its keys, and names the class as Keras does", () => {
  const schedule = new CosineDecay({ initialLearningRate: 1, decaySteps: 10, warmupTarget: 2 })
  const { class_name, registered_name, config } = new ClippyAdagrad({ learningRate: schedule }).toJSON()
  assert.is(class_name, 'ClippyAdagrad')
  assert.is(registered_name, 'Custom>ClippyAdagrad')
  assert.not.match(Object.keys(config).join(' '), /[A-Z]/)
  const { config: inner } = config.learning_rate as { config: Record<string, unknown> }
  assert.equal(Object.keys(inner).sort(), [
    'alpha',
    'decay_steps',
    'initial_learning_rate',
    'name',
    'warmup_steps',
    'warmup_target',
  ])
})

// What comes in is not changed.

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFrozen(part)
  return Object.freeze(value)
}

test('fromConfig reads a deeply frozen config in either spelling, and leaves it as it was', () => {
  const boundaries = [1, 2]
  const schedule = new PiecewiseConstantDecay({ boundaries, values: [3, 2, 1] })
  const optimizer = new ClippyAdagrad({ learningRate: schedule, absoluteThreshold: Number.POSITIVE_INFINITY })
  for (const write of Object.values(spellings)) {
    const text = write(optimizer)
    const config = deepFrozen(JSON.parse(text))
    assert.equal(ClippyAdagrad.fromConfig(config).getConfig(), optimizer.getConfig())
    assert.is(JSON.stringify(config), text)
  }
})

test('a config that getConfig gave is the caller’s: changing it changes no optimizer', () => {
  const schedule = new PiecewiseConstantDecay({ boundaries: [1], values: [3, 2] })
  const optimizer = new ClippyAdagrad({ learningRate: schedule })
  const before = JSON.stringify(optimizer)
  const config = optimizer.getConfig() as { learningRate: { config: { values: number[] } }; epsilon: number }
  config.learningRate.config.values[0] = 7
  config.epsilon = 7
  assert.is(JSON.stringify(optimizer), before)
})

// Schedules and functions.

class Halving extends LearningRateSchedule {
  static override readonly className: string = 'Halving'
  readonly #every: number

  constructor({ stepsPerHalf }: { readonly stepsPerHalf: number }) {
    super()
    this.#every = stepsPerHalf
  }

  at(step: number): number {
    return 0.1 / 2 ** Math.floor(step / this.#every)
  }

  getConfig(): Record<string, unknown> {
    return { stepsPerHalf: this.#every }
  }
}

test('a schedule of the user comes back through customObjects', () => {
  const optimizer = new ClippyAdagrad({ learningRate: new Halving({ stepsPerHalf: 3 }) })
  for (const write of Object.values(spellings)) {
    const read = ClippyAdagrad.fromConfig(JSON.parse(write(optimizer)), { Halving })
    assert.equal(read.getConfig(), optimizer.getConfig())
    read.iterations = 4
    assert.is(read.learningRate, 0.05)
  }
})

test('customObjects come before the schedules of the package', () => {
  class ExponentialDecay extends Halving {
    static override readonly className: string = 'ExponentialDecay'
  }
  const config = { learningRate: { className: 'ExponentialDecay', config: { stepsPerHalf: 1 } } }
  assert.is(ClippyAdagrad.fromConfig(config, { ExponentialDecay }).learningRate, 0.1)
})

test('an unknown schedule is a RangeError that names it, the known ones and customObjects', () => {
  const text = JSON.stringify(new ClippyAdagrad({ learningRate: new Halving({ stepsPerHalf: 3 }) }))
  const words = ['"Halving"', 'ExponentialDecay', 'CosineDecayRestarts', 'customObjects']
  throwsKind(() => ClippyAdagrad.fromConfig(JSON.parse(text)), RangeError, ...words)
  throwsKind(() => ClippyAdagrad.fromConfig(JSON.parse(text), { Doubling: Halving }), RangeError, ...words, 'Doubling')
})

test('customObjects that give no schedule are a TypeError that says what came', () => {
  const config = { learningRate: { className: 'Rate', config: {} } }
  const wrong: readonly unknown[] = [null, 1, {}, () => 0.1, { fromConfig: 1 }, { fromConfig: () => 0.1 }]
  for (const Rate of wrong) {
    throwsKind(() => ClippyAdagrad.fromConfig(config, { Rate } as never), TypeError, 'Rate', 'expected')
  }
  for (const objects of [null, 1, [Halving], new Map(), Halving]) {
    throwsKind(() => ClippyAdagrad.fromConfig(config, objects as never), TypeError, 'customObjects')
  }
})

test('a function as the learning rate is refused by getConfig and toJSON with an Error that says what to do', () => {
  const optimizer = new ClippyAdagrad({ learningRate: (step) => 1 / (step + 1) })
  const words = ['learningRate', 'function', 'LearningRateSchedule']
  throwsKind(() => optimizer.getConfig(), Error, ...words)
  throwsKind(() => optimizer.toJSON(), Error, ...words)
  throwsKind(() => JSON.stringify(optimizer), Error, ...words)
})

test('a schedule without a class name, which no config could find again, is refused by getConfig', () => {
  const nameless = { at: () => 0.1, getConfig: () => ({}) }
  const optimizer = new ClippyAdagrad({ learningRate: nameless as unknown as LearningRateSchedule })
  for (const write of Object.values(spellings)) {
    const error = thrownBy(() => write(optimizer))
    assert.instance(error, Error)
    assert.match(String(error), 'className')
  }
})

test('the config has the learning rate that was set last', () => {
  const optimizer = new ClippyAdagrad()
  optimizer.learningRate = 0.25
  assert.is(optimizer.getConfig().learningRate, 0.25)
  optimizer.learningRate = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 2, decayRate: 0.5 })
  const read = ClippyAdagrad.fromConfig(JSON.parse(JSON.stringify(optimizer)))
  assert.equal(read.getConfig(), optimizer.getConfig())
})

// The class.

test('a config of another class is a RangeError that names both', () => {
  for (const className of ['Adam', 'Optimizer', '', 'clippyadagrad']) {
    const words = [JSON.stringify(className), 'ClippyAdagrad']
    throwsKind(() => ClippyAdagrad.fromConfig({ class_name: className, config: {} }), RangeError, ...words)
    throwsKind(() => ClippyAdagrad.fromConfig({ className, config: {} }), RangeError, ...words)
  }
})

test('a subclass reads its own configs and not those of its base class', () => {
  class Sharded extends ClippyAdagrad {
    static override readonly className: string = 'Sharded'
  }
  const own = JSON.parse(JSON.stringify(new Sharded({ epsilon: 0.5 })))
  const read = Sharded.fromConfig(own)
  assert.instance(read, Sharded)
  assert.is(read.getConfig().epsilon, 0.5)
  throwsKind(() => ClippyAdagrad.fromConfig(own), RangeError, 'Sharded')
  throwsKind(() => Sharded.fromConfig(JSON.parse(JSON.stringify(new ClippyAdagrad()))), RangeError, 'Sharded')
})

test('an option in both spellings, or unknown, is a TypeError that names it', () => {
  throwsKind(() => ClippyAdagrad.fromConfig({ weightDecay: 1, weight_decay: 1 }), TypeError, 'weight_decay')
  throwsKind(() => ClippyAdagrad.fromConfig({ momentum: 1 }), TypeError, '"momentum"', 'known options')
  throwsKind(() => ClippyAdagrad.fromConfig({ betaOne: 1 }), TypeError, '"betaOne"')
})

test('jit_compile and is_legacy_optimizer are read and ignored', () => {
  const config = { jit_compile: true, is_legacy_optimizer: false, weight_decay: 0.5 }
  assert.equal(ClippyAdagrad.fromConfig(config).getConfig(), new ClippyAdagrad({ weightDecay: 0.5 }).getConfig())
})

test.run()

import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, ExponentialDecay, LearningRateSchedule, LinearWarmup } from '../../src/index.ts'
import { refuses } from '../support/assertions.ts'
import { holds } from '../support/property.ts'

// LinearWarmup around a number, a schedule of Keras, itself, or one of the user's.
const test = suite('schedules: linear warm-up')

const after = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 })
const options = { afterWarmupLrSched: after, warmupSteps: 100, warmupLearningRate: 0.02 }

test('it is its formula: a line to what follows at the end of the warm-up, and that from there on', () => {
  const inputs = fc.record({
    warmupSteps: fc.integer({ min: 1, max: 500 }),
    warmupLearningRate: fc.double({ min: 0, max: 1, noNaN: true }),
    step: fc.integer({ min: 0, max: 1000 }),
  })
  holds(inputs, ({ warmupSteps, warmupLearningRate, step }) => {
    for (const afterWarmupLrSched of [0.3, after]) {
      const rateAfter = (at: number) => (typeof afterWarmupLrSched === 'number' ? afterWarmupLrSched : after.at(at))
      const schedule = new LinearWarmup({ afterWarmupLrSched, warmupSteps, warmupLearningRate })
      const line = warmupLearningRate + (step / warmupSteps) * (rateAfter(warmupSteps) - warmupLearningRate)
      const expected = step < warmupSteps ? line : rateAfter(step)
      assert.ok(Math.abs(schedule.at(step) - expected) <= 1e-15, `${schedule.at(step)}, not ${expected}`)
    }
  })
  const schedule = new LinearWarmup(options)
  assert.is(schedule.at(0), 0.02)
  assert.is(schedule.at(100), after.at(100))
  assert.is(schedule.at(101), after.at(101))
})

/** A schedule of the user's. */
class Halving extends LearningRateSchedule {
  static override readonly className: string = 'Halving'
  at(step: number): number {
    return 1 / 2 ** step
  }
  getConfig(): Record<string, unknown> {
    return {}
  }
}

test('what follows survives getConfig and JSON, in both spellings, by itself and in an optimizer', () => {
  for (const inner of [after, new LinearWarmup(options), new Halving()]) {
    const schedule = new LinearWarmup({ ...options, afterWarmupLrSched: inner, name: 'up' })
    const customObjects = { Halving }
    const own = LinearWarmup.fromConfig(JSON.parse(JSON.stringify(schedule.getConfig())), customObjects)
    assert.equal(own.getConfig(), schedule.getConfig())
    const optimizer = new ClippyAdagrad({ learningRate: schedule })
    for (const text of [JSON.stringify(optimizer), JSON.stringify(optimizer.getConfig())]) {
      const read = ClippyAdagrad.fromConfig(JSON.parse(text), customObjects)
      assert.equal(read.getConfig(), optimizer.getConfig())
      read.iterations = 7
      assert.is(read.learningRate, schedule.at(7))
    }
  }
})

test("in Keras's JSON both are written as Keras writes a schedule, with no capital letter in a key", () => {
  const { learning_rate } = new ClippyAdagrad({ learningRate: new LinearWarmup(options) }).toJSON().config
  assert.equal(learning_rate, {
    module: null,
    class_name: 'LinearWarmup',
    config: {
      after_warmup_lr_sched: {
        module: 'keras.optimizers.schedules',
        class_name: 'ExponentialDecay',
        config: { initial_learning_rate: 0.1, decay_steps: 10, decay_rate: 0.5, staircase: false, name: null },
        registered_name: null,
      },
      warmup_steps: 100,
      warmup_learning_rate: 0.02,
      name: null,
    },
    registered_name: 'LinearWarmup',
  })
})

test('what is neither a number nor a schedule, or of an unknown class, is refused', () => {
  for (const bad of [undefined, null, '0.1', {}, () => 0.1]) {
    refuses(() => new LinearWarmup({ ...options, afterWarmupLrSched: bad as never }), TypeError, 'afterWarmupLrSched')
  }
  const config = { ...options, afterWarmupLrSched: { className: 'Unknown', config: {} } }
  refuses(() => LinearWarmup.fromConfig(config), RangeError, 'afterWarmupLrSched', 'Unknown', 'ExponentialDecay')
  const below = { at: () => -1, getConfig: () => ({}) } as unknown as LearningRateSchedule
  refuses(() => new LinearWarmup({ ...options, afterWarmupLrSched: below }).at(100), RangeError, '-1')
})

test.run()

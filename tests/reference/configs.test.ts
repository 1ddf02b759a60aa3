/** Reads fixtures/configs.json: optimizers as tf.keras.optimizers.serialize writes them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad } from '../../src/index.ts'
import { agree, OF_A_STEP, readCases } from './replay.ts'

interface ConfigCase {
  name: string
  serialized: { config: Record<string, unknown> }
  steps: number[]
  learningRates: number[]
}

/** What toJSON gives, once it has been through a file. */
function written(optimizer: ClippyAdagrad): ConfigCase['serialized'] {
  return JSON.parse(JSON.stringify(optimizer))
}

/** The reference forgets one option. */
function completed(serialized: ConfigCase['serialized']): ConfigCase['serialized'] {
  return { ...serialized, config: { ...serialized.config, use_standard_accumulator_update: false } }
}

const loading = suite('A config that Keras wrote')
for (const { name, serialized, steps, learningRates } of readCases<ConfigCase>('configs')) {
  loading(`loads and is written back as it was: ${name}`, () => {
    const given = structuredClone(serialized)
    assert.equal(written(ClippyAdagrad.fromConfig(given)), completed(serialized))
    assert.equal(given, serialized, 'the argument has changed')
  })

  loading(`loads from its inner part too: ${name}`, () => {
    assert.equal(written(ClippyAdagrad.fromConfig(serialized.config)), completed(serialized))
  })

  loading(`has every option after our own round trip: ${name}`, () => {
    const optimizer = ClippyAdagrad.fromConfig(serialized)
    assert.equal(written(ClippyAdagrad.fromConfig(optimizer.getConfig())), completed(serialized))
  })

  loading(`gives the learning rates of the reference: ${name}`, () => {
    for (const [i, step] of steps.entries()) {
      const optimizer = ClippyAdagrad.fromConfig(serialized)
      optimizer.iterations = step
      agree(`learning rate at step ${step}`, Number(optimizer.learningRate), learningRates[i], OF_A_STEP.float64)
    }
  })
}
loading.run()

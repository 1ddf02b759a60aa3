import { ExponentialDecay } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { BATCHES, compiled, fit, PAPER, refusalOf, sameBits, stateOf, weightsOf } from './support.ts'

const test = suite('tf.js: fit')

const POISONED = BATCHES.map((batch) => ({ ...batch, targets: [...batch.targets.slice(1), Number.NaN] }))

test('a callback reads the rate of the next step, and what it sets is used', async () => {
  const { model, optimizer } = compiled(PAPER)
  const seen: number[] = []
  const halve = () => {
    seen.push(optimizer.learningRate)
    optimizer.learningRate /= 2
  }
  await fit(model, BATCHES.slice(0, 3), { onBatchEnd: halve })
  assert.equal(seen, [1, 0.5, 0.25])
  const same = compiled({
    ...PAPER,
    learningRate: new ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 }),
  })
  await fit(same.model, BATCHES.slice(0, 3))
  sameBits(weightsOf(model), weightsOf(same.model), 'weights')
})

test('a callback reads the rate of a schedule, and cannot set it to a number', async () => {
  const learningRate = new ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 })
  const { model, optimizer } = compiled({ ...PAPER, learningRate })
  const seen: number[] = []
  await fit(model, BATCHES.slice(0, 3), { onBatchEnd: () => void seen.push(optimizer.learningRate) })
  assert.equal(seen, [0.5, 0.25, 0.125])
  assert.throws(() => {
    optimizer.learningRate = 1
  }, /learningRate is a schedule/)
})

for (const steps of [0, 2]) {
  test(`a NaN in a batch after ${steps} steps rejects fit with our message and leaves everything as it was`, async () => {
    const { model, optimizer } = compiled(PAPER)
    await fit(model, BATCHES.slice(0, steps))
    const weights = weightsOf(model)
    const state = await stateOf(optimizer)
    const { message } = await refusalOf(fit(model, POISONED.slice(steps)))
    assert.ok(
      model.weights.some(({ name }) => message.includes(`'${name}'`)),
      message,
    )
    assert.match(message, /is NaN; expected a finite number/)
    sameBits(weightsOf(model), weights, 'weights')
    sameBits(await stateOf(optimizer), state, 'state')
    assert.is(optimizer.iterations, steps)
  })
}

test('after a refused batch a run goes on as if the batch had not been there', async () => {
  const { model } = compiled({ ...PAPER, useEma: true })
  for (const [n, batch] of BATCHES.entries()) {
    await refusalOf(fit(model, [POISONED[n]]))
    await fit(model, [batch])
  }
  const clean = compiled({ ...PAPER, useEma: true })
  await fit(clean.model, BATCHES)
  sameBits(weightsOf(model), weightsOf(clean.model), 'weights')
})

test('a row of the embedding that no batch names keeps its bits', async () => {
  const { model } = compiled(PAPER)
  const { ids, targets } = BATCHES[0]
  const named = new Set(ids.flat())
  const [before] = weightsOf(model)
  await fit(model, [{ ids, targets }])
  const [after] = weightsOf(model)
  const width = before.length / 6
  for (let id = 0; id < 6; id++) {
    const row = (table: Float32Array) => table.slice(id * width, (id + 1) * width)
    if (named.has(id)) assert.not.equal(row(after), row(before))
    else sameBits([row(after)], [row(before)], `row ${id}`)
  }
  assert.ok(named.size < 6)
})

test.run()

import { ClippyAdagrad, type FloatArray, Variable } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ONE_TASK } from '../../adult/columns.ts'
import { plainModel } from '../../adult/models/plain.ts'
import { seededRandom } from '../../adult/random.ts'
import { CROSS_ROWS, CROSSES } from '../crosses.ts'
import { BATCH_SIZE, Demo, OPTIONS, WIDTH } from '../demo.ts'
import { launch } from '../launch.ts'
import { ownerOf, placeInPart } from '../sharded-table.ts'
import { aloneAsRanks } from './support/alone.ts'
import { bytesOf } from './support/bytes.ts'
import { temporaryFolder } from './support/folder.ts'
import { MIXED_STEPS, type MixedResult } from './support/mixed.ts'
import { once } from './support/once.ts'
import { requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'
import { readResults } from './support/results.ts'

const RANKS = [1, 2, 4] as const

/** Relative, between the losses of one rank and of several in every step: gradients have the same terms in another order. */
const TOLERANCE = 1e-6

const test = suite('mixed')
const small = ONE_TASK.categorical.length

const trained = new Map(
  RANKS.map((ranks) => [
    ranks,
    once(async () => {
      const folder = temporaryFolder()
      requireSuccess(await launch(ranks, 'tests/ranks/mixed.ts', [folder]))
      return readResults<MixedResult>(folder, ranks)
    }),
  ]),
)

async function resultsOf(ranks: (typeof RANKS)[number]): Promise<MixedResult[]> {
  return (await trained.get(ranks)?.()) ?? []
}

/** The rows of each table that the batches named. */
const touched = once(() => {
  const demo = new Demo(aloneAsRanks)
  const rows = CROSSES.map(() => new Set<number>())
  for (let step = 0; step < MIXED_STEPS; step++) {
    for (const row of demo.batch(step))
      for (const [k, set] of rows.entries()) set.add(demo.training.crosses[row * rows.length + k])
  }
  return rows
})

testRanks(test, 'one rank trains to the bits of ClippyAdagrad with all tables whole', async () => {
  const [{ initialWhole, initialParts, variables, state }] = await resultsOf(1)
  const demo = new Demo(aloneAsRanks)
  const { data, crosses } = demo.training
  const model = plainModel({
    categoryCounts: [
      ...initialWhole.slice(0, small).map((table) => table.length / WIDTH),
      ...CROSSES.map(() => CROSS_ROWS),
    ],
    numericCount: data.numbers.length / data.length,
    embeddingWidth: WIDTH,
    batchSize: BATCH_SIZE,
    random: seededRandom(0),
  })
  const initial = [...initialWhole.slice(0, small), ...initialParts, ...initialWhole.slice(small)]
  model.variables.forEach((variable, k) => {
    variable.set(initial[k])
  })
  const columns = small + CROSSES.length
  const categories = Int32Array.from({ length: data.length * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return column < small ? data.categories[row * small + column] : crosses[row * CROSSES.length + column - small]
  })
  const order = [...model.variables.keys()].sort((a, b) => Number(isLarge(a)) - Number(isLarge(b)))
  const trainedHere = order.map((k) => new Variable(model.variables[k], { name: `v${k}` }))
  const optimizer = new ClippyAdagrad(OPTIONS)
  for (let step = 0; step < MIXED_STEPS; step++) {
    const rows = demo.batch(step)
    const withCrosses = { ...data, categories }
    model.loss(withCrosses, rows)
    model.backward(rows)
    const gradients = model.sparseGradients(withCrosses, rows)
    optimizer.applyGradients(trainedHere.map((variable, k) => [gradients[order[k]], variable]))
  }
  const here = [...trainedHere, ...optimizer.variables].map(({ value }) => value)
  here.forEach((values, k) => {
    assert.is(bytesOf([...variables, ...state][k]), bytesOf(values), `array ${k}`)
  })
})

function isLarge(k: number): boolean {
  return k >= small && k < small + CROSSES.length
}

for (const ranks of [2, 4] as const) {
  testRanks(test, `whole variables have the same bits on each of ${ranks} ranks`, async () => {
    const bits = (await resultsOf(ranks)).map(({ variables }) => variables.slice(0, -CROSSES.length).map(bytesOf))
    for (const others of bits) assert.equal(others, bits[0])
  })

  testRanks(
    test,
    `the losses of ${ranks} ranks are those of one within 1e-6 of each, and all ranks see the same`,
    async () => {
      const [{ losses: alone }] = await resultsOf(1)
      for (const { losses } of await resultsOf(ranks)) {
        losses.forEach((loss, step) => {
          const difference = Math.abs(loss - alone[step])
          assert.ok(difference <= TOLERANCE * alone[step], `step ${step}: ${alone[step]} alone, ${loss} here`)
        })
      }
    },
  )
}

for (const ranks of RANKS) {
  testRanks(test, `on ${ranks} ranks the rows that no batch named have not changed, and the others have`, async () => {
    const results = await resultsOf(ranks)
    touched().forEach((rows, k) => {
      for (let row = 0; row < CROSS_ROWS; row++) {
        const { variables, initialParts } = results[ownerOf(row, ranks)]
        const part = variables[variables.length - CROSSES.length + k]
        const changed = rowAt(part, row, ranks) !== rowAt(initialParts[k], row, ranks)
        if (changed !== rows.has(row)) assert.unreachable(`table ${k}, row ${row}: ${changed ? 'changed' : 'the same'}`)
      }
    })
  })
}

function rowAt(part: FloatArray, row: number, ranks: number): string {
  const start = placeInPart(row, ranks) * WIDTH
  return String(new Uint32Array(part.buffer, part.byteOffset + 4 * start, WIDTH))
}

testRanks(test, 'a rank sends less for the tables the more ranks there are, and nothing when it is alone', async () => {
  const [alone, ofTwo, ofFour] = await Promise.all(
    RANKS.map(async (ranks) => Math.max(...(await resultsOf(ranks)).map(({ sentInStep }) => sentInStep))),
  )
  assert.is(alone, 0)
  assert.ok(ofTwo > 0)
  assert.ok(ofFour < 0.9 * ofTwo, `${ofTwo} bytes with 2 ranks, ${ofFour} with 4`)
})

test.run()

import { ClippyAdagrad } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { withCrossedTable } from '../../bench/crossed-table.ts'
import { formatDemoReport } from '../../bench/demo-report.ts'
import { timedEpoch } from '../../bench/timed-training.ts'
import type { Dataset } from '../../examples/adult/data.ts'
import { plainModel } from '../../examples/adult/models/plain.ts'
import { seededRandom } from '../../examples/adult/random.ts'

const test = suite('bench: demo')

const CATEGORY_COUNTS = [3, 4]

function createData(length: number): Dataset {
  const random = seededRandom(2)
  return {
    length,
    numbers: Float32Array.from({ length }, () => random() - 0.5),
    categories: Int32Array.from({ length: 2 * length }, (_, i) => Math.floor(random() * CATEGORY_COUNTS[i % 2])),
    labels: [Uint8Array.from({ length }, () => Math.round(random()))],
  }
}

test('the crossed table has a row for each combination, and keeps the other categories', () => {
  const data = createData(60)
  const crossed = withCrossedTable(data, CATEGORY_COUNTS)
  const rowOf = new Map<string, number>()
  for (let row = 0; row < data.length; row++) {
    const [one, other, combination] = crossed.data.categories.subarray(3 * row, 3 * row + 3)
    assert.equal([one, other], [...data.categories.subarray(2 * row, 2 * row + 2)])
    const key = `${one} ${other}`
    assert.is(rowOf.get(key) ?? combination, combination)
    rowOf.set(key, combination)
  }
  assert.is(new Set(rowOf.values()).size, rowOf.size)
  assert.equal(crossed.categoryCounts, [...CATEGORY_COUNTS, rowOf.size + 1])
  assert.is(Math.max(...rowOf.values()), rowOf.size)
})

test('an epoch is timed by part, and both kinds of gradients train alike', () => {
  const data = createData(40)
  const models = (['sparse', 'dense'] as const).map((embeddings) => {
    const random = seededRandom(3)
    const sizes = { categoryCounts: CATEGORY_COUNTS, numericCount: 1, embeddingWidth: 2, hidden: [4] }
    const model = plainModel({ ...sizes, batchSize: 8, random })
    const optimizer = new ClippyAdagrad({ learningRate: 1, absoluteThreshold: 0.01, exportClippingFactors: true })
    const { total, ...parts } = timedEpoch({ model, data, optimizer, random, batchSize: 8, embeddings })
    const sum = Object.values(parts).reduce((one, other) => one + other, 0)
    assert.ok(Math.abs(sum - total) < 1e-6)
    for (const [part, milliseconds] of Object.entries(parts)) assert.ok(milliseconds > 0, part)
    assert.is(optimizer.iterations, 5)
    return model
  })
  assert.equal(models[0].variables, models[1].variables)
})

test('the report puts the two kinds side by side', () => {
  const epoch = (total: number, optimizer: number) => ({ total, loss: 100, backward: 200, optimizer, rest: 1 })
  const report = formatDemoReport([
    { embeddings: 'dense', table: undefined, epochs: [epoch(400, 50)] },
    { embeddings: 'dense', table: 8000, epochs: [epoch(900, 300), epoch(1000, 300), epoch(5000, 300)] },
    { embeddings: 'sparse', table: undefined, epochs: [epoch(400, 50)] },
    { embeddings: 'sparse', table: 8000, epochs: [epoch(500, 100)] },
  ])
  assert.match(
    report,
    /\| the demo's +\| dense +\| +0\.400 \| +100 \| +200 \| +50 \| +1 \| +12\.5 % \|\n\| the demo's +\| sparse/,
  )
  assert.match(
    report,
    /- the demo's: dense gradients take 1\.00 times as long as sparse ones, 1\.00 times in the optimizer\./,
  )
  assert.match(report, /- and one of 8,000 rows: dense gradients take 2\.00 times as long as sparse ones, 3\.00 times/)
})

test.run()

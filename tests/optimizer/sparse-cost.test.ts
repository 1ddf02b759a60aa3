import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type SparseGradient, step, Variable } from '../../src/index.ts'

// A byte for each row of the table is 4 MB here, so whatever grows with the table would show. Time is not measured:
// that would test the machine.
const test = suite('cost of sparse steps')

const ROWS = 2 ** 22
const ALLOWED = 2 ** 20

/** By how much the memory in use has grown. What the garbage collector frees meanwhile can only make it less. */
function allocatedBy(action: () => void): number {
  const before = process.memoryUsage()
  action()
  const after = process.memoryUsage()
  return after.arrayBuffers - before.arrayBuffers + (after.heapUsed - before.heapUsed)
}

const gradients: Readonly<Record<string, SparseGradient>> = {
  'a few rows': { indices: [3, ROWS - 1, 77], values: Float32Array.of(1, -1, 0.5) },
  'repeated rows': { indices: Int32Array.of(3, ROWS - 1, 3), values: Float32Array.of(1, -1, 0.5) },
  'no rows': { indices: new Uint32Array(0), values: new Float32Array(0) },
}

for (const [what, gradient] of Object.entries(gradients)) {
  test(`a step on ${what} of a table of four million allocates less than a quarter of a byte for each`, () => {
    const variable = new Float32Array(ROWS)
    const accumulator = new Float32Array(ROWS)
    const take = () => step(variable, accumulator, gradient)
    take()
    assert.ok(allocatedBy(take) < ALLOWED)
  })

  test(`applyGradients on ${what} of a table of four million allocates less than a quarter of a byte for each`, () => {
    const table = new Variable(new Float32Array(ROWS), { shape: [ROWS, 1] })
    // A weight decay of 0 must not walk the table either.
    const optimizer = new ClippyAdagrad({ weightDecay: 0, exportClippingFactors: true })
    const take = () => optimizer.applyGradients([[gradient, table]])
    take()
    assert.ok(allocatedBy(take) < ALLOWED)
    assert.is(optimizer.iterations, 2)
  })
}

test('the measure sees a copy of the table', () => {
  const table = new Float32Array(ROWS)
  let copy = new Float32Array(0)
  const take = () => {
    copy = table.slice()
  }
  // The collector may free as much in between, but not every time.
  assert.ok(Array.from({ length: 5 }, () => allocatedBy(take)).some((bytes) => bytes > ALLOWED))
  assert.is(copy.length, ROWS)
})

test.run()

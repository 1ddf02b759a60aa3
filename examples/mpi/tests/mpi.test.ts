import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { temporaryFolder } from './support/folder.ts'
import { requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'
import { readResults } from './support/results.ts'

interface Result {
  readonly single: Float32Array
  readonly double: Float64Array
  readonly bytes: Uint8Array
  readonly payload: number
  readonly error: string
}

const RANKS = 3

const test = suite('mpi')

let started: Promise<Result[]> | undefined
const results = () => {
  started ??= collect()
  return started
}

async function collect(): Promise<Result[]> {
  const folder = temporaryFolder()
  requireSuccess(await launch(RANKS, 'tests/ranks/collectives.ts', [folder]))
  return readResults<Result>(folder, RANKS)
}

testRanks(test, 'sums, minima and broadcasts reach every rank, in place and in views', async () => {
  for (const { single, double, bytes } of await results()) {
    assert.equal(single, Float32Array.of(9, 3, 4.5, 9))
    assert.equal(double, Float64Array.of(9, 0.1, -2, 9))
    assert.equal([...bytes], [9, 1, 2, 9])
  }
})

testRanks(test, 'the payload is counted in bytes', async () => {
  for (const { payload } of await results()) assert.is(payload, 2 * 4 + 2 * 8 + 2)
})

testRanks(test, 'a call that fails throws, with its name and what Open MPI says', async () => {
  for (const { error } of await results()) assert.match(error, /^MPI_Bcast returned \d+: MPI_ERR_ROOT: invalid root$/)
})

test.run()

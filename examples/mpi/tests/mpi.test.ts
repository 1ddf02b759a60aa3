import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { temporaryFolder } from './support/folder.ts'
import { once } from './support/once.ts'
import { requireSuccess } from './support/output.ts'
import { INSTALLATIONS, testRanks } from './support/ranks.ts'
import { readResults } from './support/results.ts'

interface Result {
  readonly single: Float32Array
  readonly double: Float64Array
  readonly bytes: Uint8Array
  readonly payload: number
  readonly received: Float32Array
  readonly sent: number
  readonly error: string
  readonly version: string
}

const RANKS = 3

const test = suite('mpi')

for (const { name, mpirun, whyNot } of INSTALLATIONS) {
  const testHere = (promise: string, prove: () => Promise<void>) =>
    testRanks(test, `${name}: ${promise}`, prove, whyNot)

  const results = once(async () => {
    const folder = temporaryFolder()
    requireSuccess(await launch(RANKS, 'tests/ranks/collectives.ts', [folder], { mpirun }))
    return readResults<Result>(folder, RANKS)
  })

  testHere('the library is that of the mpirun which started the ranks', async () => {
    for (const { version } of await results()) assert.is(version, name.replace('MPI ', 'MPI v'))
  })

  testHere('sums, minima and broadcasts reach every rank, in place and in views', async () => {
    for (const { single, double, bytes } of await results()) {
      assert.equal(single, Float32Array.of(9, 3, 4.5, 9))
      assert.equal(double, Float64Array.of(9, 0.1, -2, 9))
      assert.equal([...bytes], [9, 1, 2, 9])
    }
  })

  testHere('what is exchanged arrives in the order of the ranks, from each as much as it sends', async () => {
    const received = (await results()).map((result) => [...result.received])
    assert.equal(received[0], [9, 100, 200, 201, 9])
    assert.equal(received[1], [9, 0, 101, 102, 202, 203, 204, 9])
    assert.equal(received[2], [9, 1, 2, 103, 104, 105, 205, 206, 207, 208, 9])
  })

  testHere('the payload is counted in bytes, and what is exchanged without what a rank sends to itself', async () => {
    const counted = await results()
    for (const { payload } of counted) assert.is(payload, 2 * 4 + 2 * 8 + 2)
    assert.equal(
      counted.map(({ sent }) => sent),
      [3, 4, 5].map((floats) => 2 * 4 + floats * 4),
    )
  })

  testHere('a call that fails throws, with its name and what Open MPI says', async () => {
    for (const { error } of await results()) assert.match(error, /^MPI_Bcast returned \d+: MPI_ERR_ROOT: invalid root$/)
  })
}

test.run()

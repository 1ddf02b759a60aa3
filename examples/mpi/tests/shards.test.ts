import { ClippyAdagrad, type FloatArray } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { bytesOf } from './support/bytes.ts'
import { temporaryFolder } from './support/folder.ts'
import { requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'
import { readResults } from './support/results.ts'
import { MODES, type Part, TARGETS, trainPart } from './support/sharded-training.ts'

const test = suite('shards')

for (const ranks of [1, 2, 4]) {
  testRanks(test, `parts on ${ranks} ranks, uneven and empty ones too, have the bits of one process`, async () => {
    const folder = temporaryFolder()
    requireSuccess(await launch(ranks, 'tests/ranks/shards.ts', [folder]))
    const results = readResults<Part[]>(folder, ranks)
    const cases = TARGETS.flatMap((targets) => MODES.map((options) => ({ targets, options })))
    cases.forEach(({ targets, options }, k) => {
      const whole = trainPart(new ClippyAdagrad(options), 0, targets)
      assert.ok(Math.min(...whole.factors) < 1, 'something was clipped')
      for (const [rank, parts] of results.entries())
        requireSameBits(parts[k], whole, targets, `case ${k}, rank ${rank}`)
    })
  })
}

/** Every array of the part against its piece of the whole. */
function requireSameBits(part: Part, whole: Part, targets: number, where: string): void {
  assert.equal(part.factors, whole.factors, where)
  whole.arrays.forEach((all, k) => {
    // Iteration and factors are single numbers, which every rank has.
    const piece = all.length === 1 && targets > 1 ? all : pieceOf(all, part, targets)
    assert.equal(bytesOf(part.arrays[k]), bytesOf(piece), `${where}, array ${k}`)
  })
}

function pieceOf(all: FloatArray, { start, end }: Part, targets: number): FloatArray {
  const width = all.length / targets
  return all.subarray(start * width, end * width)
}

test.run()

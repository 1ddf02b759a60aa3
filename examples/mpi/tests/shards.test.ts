import { ClippyAdagrad, type ClippyAdagradOptions, type FloatArray } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { ShardedClippyAdagrad } from '../sharded.ts'
import { aloneAsRanks } from './support/alone.ts'
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

test('an option that a rank would decide by its own part is refused', () => {
  const options: ClippyAdagradOptions = { globalClipnorm: 1 }
  assert.throws(() => new ShardedClippyAdagrad(aloneAsRanks, options), /globalClipnorm cannot be given/)
})

/** Every array of the part against its piece of the whole. */
function requireSameBits(part: Part, whole: Part, targets: number, where: string): void {
  assert.equal(part.factors, whole.factors, where)
  const arrays = (of: Part) => [...of.weights, ...Object.values(of.state)] as FloatArray[]
  arrays(whole).forEach((all, k) => {
    // Iteration and factors are single numbers, which every rank has.
    const piece = all.length === 1 && targets > 1 ? all : pieceOf(all, part, targets)
    assert.equal(bytesOf(arrays(part)[k]), bytesOf(piece), `${where}, array ${k}`)
  })
}

function pieceOf(all: FloatArray, { start, end }: Part, targets: number): FloatArray {
  const width = all.length / targets
  return all.subarray(start * width, end * width)
}

function bytesOf({ buffer, byteOffset, byteLength }: FloatArray): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex')
}

test.run()

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { temporaryFolder } from './support/folder.ts'
import { requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'
import { type Refusal, SPOILT_STEPS } from './support/refusals.ts'
import { readResults } from './support/results.ts'

const RANKS = 3

const test = suite('refusals')

for (const kind of ['replicas', 'shards']) {
  let started: Promise<Refusal[][]> | undefined
  const refusals = () => {
    started ??= refuse(kind)
    return started
  }

  testRanks(
    test,
    `${kind}: a NaN or infinity on one rank is refused by all, naming rank, variable and place`,
    async () => {
      for (const [rank, seen] of (await refusals()).entries()) {
        SPOILT_STEPS.forEach(({ what, message }, k) => {
          assert.is(seen[k].message.slice(0, message.length), message, `rank ${rank}, ${what}`)
        })
      }
    },
  )

  testRanks(test, `${kind}: a step that is refused changes nothing on any rank`, async () => {
    for (const [rank, seen] of (await refusals()).entries()) {
      SPOILT_STEPS.forEach(({ what }, k) => {
        assert.ok(seen[k].unchanged, `rank ${rank}, ${what}`)
      })
    }
  })

  testRanks(
    test,
    `${kind}: after a refusal the ranks can go on together, to the bits of a run without it`,
    async () => {
      for (const [rank, seen] of (await refusals()).entries()) {
        SPOILT_STEPS.forEach(({ what }, k) => {
          assert.ok(seen[k].wentOn, `rank ${rank}, ${what}`)
        })
      }
    },
  )
}

async function refuse(kind: string): Promise<Refusal[][]> {
  const folder = temporaryFolder()
  requireSuccess(await launch(RANKS, 'tests/ranks/refusals.ts', [kind, folder], { timeout: 20_000 }))
  return readResults<Refusal[]>(folder, RANKS)
}

test.run()

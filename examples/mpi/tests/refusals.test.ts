import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../launch.ts'
import { temporaryFolder } from './support/folder.ts'
import { once } from './support/once.ts'
import { requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'
import { ORDERS, type Refusal, SPOILT_STEPS } from './support/refusals.ts'
import { readResults } from './support/results.ts'

const RANKS = 3

const test = suite('refusals')

const refusals = once(async () => {
  const folder = temporaryFolder()
  requireSuccess(await launch(RANKS, 'tests/ranks/refusals.ts', [folder]))
  return readResults<Refusal[]>(folder, RANKS)
})

/** Looks at what each rank saw of each spoilt step, in each order of the variables. */
async function forEachRefusal(look: (seen: Refusal, message: string, where: string) => void): Promise<void> {
  const cases = ORDERS.flatMap((order) => SPOILT_STEPS.map((spoilt) => ({ order, spoilt })))
  for (const [rank, seen] of (await refusals()).entries()) {
    cases.forEach(({ order, spoilt: { message } }, k) => {
      look(seen[k], message, `rank ${rank}, ${order.join(' ')}: ${message}`)
    })
  }
}

testRanks(test, 'a NaN or infinity on one rank is refused by all, naming rank, variable and place', () =>
  forEachRefusal((seen, message, where) => {
    assert.is(seen.message.slice(0, message.length), message, where)
  }),
)

testRanks(test, 'a step that is refused changes nothing on any rank, neither shards nor whole variables', () =>
  forEachRefusal((seen, _, where) => {
    assert.ok(seen.unchanged, where)
  }),
)

testRanks(test, 'after a refusal the ranks can go on together, to the bits of a run without it', () =>
  forEachRefusal((seen, _, where) => {
    assert.ok(seen.wentOn, where)
  }),
)

test.run()

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Contender } from '../../bench/contenders/contender.ts'
import { Stopwatch, timeInTurns } from '../../bench/timing.ts'

/** Who runs when; nothing here depends on how fast the machine is. */
const test = suite('bench: timing')

/** Notes what is called; a step takes at least so many milliseconds. */
function fake(name: string, milliseconds: number, calls: string[]): Contender {
  return {
    name,
    step() {
      calls.push(`${name} step`)
      const start = performance.now()
      while (performance.now() - start < milliseconds);
    },
    reset: () => void calls.push(`${name} reset`),
    read: () => ({ variable: [] }),
    dispose: () => void calls.push(`${name} dispose`),
  }
}

test('a turn begins with a step off the clock, the first one with a reset', () => {
  const calls: string[] = []
  const watch = new Stopwatch(fake('a', 2, calls))
  assert.ok(watch.time(1) >= 2e6)
  assert.equal(calls, ['a reset', 'a step', 'a step'])
  watch.time(1)
  assert.equal(calls.slice(3), ['a step', 'a step'])
})

test('there are 64 steps from one reset to the next, over all turns', () => {
  const calls: string[] = []
  const watch = new Stopwatch(fake('a', 0, calls))
  for (let n = 0; n < 5; n++) watch.time(0.2)
  const stretches = calls.join(' ').split('a reset').slice(1)
  assert.ok(stretches.length > 2, `${stretches.length}`)
  for (const stretch of stretches.slice(0, -1)) assert.is(stretch.match(/step/g)?.length, 64)
  assert.ok((stretches.at(-1)?.match(/step/g)?.length ?? 0) <= 64)
})

test('contenders warm up, then take turns, and each round another one begins', () => {
  const calls: string[] = []
  const times = timeInTurns([fake('a', 160, calls), fake('b', 160, calls)], { rounds: 3, milliseconds: 1 })
  assert.equal(
    times.map((row) => row.length),
    [3, 3],
  )
  // Two steps in each turn.
  const turns = calls.filter((call) => call.endsWith('step')).map((call) => call[0])
  assert.is(turns.join(''), 'aabb' + 'aabb' + 'bbaa' + 'aabb')
  assert.equal(calls.slice(-2), ['a dispose', 'b dispose'])
})

test.run()

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Contender } from '../../bench/contenders/contender.ts'
import { timeInTurns, timeTurn } from '../../bench/timing.ts'

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

test('a turn begins with a reset and a step off the clock', () => {
  const calls: string[] = []
  assert.ok(timeTurn(fake('a', 2, calls), 1) >= 2e6)
  assert.equal(calls, ['a reset', 'a step', 'a step'])
})

test('there are at most 64 steps from one reset to the next', () => {
  const calls: string[] = []
  timeTurn(fake('a', 0, calls), 5)
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
  const turns = calls.filter((call) => call.endsWith('reset')).map((call) => call[0])
  assert.equal(turns.join(''), 'ab' + 'ab' + 'ba' + 'ab')
  assert.equal(calls.slice(-2), ['a dispose', 'b dispose'])
})

test.run()

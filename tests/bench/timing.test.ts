import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Prepared } from '../../bench/contenders/contender.ts'
import { Stopwatch } from '../../bench/timing.ts'

const test = suite('bench: timing')

/** Takes as long for a step as it is told and notes what is called. */
class Fake implements Prepared {
  readonly calls: string[] = []
  readonly #milliseconds: number

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds
  }

  step(): void {
    this.calls.push('step')
    const start = performance.now()
    while (performance.now() - start < this.#milliseconds);
  }

  reset(): void {
    this.calls.push('reset')
  }

  read() {
    return { variable: [], accumulator: undefined }
  }
}

test('a long step is taken once and timed once', () => {
  const fake = new Fake(5)
  const stopwatch = new Stopwatch(fake)
  for (let n = 1; n <= 3; n++) {
    const nanoseconds = stopwatch.time(1)
    assert.is(fake.calls.length, 2 * n)
    assert.ok(nanoseconds >= 5e6, `${nanoseconds}`)
  }
})

test('there are 64 steps from one reset to the next', () => {
  const fake = new Fake(0)
  const stopwatch = new Stopwatch(fake)
  for (let n = 0; n < 5; n++) stopwatch.time(0.2)
  const stretches = fake.calls.join(' ').split('reset')
  assert.ok(stretches.length > 2, `${stretches.length}`)
  for (const stretch of stretches.slice(0, -1)) assert.is(stretch.match(/step/g)?.length, 64)
  assert.ok((stretches.at(-1)?.match(/step/g)?.length ?? 0) <= 64)
})

test.run()

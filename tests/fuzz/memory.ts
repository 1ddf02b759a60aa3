import { setImmediate } from 'node:timers/promises'
import { allocate, step } from '../../src/index.ts'

/**
 * The first half of `npm run test:fuzz`: makes and drops a million allocations, each with memory of its own, and ends
 * with 1 if the process has grown. All of them together would take 200 GB.
 */
const CYCLES = 1_000_000
const LENGTH = 16_384
const ALLOWED = 300e6

let inPlace = 0

async function cycles(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { variable, accumulator, gradient } = allocate(LENGTH)
    if (variable.buffer === gradient.buffer) inPlace++
    // Now and then something is done with them, too.
    if (i % 1000 === 0) step(variable, accumulator, gradient)
    // Finalizers, which count allocations off, run between tasks only.
    if (i % 100 === 0) await setImmediate()
  }
}

await cycles(10_000)
const before = process.memoryUsage().rss
inPlace = 0
await cycles(CYCLES)
const grown = process.memoryUsage().rss - before
const share = ((100 * inPlace) / CYCLES).toFixed(0)
console.log(
  `${CYCLES.toLocaleString('en')} allocations made and dropped, ${share} % in memory of their own: the process grew by ${(grown / 1e6).toFixed(0)} MB`,
)
if (grown > ALLOWED) process.exitCode = 1

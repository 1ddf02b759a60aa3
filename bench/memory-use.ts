import { setTimeout } from 'node:timers/promises'
import type { Contender, Prepared } from './contenders/contender.ts'
import type { Problem } from './problem.ts'

/**
 * The resident memory that a contender's variable, accumulator and gradient add to the process, in bytes per coordinate,
 * and the most that a step needs. All kinds of memory count: heap, typed arrays, WebAssembly. Good to about a byte.
 */
export async function memoryPerCoordinate(
  contender: Contender,
  problem: Problem,
): Promise<{ held: number; peak: number } | null> {
  await contender.activate?.()
  await collectAll()
  const before = process.memoryUsage.rss()
  const prepared = contender.prepare(problem)
  if (prepared === undefined) return null
  prepared.step()
  prepared.step()
  const peak = process.resourceUsage().maxRSS * 1024
  await collectAll()
  const after = process.memoryUsage.rss()
  prepared.step() // Or the arrays might have been collected too.
  const { length } = problem.variable
  return { held: (after - before) / length, peak: (Math.max(peak, after) - before) / length }
}

const WARM_UP_STEPS = 20_000
const STEPS = 2000
const TRIES = 5

/** Bytes that a step leaves on the heap: the least of some tries, as anything else in the process adds to it. */
export function garbagePerStep(prepared: Prepared): number {
  for (let n = 0; n < WARM_UP_STEPS; n++) prepared.step()
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < TRIES; attempt++) {
    collect()
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < STEPS; n++) prepared.step()
    const bytes = process.memoryUsage().heapUsed - before
    // A collection in between leaves less than there was: that try says nothing.
    if (bytes >= 0) least = Math.min(least, bytes / STEPS)
  }
  return least
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error('memory can only be measured under node --expose-gc')
  globalThis.gc()
}

/** Waits as well: the memory of typed arrays is given back by another thread, some time after they were collected. */
async function collectAll(): Promise<void> {
  for (let n = 0; n < 3; n++) {
    collect()
    await setTimeout(100)
  }
}

import { setTimeout } from 'node:timers/promises'
import { summarise } from '../../tools/statistics.ts'
import type { Contender } from '../contenders/contender.ts'
import { inPlaceStep, OURS, optimizerStep, ordinaryStep, ownMemoryStep } from '../contenders/ours.ts'
import { PLAIN_LOOP, plainLoop } from '../contenders/plain-loop.ts'
import { loadTfjs } from '../contenders/tfjs.ts'
import { type Figure, type Tables, tableOf } from '../figures.ts'
import { denseSpec, type Plan } from '../plan.ts'
import { makeProblem, type Problem } from '../problem.ts'
import type { Part, Session } from './part.ts'

const OPTIMIZER = 'Optimizer, ordinary array'

const MAKERS: Readonly<Record<string, (problem: Problem) => Contender | Promise<Contender>>> = {
  [PLAIN_LOOP]: plainLoop,
  [OURS.ordinary]: ordinaryStep,
  [OURS.inPlace]: inPlaceStep,
  [OPTIMIZER]: (problem) => optimizerStep(OPTIMIZER, problem),
  'Optimizer, useEma': (problem) => optimizerStep('useEma', problem, { useEma: true }),
  'Optimizer, memory of its own': (problem) => ownMemoryStep('own', problem),
  'tf.js cpu, Clippy composed': async (problem) => (await loadTfjs('cpu')).clippy(problem),
  'tf.js wasm, Clippy composed': async (problem) => (await loadTfjs('wasm')).clippy(problem),
}

export const memory: Part = {
  name: 'memory',
  sessions: {
    ...Object.fromEntries(
      Object.entries(MAKERS).map(([name, make]): [string, Session] => [
        name,
        { run: (plan) => hold(name, make, plan) },
      ]),
    ),
    garbage: { run: () => ({ garbage: [figure('applyGradients', 'bytes', garbagePerStep())] }) },
  },
  format: ({ memory, garbage = [] }) => `### Memory

Resident bytes per float32 element of a dense gradient: variable, accumulator and gradient (12 at least), and the most that a step
needs. Each in a process of its own; good to about a byte.

${tableOf(memory, ({ median }) => median.toFixed(1))}
${garbage.map(({ value }) => `\nA step of the Optimizer leaves ${Math.round(value.median)} bytes of garbage.`).join('')}`,
}

function figure(row: string, column: string, value: number): Figure {
  return { row, column, value: summarise([value]) }
}

/** All kinds of memory count: heap, typed arrays, WebAssembly. */
async function hold(
  name: string,
  make: (problem: Problem) => Contender | Promise<Contender>,
  plan: Plan,
): Promise<Tables> {
  // What is loaded and compiled only once, and does not grow with the variable, is left out.
  const small = await make(makeProblem(denseSpec(16)))
  small.step()
  const problem = makeProblem(denseSpec(8 * plan.large))
  const { length } = problem.variable
  await collectAll()
  const before = process.memoryUsage.rss()
  const contender = await make(problem)
  contender.step()
  contender.step()
  const peak = process.resourceUsage().maxRSS * 1024
  await collectAll()
  const after = process.memoryUsage.rss()
  contender.step() // Or the arrays might have been collected too.
  const held = (after - before) / length
  return { memory: [figure(name, 'held', held), figure(name, 'at most', (Math.max(peak, after) - before) / length)] }
}

const WARM_UP_STEPS = 20_000
const STEPS = 2000
const TRIES = 5

/** Bytes that a step leaves on the heap: the least of some tries, as anything else in the process adds to it. */
function garbagePerStep(): number {
  const { step } = optimizerStep(OPTIMIZER, makeProblem(denseSpec(16)))
  for (let n = 0; n < WARM_UP_STEPS; n++) step()
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < TRIES; attempt++) {
    collect()
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < STEPS; n++) step()
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

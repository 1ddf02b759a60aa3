import { FAMILIES } from './contenders/index.ts'
import { isOurs, OURS } from './contenders/names.ts'
import { describeMachine } from './machine.ts'
import { type Entrant, listEntrants, measure, type Timing } from './measure.ts'
import type { Plan } from './plan.ts'
import { labelOf, type ProblemSpec } from './problem.ts'
import { runPython } from './python.ts'
import type { MemoryUse, Results } from './results.ts'
import { WorkerProcess } from './worker-process.ts'

/** Runs everything that the plan says. Tells what it is doing on stderr. */
export async function run(plan: Plan, python: string | undefined): Promise<Results> {
  // First, as it is the likeliest to fail.
  const fromPython = python === undefined ? undefined : await progress('Python', () => runPython(python, plan))
  const workers = FAMILIES.map((family) => new WorkerProcess(family))
  try {
    const { entrants, leftOut } = await listEntrants(workers)
    const timings = await measureEach(entrants, [...plan.dense, ...plan.sparse], plan)
    const own = entrants.filter(({ name, isVariant }) => isOurs(name) && !isVariant)
    // All at once: the exponent compares tables of different sizes, so they have to take turns as well.
    const tableTimings = await progress('growing tables', () => measure(own, plan.tables, plan))
    const garbage = await measureGarbage(entrants, plan.dense[0])
    const memory = await measureMemory(entrants, plan.memory)
    return {
      machine: describeMachine(),
      python: fromPython?.versions,
      rounds: plan.rounds,
      milliseconds: plan.milliseconds,
      participants: [
        ...entrants.map(({ name, formula, isVariant }) => ({
          name,
          formula,
          isVariant,
          language: 'JavaScript' as const,
        })),
        ...(fromPython?.participants ?? []),
      ],
      timings: [...timings, ...(fromPython?.timings ?? [])],
      tableTimings,
      memory,
      garbage,
      leftOut: [...leftOut, ...(fromPython?.leftOut ?? [])],
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.end()))
  }
}

async function measureEach(entrants: readonly Entrant[], specs: readonly ProblemSpec[], plan: Plan): Promise<Timing[]> {
  const timings: Timing[] = []
  for (const spec of specs) {
    timings.push(...(await progress(`${spec.kind}, ${labelOf(spec)}`, () => measure(entrants, [spec], plan))))
  }
  return timings
}

async function measureGarbage(entrants: readonly Entrant[], spec: ProblemSpec): Promise<number | undefined> {
  const entrant = entrants.find(({ name }) => name === OURS.optimizer)
  if (entrant === undefined) return undefined
  const { worker, name } = entrant
  await worker.ask('prepare', { name, spec })
  const garbage = await worker.ask('garbage', { name, spec })
  await worker.ask('release', null)
  return garbage
}

/** Each contender in a new process of its family, so that nothing else is in its memory. */
async function measureMemory(entrants: readonly Entrant[], spec: ProblemSpec): Promise<MemoryUse[]> {
  const uses: MemoryUse[] = []
  for (const { name, isVariant, worker } of entrants) {
    if (isVariant) continue
    await progress(`memory, ${name}`, async () => {
      const fresh = new WorkerProcess(worker.family)
      try {
        const use = await fresh.ask('memory', { name, spec })
        if (use !== null) uses.push({ contender: name, ...use })
      } finally {
        await fresh.end()
      }
    })
  }
  return uses
}

async function progress<Result>(what: string, action: () => Promise<Result>): Promise<Result> {
  const start = performance.now()
  const result = await action()
  console.error(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
  return result
}

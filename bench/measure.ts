import type { LeftOut } from './contenders/contender.ts'
import { labelOf, type ProblemSpec } from './problem.ts'
import { type Summary, summarise } from './statistics.ts'
import type { ContenderInfo } from './worker-messages.ts'
import type { WorkerProcess } from './worker-process.ts'

/** A contender and the process that runs it. */
export interface Entrant extends ContenderInfo {
  readonly worker: WorkerProcess
}

/** How long a step of a problem takes. */
export interface Timing {
  readonly contender: string
  readonly spec: ProblemSpec
  readonly nanoseconds: Summary
}

export interface Pace {
  readonly rounds: number
  readonly milliseconds: number
}

/** Short steps take a while until the engine has compiled them for good. */
const WARM_UP_MILLISECONDS = 150
const FEWEST_ROUNDS = 3
/** A contender that takes longer sits out the last rounds. */
const LONGEST_TOTAL_MILLISECONDS = 8000

/** Everyone that the workers can run, in the workers' order. */
export async function listEntrants(
  workers: readonly WorkerProcess[],
): Promise<{ entrants: Entrant[]; leftOut: LeftOut[] }> {
  const lists = await Promise.all(workers.map((worker) => worker.ask('list', null)))
  return {
    entrants: lists.flatMap(({ contenders }, w) => contenders.map((info) => ({ ...info, worker: workers[w] }))),
    leftOut: lists.flatMap(({ leftOut }) => leftOut),
  }
}

/** An entrant with its arrays for one problem. */
interface Run {
  readonly entrant: Entrant
  readonly spec: ProblemSpec
  readonly times: number[]
  /** How many rounds there is time for. */
  readonly rounds: number
}

/**
 * Times a step of each problem for every entrant that can do it. Their answers are checked first; then all warm up, and
 * then they take turns, so that what else the machine does hits all alike. Processes that are not asked do nothing.
 */
export async function measure(
  entrants: readonly Entrant[],
  specs: readonly ProblemSpec[],
  pace: Pace,
): Promise<Timing[]> {
  const able: Pick<Run, 'entrant' | 'spec'>[] = []
  for (const spec of specs) {
    for (const entrant of await prepareAll(entrants, spec)) able.push({ entrant, spec })
  }
  const runs: Run[] = []
  for (const { entrant, spec } of able) runs.push(await warmUp(entrant, spec, pace))
  for (let round = 0; round < pace.rounds; round++) {
    for (let turn = 0; turn < runs.length; turn++) {
      // Another one begins in each round, or everyone would always find what the same neighbour left in the caches.
      const { entrant, spec, times, rounds } = runs[(round + turn) % runs.length]
      if (round < rounds) times.push(await timeOnce(entrant, spec, pace))
    }
  }
  for (const worker of new Set(entrants.map(({ worker }) => worker))) await worker.ask('release', null)
  return runs.map(({ entrant, spec, times }) => ({ contender: entrant.name, spec, nanoseconds: summarise(times) }))
}

/** Those that can do a step of the problem, once their answers have been checked. */
async function prepareAll(entrants: readonly Entrant[], spec: ProblemSpec): Promise<Entrant[]> {
  const able: Entrant[] = []
  const digests = new Map<string, { name: string; digest: string }>()
  for (const entrant of entrants) {
    const prepared = await entrant.worker.ask('prepare', { name: entrant.name, spec })
    if (prepared === null) continue
    able.push(entrant)
    requireSameBits(entrant, prepared.digest, digests, spec)
  }
  return able
}

function timeOnce({ worker, name }: Entrant, spec: ProblemSpec, { milliseconds }: Pace): Promise<number> {
  return worker.ask('time', { name, spec, milliseconds })
}

/** Runs until the engine has optimised, and finds out in how many rounds there is time for this entrant. */
async function warmUp(entrant: Entrant, spec: ProblemSpec, pace: Pace): Promise<Run> {
  let nanoseconds = await timeOnce(entrant, spec, pace)
  const isSlow = nanoseconds > 1e6 * pace.milliseconds
  if (!isSlow) nanoseconds = await timeOnce(entrant, spec, { ...pace, milliseconds: WARM_UP_MILLISECONDS })
  const perRound = Math.max(pace.milliseconds, nanoseconds / 1e6) + nanoseconds / 1e6
  const affordable = Math.floor(LONGEST_TOTAL_MILLISECONDS / perRound)
  return { entrant, spec, times: [], rounds: Math.min(pace.rounds, Math.max(FEWEST_ROUNDS, affordable)) }
}

function requireSameBits(
  { name, sameBits }: Entrant,
  digest: string,
  digests: Map<string, { name: string; digest: string }>,
  spec: ProblemSpec,
): void {
  if (sameBits === undefined) return
  const first = digests.get(sameBits)
  if (first === undefined) digests.set(sameBits, { name, digest })
  else if (first.digest !== digest) {
    throw new Error(`${labelOf(spec)}: '${name}' and '${first.name}' give different bits`)
  }
}

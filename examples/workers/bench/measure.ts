import { setTimeout } from 'node:timers/promises'
import type { FloatArray } from 'clippy-adagrad'
import { makeProblem } from '../../../bench/problem.ts'
import { type Summary, summarise } from '../../../bench/statistics.ts'
import { type Contender, ourContenders } from './contenders.ts'
import type { Options } from './options.ts'
import { OtherPrograms } from './other-programs.ts'
import { torchContender } from './torch.ts'

export interface Timing {
  readonly name: string
  /** Of a step, per element. */
  readonly nanoseconds: Summary
}

export interface Measured {
  readonly length: number
  readonly timings: readonly Timing[]
  readonly versions: string | undefined
  /** Timings that were kept although others were busy. */
  readonly disturbed: number
}

/** Processors that other programs may keep busy during a timing. */
const QUIET = 0.1
/** A timing that others disturb is taken again, so often in all; then the least disturbed one counts. */
const ATTEMPTS = 5
const PAUSE_MILLISECONDS = 300

/** Times everyone on a variable of one length: answers are checked first, then all warm up, and then they take turns. */
export async function measure(length: number, { python, rounds, milliseconds }: Options): Promise<Measured> {
  const ours = await ourContenders(makeProblem({ kind: 'dense', length }))
  await requireSameBits(ours)
  const theirs = []
  for (const threads of python === undefined ? [] : [1, 2]) {
    theirs.push(await torchContender(python as string, length, threads))
  }
  const contenders: Contender[] = [...ours, ...theirs]
  for (const contender of contenders) await contender.time(2 * milliseconds)
  const times = contenders.map((): number[] => [])
  const others = new OtherPrograms(contenders.flatMap(({ pid }) => pid ?? []))
  let disturbed = 0
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      // Another one begins in each round, or everyone would always find what the same neighbour left in the caches.
      const which = (round + turn) % contenders.length
      const { nanoseconds, share } = await timeInQuiet(contenders[which], milliseconds, others)
      if (share > QUIET) disturbed++
      times[which].push(nanoseconds / length)
    }
  }
  for (const contender of contenders) await contender.end()
  const timings = contenders.map(({ name }, k) => ({ name, nanoseconds: summarise(times[k]) }))
  return { length, timings, versions: theirs[0]?.versions, disturbed }
}

/** A timing, and how many processors others kept busy meanwhile. */
interface Attempt {
  readonly nanoseconds: number
  readonly share: number
}

async function timeInQuiet(contender: Contender, milliseconds: number, others: OtherPrograms): Promise<Attempt> {
  const attempt = async (): Promise<Attempt> => {
    others.take()
    return { nanoseconds: await contender.time(milliseconds), share: others.take() }
  }
  let best = await attempt()
  for (let n = 1; n < ATTEMPTS && best.share > QUIET; n++) {
    await setTimeout(PAUSE_MILLISECONDS)
    const next = await attempt()
    if (next.share < best.share) best = next
  }
  return best
}

/** Two steps each: one that is not timed, and one that is. */
async function requireSameBits(contenders: readonly Contender[]): Promise<void> {
  for (const contender of contenders) await contender.time(0)
  const [first, ...others] = contenders
  for (const { name, variable } of others) {
    if (!sameBits(variable, first.variable)) throw new Error(`'${name}' and '${first.name}' give different bits`)
  }
}

function sameBits(one: FloatArray | undefined, other: FloatArray | undefined): boolean {
  return one !== undefined && other !== undefined && one.every((value, i) => Object.is(value, other[i]))
}

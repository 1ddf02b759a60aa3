import { METHODS } from '../../../adult/experiment.ts'
import { encodeAdult } from '../../scripts/encode-adult.ts'
import type { AdultData } from '../../src/data/packed.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { perMethod, Race } from '../../src/training/race.ts'
import { RunRecord } from '../../src/training/record.ts'

let encoded: AdultData | undefined

/** The data as the demo reads them from the original files: not from the file that the page loads. */
export function adult(): AdultData {
  encoded ??= encodeAdult()
  return encoded
}

/** A whole run in Node.js, by the code that the worker runs. */
export function runInNode(settings: Settings): RunRecord {
  const race = new Race(settings, adult())
  const record = new RunRecord(settings, race)
  while (!race.finished) {
    const { losses, areas, ...step } = race.step(false)
    const listed = perMethod((method) => [losses[method]].filter((loss) => loss !== undefined))
    record.add({ ...step, losses: listed, factors: [step.factors], areas: areas === undefined ? [] : [areas] })
  }
  if (METHODS.every((method) => record.losses[method].length === 0)) throw new Error('the run has no batches')
  return record
}

/**
 * Whether the losses of two runs, by method, are alike but for last bits: Math.exp and Math.log differ there between engines.
 */
export function areAlike(one: Record<string, readonly number[]>, other: Record<string, readonly number[]>): boolean {
  return METHODS.every(
    (method) =>
      one[method].length === other[method].length &&
      one[method].every((loss, i) => Math.abs(loss - other[method][i]) <= 1e-3 * Math.abs(loss)),
  )
}

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

/** The losses of a downloaded run, by method: doubles in hexadecimal digits. */
type Losses = Record<string, readonly string[]>

/** Whether the losses of two runs are alike but for last bits: Math.exp and Math.log differ there between engines. */
export function areAlike(one: Losses, other: Losses): boolean {
  return METHODS.every(
    (method) =>
      one[method].length === other[method].length &&
      one[method].every((digits, i) => {
        const [loss, expected] = [doubleOf(digits), doubleOf(other[method][i])]
        return Math.abs(loss - expected) <= 1e-3 * Math.abs(expected)
      }),
  )
}

function doubleOf(digits: string): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${digits}`))
  return view.getFloat64(0)
}

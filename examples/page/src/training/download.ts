import { hexOf } from './bits.ts'
import { perMethod } from './race.ts'
import type { RunRecord } from './record.ts'

/** A run as a file: the settings, and every number as the hexadecimal digits of a double, so that bits can be compared. */
export function runAsJson(record: RunRecord, kernel: string): string {
  const { settings, losses, factors, areas } = record
  return JSON.stringify({
    settings,
    kernel,
    encoding: 'IEEE 754 doubles, big-endian, hexadecimal',
    losses: perMethod((method) => losses[method].map(hexOf)),
    areasUnderCurve: areas.map((epoch) => perMethod((method) => hexOf(epoch[method]))),
    clippingFactors: factors.map((batch) => batch.map(hexOf)),
  })
}

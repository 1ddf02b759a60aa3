import { readFileSync, writeFileSync } from 'node:fs'
import type { Tables } from './figures.ts'

const FILE = new URL('results.json', import.meta.url)

/** What a part has found out, and on what. */
export interface Result {
  readonly conditions: string
  readonly tables: Tables
}

/** The newest figures of each part, by its name: parts may be measured at different times. */
export type Results = Readonly<Record<string, Result>>

export function readResults(): Results {
  return JSON.parse(readFileSync(FILE, 'utf8'))
}

/** Keeps these, and what is there of other parts; gives both. */
export function keepResults(measured: Results): Results {
  const results = { ...readResults(), ...measured }
  writeFileSync(FILE, `${JSON.stringify(results, rounded, 2)}\n`)
  return results
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}

import { LARGEST_RATE, SMALLEST_RATE } from './learning-rate.ts'
import { isThresholdsName, THRESHOLDS, type ThresholdsName } from './thresholds.ts'

/** All that decides a run: the same settings give the same numbers. */
export interface Settings {
  readonly learningRate: number
  readonly thresholds: ThresholdsName
  readonly epochs: number
  /** How many training rows take part, the first ones of the file. */
  readonly rows: RowsName
  /** Of the first weights and the order of the rows. */
  readonly seed: number
}

export const ROW_COUNTS = { '8192': 8192, '16384': 16384, all: Number.POSITIVE_INFINITY }
export type RowsName = keyof typeof ROW_COUNTS

export const MOST_EPOCHS = 10
export const LARGEST_SEED = 2 ** 32 - 1

/** Where the demo's table in README.md has its third line. */
export const DEFAULTS: Settings = { learningRate: 3, thresholds: 'demo', epochs: 2, rows: 'all', seed: 1 }

/** The settings as the part of an address after `#`. */
export function toHash({ learningRate, thresholds, epochs, rows, seed }: Settings): string {
  return `#lr=${learningRate}&thresholds=${thresholds}&epochs=${epochs}&rows=${rows}&seed=${seed}`
}

export interface ReadSettings {
  settings: Settings
  /** What the address had that could not be used, for the user to read. */
  problems: string[]
}

/** Reads what `toHash` wrote. What is missing is the default; what is wrong is the default too, and named. */
export function fromHash(hash: string): ReadSettings {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const problems: string[] = []
  const read = <Value>(name: string, parse: (text: string) => Value | undefined, fallback: Value, expected: string) => {
    const text = given.get(name)
    if (text === null) return fallback
    const value = parse(text)
    if (value !== undefined) return value
    problems.push(`${name}=${text.slice(0, 40)} is not ${expected}, so ${String(fallback)} is used`)
    return fallback
  }
  const settings: Settings = {
    learningRate: read(
      'lr',
      parseWithin(SMALLEST_RATE, LARGEST_RATE),
      DEFAULTS.learningRate,
      `a number from ${SMALLEST_RATE} to ${LARGEST_RATE}`,
    ),
    thresholds: read<ThresholdsName>(
      'thresholds',
      (text) => (isThresholdsName(text) ? text : undefined),
      DEFAULTS.thresholds,
      `one of ${Object.keys(THRESHOLDS).join(', ')}`,
    ),
    epochs: read('epochs', parseWhole(1, MOST_EPOCHS), DEFAULTS.epochs, `a whole number from 1 to ${MOST_EPOCHS}`),
    rows: read<RowsName>(
      'rows',
      (text) => (isRowsName(text) ? text : undefined),
      DEFAULTS.rows,
      `one of ${Object.keys(ROW_COUNTS).join(', ')}`,
    ),
    seed: read('seed', parseSeed, DEFAULTS.seed, `a whole number from 0 to ${LARGEST_SEED}`),
  }
  return { settings, problems }
}

export const parseSeed = parseWhole(0, LARGEST_SEED)

function parseWithin(smallest: number, largest: number): (text: string) => number | undefined {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    return value >= smallest && value <= largest ? value : undefined
  }
}

function parseWhole(smallest: number, largest: number): (text: string) => number | undefined {
  const parse = parseWithin(smallest, largest)
  return (text) => {
    const value = parse(text)
    return Number.isInteger(value) ? value : undefined
  }
}

export function isRowsName(text: string): text is RowsName {
  return Object.hasOwn(ROW_COUNTS, text)
}

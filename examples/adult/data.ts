// The browser build of csv-parse needs nothing of Node, and Node runs it too: this file works in both.
import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import { COLUMNS, type Columns, ONE_TASK, type Task } from './columns.ts'
import { type Random, shuffledIndices } from './random.ts'

/** A mistake in the user's file; the message says where. */
export class DataError extends Error {}

/** Rows as they stand in a file; numbers, categories and labels in the order of the `Columns` they were read by. */
export interface Row {
  numbers: number[]
  categories: string[]
  /** 0 or 1 for each task. */
  labels: number[]
}

/**
 * Reads text in the format of the UCI files: no header, 15 columns, and a comment where a line starts with '|'.
 * A header row may name the columns instead, in any order. `source` is the name that error messages begin with.
 */
export function parseRows(text: string, source: string, columns: Columns = ONE_TASK): Row[] {
  const rows: Row[] = []
  let positions: Positions | undefined
  const readRecord = (record: string[], line: number): void => {
    if (positions === undefined) {
      const header = record.map(columnName)
      const isHeader = header.some((name) => COLUMNS.includes(name))
      positions = findPositions(columns, isHeader ? header : COLUMNS, `${source}, line ${line}`)
      if (isHeader) return
    }
    rows.push(parseRow(record, columns, positions, `${source}, line ${line}`))
  }
  try {
    parse(text, {
      bom: true,
      trim: true,
      comment: '|',
      comment_no_infix: true,
      skip_empty_lines: true,
      // parseRow counts the cells instead, and can name the columns in its message.
      relax_column_count: true,
      on_record: (record: string[], context) => {
        readRecord(record, context.lines)
        return null // Nothing for csv-parse to collect.
      },
    })
  } catch (error) {
    if (error instanceof CsvError) throw new DataError(`${source}: ${error.message}`)
    throw error
  }
  if (rows.length === 0) throw new DataError(`${source}: no rows`)
  return rows
}

interface Positions {
  count: number
  numbers: number[]
  categories: number[]
  labels: number[]
}

/** Other copies of the data write `education.num` or `Education_Num` for `education-num`. */
function columnName(cell: string): string {
  return cell.toLowerCase().replace(/[._\s]/g, '-')
}

function findPositions(columns: Columns, header: readonly string[], place: string): Positions {
  const find = (name: string): number => {
    const position = header.indexOf(name)
    if (position < 0) throw new DataError(`${place}: no column named ${name}; expected ${COLUMNS.join(', ')}`)
    return position
  }
  return {
    count: header.length,
    numbers: columns.numeric.map(find),
    categories: columns.categorical.map(find),
    labels: columns.tasks.map(({ column }) => find(column)),
  }
}

function parseRow(record: string[], columns: Columns, positions: Positions, place: string): Row {
  if (record.length !== positions.count) {
    const expected = positions.count === COLUMNS.length ? `${positions.count} (${COLUMNS.join(', ')})` : positions.count
    throw new DataError(`${place}: ${record.length} columns, expected ${expected}`)
  }
  return {
    numbers: positions.numbers.map((position, column) =>
      parseNumber(record[position], `${place}: ${columns.numeric[column]}`),
    ),
    categories: positions.categories.map((position) => record[position]),
    labels: positions.labels.map((position, task) => parseLabel(record[position], columns.tasks[task], place)),
  }
}

function parseNumber(cell: string, place: string): number {
  const value = cell === '' ? Number.NaN : Number(cell)
  // A limit keeps sums and squares over all rows finite.
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    throw new DataError(`${place} is ${quote(cell)}, expected a number`)
  }
  return value
}

function parseLabel(cell: string, { column, yes, no }: Task, place: string): number {
  // The labels of the UCI test file end with a full stop.
  const label = cell.endsWith('.') ? cell.slice(0, -1) : cell
  if (no !== undefined && label !== no && label !== yes) {
    throw new DataError(`${place}: ${column} is ${quote(cell)}, expected ${no} or ${yes}`)
  }
  return label === yes ? 1 : 0
}

/** A cell for a message of one line: a file that is no CSV at all may have anything in it. */
function quote(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell)
}

/** Rows as the model reads them: flat, row after row. */
export interface Dataset {
  length: number
  /** Standardised, as many for each row as it has numeric columns. */
  numbers: Float32Array
  /** The row of the embedding table for each category, as many for each row as it has categorical columns. */
  categories: Int32Array
  /** For each task, the label of each row. */
  labels: readonly Uint8Array[]
}

/** Row 0 of every embedding table stands for the categories that the training rows do not have. */
export const UNKNOWN_CATEGORY = 0

/** What is learned from the training rows and applied to all rows. */
export interface Encoder {
  means: number[]
  deviations: number[]
  /** For each categorical column, the embedding row of each category; a missing value, '?', is a category like any other. */
  vocabularies: Map<string, number>[]
  /** For each categorical column, the rows that its embedding table needs. */
  categoryCounts: number[]
}

export function fitEncoder(rows: readonly Row[]): Encoder {
  const [{ numbers, categories }] = rows
  const means = numbers.map((_, column) => mean(rows, (row) => row.numbers[column]))
  const deviations = means.map((_, column) => {
    const variance = mean(rows, (row) => (row.numbers[column] - means[column]) ** 2)
    return Math.sqrt(variance) || 1 // A column with one value says nothing: it becomes 0, not 0 / 0.
  })
  const vocabularies = categories.map((_, column) => {
    const names = new Set(rows.map((row) => row.categories[column]))
    return new Map([...names].sort().map((name, position) => [name, position + 1 + UNKNOWN_CATEGORY]))
  })
  return { means, deviations, vocabularies, categoryCounts: vocabularies.map((vocabulary) => vocabulary.size + 1) }
}

function mean(rows: readonly Row[], read: (row: Row) => number): number {
  let sum = 0
  for (const row of rows) sum += read(row)
  return sum / rows.length
}

export function encode(rows: readonly Row[], encoder: Encoder): Dataset {
  const { means, deviations, vocabularies } = encoder
  const numbers = new Float32Array(rows.length * means.length)
  const categories = new Int32Array(rows.length * vocabularies.length)
  const labels = rows[0].labels.map((_, task) => Uint8Array.from(rows, (row) => row.labels[task]))
  rows.forEach((row, index) => {
    for (let column = 0; column < means.length; column++) {
      numbers[index * means.length + column] = (row.numbers[column] - means[column]) / deviations[column]
    }
    for (let column = 0; column < vocabularies.length; column++) {
      categories[index * vocabularies.length + column] =
        vocabularies[column].get(row.categories[column]) ?? UNKNOWN_CATEGORY
    }
  })
  return { length: rows.length, numbers, categories, labels }
}

/** What a model is trained on and tested with. */
export interface Rows {
  training: Row[]
  test: Row[]
}

/** Two thirds of the rows, chosen at random, for training and one third for testing: the proportions of the UCI files. */
export function splitRows(rows: readonly Row[], random: Random): Rows {
  const shuffled = Array.from(shuffledIndices(rows.length, random), (index) => rows[index])
  const testCount = Math.round(rows.length / 3)
  return { training: shuffled.slice(testCount), test: shuffled.slice(0, testCount) }
}

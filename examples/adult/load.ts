import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { DataError, LABEL_COLUMN, parseRows, type Row, type Rows, splitRows } from './data.ts'
import { seededRandom } from './random.ts'

const SPLIT_SEED = 1

/** The UCI files that come with the demo; data/SOURCE.md says where they are from. */
export function loadAdult(): Rows {
  return { training: loadBundled('adult.data.gz'), test: loadBundled('adult.test.gz') }
}

function loadBundled(name: string): Row[] {
  const file = readFileSync(new URL(`data/${name}`, import.meta.url))
  return parseRows(gunzipSync(file).toString('utf8'), name)
}

/** The user's own file, split into training and test rows. */
export function loadCsv(path: string): Rows {
  const rows = splitRows(parseRows(readText(path), path), seededRandom(SPLIT_SEED))
  const counts = [rows.training, rows.test].flatMap((part) => [0, 1].map((label) => countLabel(part, label)))
  if (counts.includes(0)) {
    throw new DataError(`${path}: too few rows; both training and test need rows with either ${LABEL_COLUMN}`)
  }
  return rows
}

function countLabel(rows: readonly Row[], label: number): number {
  return rows.filter((row) => row.label === label).length
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new DataError(`cannot read the file: ${error instanceof Error ? error.message : error}`)
  }
}

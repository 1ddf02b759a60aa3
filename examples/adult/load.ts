import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type Columns, ONE_TASK } from './columns.ts'
import { DataError, parseRows, type Row, type Rows, splitRows } from './data.ts'
import { seededRandom } from './random.ts'

const SPLIT_SEED = 1

/** The UCI files that come with the demo; data/SOURCE.md says where they are from. */
export function loadAdult(columns: Columns = ONE_TASK): Rows {
  return { training: loadBundled('adult.data.gz', columns), test: loadBundled('adult.test.gz', columns) }
}

function loadBundled(name: string, columns: Columns): Row[] {
  const file = readFileSync(new URL(`data/${name}`, import.meta.url))
  return parseRows(gunzipSync(file).toString('utf8'), name, columns)
}

/** The user's own file, split into training and test rows. */
export function loadCsv(path: string, columns: Columns = ONE_TASK): Rows {
  const rows = splitRows(parseRows(readText(path), path, columns), seededRandom(SPLIT_SEED))
  columns.tasks.forEach(({ column }, task) => {
    if (![rows.training, rows.test].every((part) => hasBothLabels(part, task))) {
      throw new DataError(`${path}: too few rows; both training and test need rows with either ${column}`)
    }
  })
  return rows
}

function hasBothLabels(rows: readonly Row[], task: number): boolean {
  return [0, 1].every((label) => rows.some(({ labels }) => labels[task] === label))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new DataError(`cannot read the file: ${error instanceof Error ? error.message : error}`)
  }
}

import { ONE_TASK } from '../adult/columns.ts'
import type { Row } from '../adult/data.ts'

/** Columns whose values together make one feature, such as an age in an occupation with an education. */
export const CROSSES: readonly (readonly string[])[] = [
  ['age', 'education', 'occupation'],
  ['age', 'marital-status', 'hours-per-week'],
  ['workclass', 'education', 'occupation', 'hours-per-week'],
  ['capital-gain', 'capital-loss', 'education', 'relationship'],
]

/** There are far more combinations than rows in the data: each is hashed to one of so many rows of a table. */
export const CROSS_ROWS = 131_072

/** The row of the table for the combination that `row` has in these columns. */
export function crossOf(row: Row, columns: readonly string[]): number {
  return fnv1a(columns.map((column) => valueIn(row, column)).join('\n')) % CROSS_ROWS
}

function valueIn(row: Row, column: string): string | number {
  const category = ONE_TASK.categorical.indexOf(column)
  return category >= 0 ? row.categories[category] : row.numbers[ONE_TASK.numeric.indexOf(column)]
}

/** A hash of 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

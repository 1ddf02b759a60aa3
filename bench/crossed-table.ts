import type { Dataset } from '../examples/adult/data.ts'

/**
 * The data with one more category for each row: its combination of all others. A batch touches few rows of the table of
 * these, as it does in recommender systems; of the demo's own small tables it touches nearly all.
 */
export function withCrossedTable(
  data: Dataset,
  categoryCounts: readonly number[],
): { data: Dataset; categoryCounts: number[] } {
  const columns = categoryCounts.length
  const rows = new Map<string, number>()
  const categories = new Int32Array(data.length * (columns + 1))
  for (let row = 0; row < data.length; row++) {
    const own = data.categories.subarray(row * columns, (row + 1) * columns)
    const key = own.join()
    // Row 0 stands for combinations that the training data do not have.
    if (!rows.has(key)) rows.set(key, rows.size + 1)
    categories.set(own, row * (columns + 1))
    categories[row * (columns + 1) + columns] = rows.get(key) ?? 0
  }
  return { data: { ...data, categories }, categoryCounts: [...categoryCounts, rows.size + 1] }
}

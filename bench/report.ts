import { asRatio, type Figure, tableOf } from './figures.ts'
import type { Part } from './parts/part.ts'
import type { Results } from './results.ts'

/** The sections of the parts that have been measured. What they ran on is said where it changes. */
export function formatReport(parts: readonly Part[], results: Results): string {
  const sections: string[] = []
  let last = ''
  for (const part of parts) {
    const result = results[part.name]
    if (result === undefined) continue
    if (result.conditions !== last) sections.push(`${result.conditions}.`)
    last = result.conditions
    sections.push(part.format(result.tables).trim())
  }
  return sections.join('\n\n')
}

/** For the README: the ratios of dense and sparse steps in float32, and what they were measured on. */
export function formatReadme({ dense, sparse }: Results): string {
  if (dense === undefined || sparse === undefined) return 'Not measured yet.'
  const rowOf = (figure: Figure, suffix: string) => ({ ...figure, row: `${figure.row.replace(suffix, '')}` })
  const figures = [
    ...dense.tables.ratios.map((figure) => rowOf(figure, ', float32')),
    ...sparse.tables.ratios.map((figure) => rowOf(figure, '')),
  ]
  return `${tableOf(figures, asRatio)}

${dense.conditions}. Written by \`npm run bench -- --write\`.`
}

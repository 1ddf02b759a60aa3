export interface Column {
  readonly heading: string
  /** Right for numbers, the default. */
  readonly align?: 'left' | 'right'
}

/** A Markdown table, padded so that it can be read as it is in a terminal too. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, column) =>
    Math.max(3, heading.length, ...rows.map((cells) => cells[column].length)),
  )
  const pad = (cell: string, column: number): string =>
    columns[column].align === 'left' ? cell.padEnd(widths[column]) : cell.padStart(widths[column])
  const line = (cells: readonly string[]): string => `| ${cells.map(pad).join(' | ')} |`
  const rule = columns.map(({ align }, column) =>
    align === 'left' ? '-'.repeat(widths[column]) : `${'-'.repeat(widths[column] - 1)}:`,
  )
  return [line(columns.map(({ heading }) => heading)), line(rule), ...rows.map(line)].join('\n')
}

/** Three significant digits, with separators: 0.745, 14.6, 2,310. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3, minimumSignificantDigits: value < 1000 ? 3 : 1 })
}

/** A whole number with separators. */
export function formatCount(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 })
}

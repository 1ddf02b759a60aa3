import { formatTable } from '../../tools/table.ts'
import { meanOf } from './curves.ts'
import { CANDIDATES } from './methods.ts'
import type { Run } from './run-log.ts'

/** What the candidates for GC's norm and for Clippy's thresholds come to on the validation rows. */
export function formatValidation(runs: readonly Run[]): string {
  const own = runs.filter(({ split }) => split === 'validation')
  const cases = [...new Set(own.map(({ model, learningRate }) => `${model}, ${learningRate}`))]
  const rows = CANDIDATES.map(({ name }) => {
    const areas = own.filter(({ method }) => method === name).map((run) => run.areas[0])
    return [name, ...[...areas, meanOf(areas)].map((area) => area.toFixed(4))]
  })
  return formatTable(
    [{ heading: 'candidate', align: 'left' }, ...[...cases, 'mean'].map((heading) => ({ heading }))],
    rows,
  )
}

/** Of the candidates whose names begin like this, the one with the highest mean. */
export function chosen(kind: string, runs: readonly Run[]): string {
  const own = runs.filter(({ split }) => split === 'validation')
  const mean = (name: string): number => meanOf(own.filter(({ method }) => method === name).map((run) => run.areas[0]))
  const names = CANDIDATES.map(({ name }) => name).filter((name) => name.startsWith(`${kind}: `))
  return names.reduce((best, name) => (mean(name) > mean(best) ? name : best))
}

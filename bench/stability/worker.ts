/** One of the sweep's processes: it trains whatever the parent sends, one run at a time. */
import { type Data, loadData, type RunSpec, runOnce } from './training/run.ts'

const loaded = new Map<RunSpec['rows'], Data>()

process.on('message', (spec: RunSpec) => {
  const data = loaded.get(spec.rows) ?? loadData(spec.rows)
  loaded.set(spec.rows, data)
  process.send?.(runOnce(spec, data))
})

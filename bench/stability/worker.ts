/** One of the sweep's processes: it trains whatever the parent sends, one run at a time. */
import { type Data, loadData, type RunResult, type RunSpec, runOnce } from './training/run.ts'

export type Reply = { readonly result: RunResult } | { readonly error: string }

const loaded = new Map<RunSpec['rows'], Data>()

process.on('message', (spec: RunSpec) => {
  process.send?.(answer(spec))
})

function answer(spec: RunSpec): Reply {
  try {
    const data = loaded.get(spec.rows) ?? loadData(spec.rows)
    loaded.set(spec.rows, data)
    return { result: runOnce(spec, data) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

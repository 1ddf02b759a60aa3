/** One of the sweep's processes: it trains whatever the parent sends, one run at a time. */
import { columnsOf } from './models.ts'
import { type Data, loadData, type RunResult, type RunSpec, runOnce } from './run.ts'

export type Reply = { readonly result: RunResult } | { readonly error: string }

const loaded = new Map<string, Data>()

process.on('message', (spec: RunSpec) => {
  process.send?.(answer(spec))
})

function answer(spec: RunSpec): Reply {
  try {
    return { result: runOnce(spec, dataFor(spec)) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** Encoded once for each split: many runs use the same. */
function dataFor(spec: RunSpec): Data {
  const key = JSON.stringify([columnsOf(spec.model).tasks.length, spec.rows, spec.split])
  const data = loaded.get(key) ?? loadData(spec)
  loaded.set(key, data)
  return data
}

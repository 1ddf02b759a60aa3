import { availableParallelism, cpus } from 'node:os'

/** What every printed figure depends on. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${model} (${availableParallelism()} cores, one used), Node ${process.version}, ${process.platform} ${process.arch}`
}

// Where a thread of the pool starts. Node.js 20 does not hand the main thread's TypeScript loader on to its threads, so
// each registers it anew; a program that is built to JavaScript starts its threads in shard-task itself.
import { register } from 'tsx/esm/api'

register()
export const { decide, update } = await import('./shard-task.ts')

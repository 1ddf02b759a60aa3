// Where a thread of the tests starts: Node.js 20 does not hand the main thread's TypeScript loader on to it.
import { register } from 'tsx/esm/api'

register()
await import('./shard.ts')

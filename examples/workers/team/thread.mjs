// Where a thread of a team starts; see ../pool/thread.mjs.
import { register } from 'tsx/esm/api'

register()
await import('./shard-thread.ts')

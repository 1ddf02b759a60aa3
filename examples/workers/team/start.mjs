// Where each thread of a team starts in Node.js. Version 20 does not hand the main thread's TypeScript loader on to its
// threads, so each registers it anew; a program that is built to JavaScript starts its threads in their own files.
import { workerData } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
await import(workerData)

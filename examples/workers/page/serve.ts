// Run with: npm run page

import { serveExamples } from './server.ts'

const { address } = await serveExamples()
console.log(`Open ${address}/workers/page/index.html`)

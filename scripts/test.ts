/**
 * `npm test`: every test, and at the same time, on another core, those of what can differ without WebAssembly once more
 * without it. What the second run prints follows the first.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const TSX = ['--import', 'tsx']
const WITHOUT_WEBASSEMBLY = ['--import', './tests/support/without-webassembly.ts']
const UVU = ['node_modules/uvu/bin.js', 'tests']

const all = spawn(process.execPath, [...TSX, ...UVU, '\\.test\\.ts$'], { stdio: ['ignore', 'inherit', 'inherit'] })
const more = spawn(
  process.execPath,
  [
    ...TSX,
    ...WITHOUT_WEBASSEMBLY,
    ...UVU,
    '^((step|optimizer|reference|testing)/.*|examples/property-test)\\.test\\.ts$',
  ],
  { stdio: ['ignore', 'pipe', 'pipe'] },
)
const [[status], [moreStatus], printed, complaints] = await Promise.all([
  once(all, 'close'),
  once(more, 'close'),
  text(more.stdout),
  text(more.stderr),
])
console.log(`\nOnce more without WebAssembly\n${printed}${complaints}`)
process.exitCode = status === 0 && moreStatus === 0 ? 0 : 1

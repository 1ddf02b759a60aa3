/** One process of the benchmark: runs the session of a part that it is told to, and sends the figures. */
import { kernel } from 'clippy-adagrad'
import { PARTS } from './parts/index.ts'
import { FULL_PLAN, QUICK_PLAN } from './plan.ts'

const [partName, sessionName, size] = process.argv.slice(2)
const session = PARTS.find(({ name }) => name === partName)?.sessions[sessionName]
if (session === undefined) throw new Error(`there is no session '${sessionName}' of '${partName}'`)
const expected = session.withoutWebAssembly ? 'scalar' : 'simd'
if (kernel() !== expected) throw new Error(`kernel() is '${kernel()}'; expected '${expected}'`)
process.send?.(await session.run(size === 'quick' ? QUICK_PLAN : FULL_PLAN))

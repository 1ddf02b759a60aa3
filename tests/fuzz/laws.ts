import { spawnSync } from 'node:child_process'
import { REPOSITORY } from '../support/repository.ts'

/**
 * Part of `npm run test:fuzz`: the laws of the step layer on inputs that no run has seen before, since `npm test` takes the same
 * ones each time. Prints the seed; FC_SEED gives it back.
 */
const seed = process.env.FC_SEED ?? String(Date.now() % 2 ** 31)
console.log(`FC_SEED=${seed}: the laws of tests/step`)
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'node_modules/uvu/bin.js', 'tests/step', '\\.test\\.ts$'],
  { cwd: REPOSITORY, env: { ...process.env, FC_SEED: seed }, stdio: 'inherit' },
)
process.exitCode = status ?? 1

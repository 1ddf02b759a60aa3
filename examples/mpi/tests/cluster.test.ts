import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { temporaryFolder } from './support/folder.ts'
import { fingerprints } from './support/output.ts'
import { testRanks } from './support/ranks.ts'

const test = suite('cluster')

testRanks(test, 'the job script trains when bash runs it, with what it is given', async () => {
  const { status, stdout, stderr } = spawnSync('bash', ['cluster/train.sbatch'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    env: {
      ...process.env,
      STEPS: '2',
      SAVE_EVERY: '2',
      FOLDER: temporaryFolder(),
      MPIRUN_OPTIONS:
        '--allow-run-as-root --oversubscribe --bind-to none --mca btl_vader_single_copy_mechanism none -n 2',
    },
  })
  assert.is(status, 0, stderr)
  assert.match(stdout, /^step 2: loss \S+, saved$/m)
  assert.is(fingerprints({ stdout }).length, 2)
})

test.run()

import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type LaunchOptions, launch } from '../launch.ts'
import { onTwoMachines, whyNotTwoMachines } from '../two-machines.ts'
import { temporaryFolder } from './support/folder.ts'
import { fingerprints, requireSuccess } from './support/output.ts'
import { testRanks, whyNoRanks } from './support/ranks.ts'

const STEPS = 5

const test = suite('two machines')
const folder = temporaryFolder()
const whyNot = whyNoRanks ?? (await whyNotTwoMachines())

async function train(file: string, options?: LaunchOptions) {
  const run = requireSuccess(await launch(2, 'train.ts', [STEPS, join(folder, file), STEPS], options))
  const hosts = [...run.stdout.matchAll(/is process \d+ on (\S+)/g)].map(([, host]) => host)
  return { bits: fingerprints(run), machines: new Set(hosts).size }
}

testRanks(
  test,
  'two machines with a network between them train to the same bits, those of two ranks on one',
  async () => {
    const apart = await onTwoMachines(1, (options) => train('apart', options))
    const { bits } = await train('together')
    assert.is(apart.machines, 2)
    assert.is(bits.length, 2)
    assert.equal(apart.bits, bits)
  },
  whyNot,
)

test.run()

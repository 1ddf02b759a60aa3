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

async function train(file: string, options?: LaunchOptions): Promise<string[]> {
  const run = await launch(2, 'train-replicas.ts', [STEPS, join(folder, file), STEPS], options)
  return fingerprints(requireSuccess(run))
}

testRanks(
  test,
  'two machines with a network between them train to the bits of two ranks on one',
  async () => {
    const apart = await onTwoMachines(1, (options) => train('apart.bin', options))
    assert.is(apart.length, 2)
    assert.equal(apart, await train('together.bin'))
  },
  whyNot,
)

test.run()

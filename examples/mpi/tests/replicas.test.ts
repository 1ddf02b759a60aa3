import { join } from 'node:path'
import { ClippyAdagrad, type FloatArray } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Demo, OPTIONS } from '../demo.ts'
import { fingerprint } from '../fingerprint.ts'
import { launch } from '../launch.ts'
import { readCheckpoint } from './support/checkpoint.ts'
import { temporaryFolder } from './support/folder.ts'
import { fingerprints, requireSuccess } from './support/output.ts'
import { testRanks } from './support/ranks.ts'

const STEPS = 20

/**
 * The largest difference between one process and several, in ulps of the largest weight of the variable. The gradients have
 * the same terms, added in another order. Measured: 2.8 after these steps, 7.9 after a hundred.
 */
const TOLERANCE = 8 * 2 ** -23

const test = suite('replicas')
const folder = temporaryFolder()

/** The demo's model after training in this process, with the package's own class. */
function trainHere(): { weights: readonly FloatArray[]; bits: string } {
  const demo = new Demo()
  const optimizer = new ClippyAdagrad(OPTIONS)
  for (let step = 0; step < STEPS; step++) {
    const { gradients } = demo.lossAndGradients(step, 0, 1)
    optimizer.applyGradients(demo.model.variables.map((variable, k) => [gradients[k], variable]))
  }
  return { weights: demo.model.variables, bits: fingerprint(demo.model.variables, optimizer) }
}

let here: ReturnType<typeof trainHere> | undefined
const runs = new Map<number, Promise<{ bits: string[]; weights: readonly FloatArray[] }>>()

/** The demo's model after the same training by so many ranks. */
function trained(ranks: number) {
  const known = runs.get(ranks) ?? train(ranks)
  runs.set(ranks, known)
  return known
}

async function train(ranks: number) {
  const file = join(folder, `${ranks}.bin`)
  const run = requireSuccess(await launch(ranks, 'train-replicas.ts', [STEPS, file, STEPS]))
  return { bits: fingerprints(run), weights: readCheckpoint(file).weights }
}

testRanks(test, 'one rank trains to the bits of ClippyAdagrad itself', async () => {
  here ??= trainHere()
  assert.equal((await trained(1)).bits, [here.bits])
})

for (const ranks of [2, 4]) {
  testRanks(test, `${ranks} ranks all end with the same bits`, async () => {
    const { bits } = await trained(ranks)
    assert.equal(
      bits,
      Array.from({ length: ranks }, () => bits[0]),
    )
  })

  testRanks(test, `${ranks} ranks stay within 8 ulps of the largest weight of one process`, async () => {
    here ??= trainHere()
    const { weights } = await trained(ranks)
    here.weights.forEach((expected, k) => {
      const largest = Math.max(...expected.map(Math.abs))
      expected.forEach((value, i) => {
        const difference = Math.abs(value - weights[k][i])
        assert.ok(difference <= TOLERANCE * largest, `variable ${k}[${i}]: ${value} here, ${weights[k][i]} there`)
      })
    })
  })
}

test.run()

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { adagrad } from '../../examples/property-test/adagrad.ts'
import { keepsItsBound } from '../../examples/property-test/bound-test.ts'
import { mended } from '../../examples/property-test/mended.ts'
import { stepCases } from '../../src/testing/index.ts'
import { codeBlocks } from '../support/markdown.ts'
import { moveByUlps } from '../support/precision.ts'
import { REPOSITORY, textOf } from '../support/repository.ts'

const test = suite('examples: property test')

const runFile = promisify(execFile)
const FOLDER = 'examples/property-test'
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed)

test('the plain update is caught whatever the seed, and the message names weight, move and bound', () => {
  for (const seed of SEEDS) {
    let caught: unknown
    try {
      keepsItsBound(adagrad, seed)
    } catch (error) {
      caught = error instanceof Error ? error.cause : error
    }
    const found = /^weight (\d+) moved (\S+), its bound is (\S+)$/.exec(caught instanceof Error ? caught.message : '')
    assert.ok(found, `seed ${seed}: ${caught}`)
    const [, , move, bound] = found
    assert.ok(Number(move) > Number(bound))
    // A rounding fault, and no other: the excess is less than an ulp of a float32 for each of the largest weights.
    assert.ok(Number(move) - Number(bound) < 100 * 2 ** -23)
  }
})

test('the mended update passes whatever the seed', () => {
  for (const seed of SEEDS) keepsItsBound(mended, seed)
})

test('the mended update goes as far as the plain one, but for a float or two, and stays only where that is all', () => {
  let went = 0
  let stayed = 0
  const cases = stepCases(fc, { precision: 'float32', domain: 'ordinary' })
  for (const { variable, accumulator, gradient, options } of fc.sample(cases, { seed: 5, numRuns: 500 })) {
    const [plain, own] = [variable.slice(), variable.slice()]
    const [plainSum, ownSum] = [accumulator.slice(), accumulator.slice()]
    adagrad(plain, plainSum, gradient, options)
    mended(own, ownSum, gradient, options)
    assert.equal([...ownSum], [...plainSum])
    variable.forEach((w, i) => {
      const distance = Math.abs(plain[i] - w)
      if (distance === 0) return
      const ulp =
        moveByUlps('float32', Math.max(Math.abs(w), Math.abs(plain[i])), 1) - Math.max(Math.abs(w), Math.abs(plain[i]))
      if (own[i] === w) {
        stayed += 1
        assert.ok(distance <= 2 * ulp, `stays at ${w} with ${distance} to go`)
      } else {
        went += 1
        assert.ok(Math.abs(own[i] - plain[i]) <= 3 * ulp, `${w} went to ${own[i]}, not ${plain[i]}`)
      }
    })
  }
  assert.ok(went > 1000 && stayed < went / 10, `${went} went, ${stayed} stayed`)
})

test('the program prints what its README says', async () => {
  const { FORCE_COLOR: _, ...env } = process.env
  const args = ['--import', 'tsx', `${FOLDER}/main.ts`]
  const { stdout } = await runFile(process.execPath, args, { cwd: REPOSITORY, env: { ...env, NO_COLOR: '1' } })
  const [{ code }] = codeBlocks(textOf(`${FOLDER}/README.md`))
  assert.is(stdout, `${code}\n`)
  assert.match(textOf(`${FOLDER}/README.md`), `\`npx tsx ${FOLDER}/main.ts\``)
})

test('the plain update has 15 lines at most, the property test about ten, and they import only what users have', () => {
  const [, update] = textOf(`${FOLDER}/adagrad.ts`).split(/^(?=export const adagrad)/m)
  assert.ok(update.trim().split('\n').length <= 15)
  const property = textOf(`${FOLDER}/bound-test.ts`)
  assert.ok(property.slice(property.indexOf('export function')).trim().split('\n').length <= 12)
  const imported = ['adagrad', 'mended', 'bound-test', 'main'].flatMap((name) =>
    [...textOf(`${FOLDER}/${name}.ts`).matchAll(/from '([^.'][^']*)'/g)].map(([, from]) => from),
  )
  assert.equal(imported, ['clippy-adagrad/testing', 'fast-check'])
})

test.run()

import { statSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bundled, IMPORTS, measureSizes, readSizes } from '../../scripts/bundle-sizes.ts'
import { textOf } from '../support/repository.ts'
import { installPacked } from './packed.ts'

/** What a bundler makes of the built package. */
const test = suite('size')

/** What imports may add, in bytes: what they add today, so that growth is seen. */
const LIMITS = [
  { what: '`step` alone', minified: 31_700, gzipped: 13_500 },
  { what: '`ClippyAdagrad` alone', minified: 81_000, gzipped: 29_850 },
]

/** The bytes that are fetched to install the package. */
const TARBALL_LIMIT = 150_000

/** Strings that survive a minifier: a class name for configs, a method, and words of its messages. */
const OF_THE_OPTIMIZER = ['ClippyAdagrad', 'applyGradients', 'saveOwnVariables', 'globalClipnorm', 'CosineDecay']

test.before(() => void installPacked())

test(`the tarball is at most ${TARBALL_LIMIT / 1000} kB`, () => {
  const { size } = statSync(installPacked())
  assert.ok(size <= TARBALL_LIMIT, `${size} bytes`)
})

for (const { what, minified, gzipped } of LIMITS) {
  test(`${what} is at most ${minified / 1000} kB minified and ${gzipped / 1000} kB gzipped`, async () => {
    const size = (await measureSizes()).find((measured) => measured.what === what)
    assert.ok(size !== undefined)
    assert.ok(
      size.minified <= minified && size.gzipped <= gzipped,
      `${size.minified} bytes minified, ${size.gzipped} gzipped`,
    )
  })
}

test('importing only `step` brings in nothing of the Optimizer or the schedules', async () => {
  const { code } = await bundled('dist/index.js', ['step'])
  assert.equal(
    OF_THE_OPTIMIZER.filter((text) => code.includes(text)),
    [],
  )
  const { metafile } = await bundled('src/index.ts', ['step'])
  const [output] = Object.values(metafile.outputs)
  const used = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  const paths = used.map(([path]) => path)
  assert.ok(paths.includes('src/step/step.ts'), paths.join(', '))
  assert.equal(
    paths.filter((path) => !/^src\/(step|shared)\//.test(path)),
    [],
  )
})

test('the whole package has all the words that the check of `step` looks for', async () => {
  const { code } = await bundled('dist/index.js')
  assert.equal(
    OF_THE_OPTIMIZER.filter((text) => !code.includes(text)),
    [],
  )
})

/** Strings of the testing entry that survive a minifier. */
const OF_TESTING = ['boundViolation', 'expected fast-check', 'const before = weights.slice()']

test('the whole package has nothing of the testing entry, and that entry nothing of the step or the Optimizer', async () => {
  const [{ code: main, metafile: ofMain }, { code: entry, metafile: ofEntry }] = await Promise.all([
    bundled('dist/index.js'),
    bundled('dist/testing.js'),
  ])
  assert.equal(
    OF_TESTING.filter((text) => main.includes(text)),
    [],
  )
  assert.equal(
    OF_TESTING.filter((text) => !entry.includes(text)),
    [],
  )
  assert.equal(Object.keys(ofMain.inputs), ['dist/index.js', '<stdin>'])
  assert.equal(Object.keys(ofEntry.inputs), ['dist/testing.js', '<stdin>'])
  const { metafile } = await bundled('src/testing/index.ts')
  const outside = Object.keys(metafile.inputs).filter((path) => !/^(?:src\/(?:testing|shared)\/|<stdin>)/.test(path))
  assert.equal(outside, [])
})

test('an import that nothing is used of adds nothing, as `sideEffects: false` says', async () => {
  for (const entry of ['dist/index.js', 'dist/testing.js']) {
    const { code } = await bundled(entry, [])
    assert.is(code.trim(), '', entry)
  }
})

test('the sizes in the README are those of this build, within 2 %', async () => {
  const [, block] = textOf('README.md').split(/<!-- size:(?:start|end) -->/)
  const shown = readSizes(block)
  const measured = await measureSizes()
  assert.is(measured.length, IMPORTS.length)
  assert.equal(
    shown.map(({ what }) => what),
    measured.map(({ what }) => what),
  )
  measured.forEach(({ what, minified, gzipped }, k) => {
    for (const [now, then] of [
      [minified, shown[k].minified],
      [gzipped, shown[k].gzipped],
    ]) {
      assert.ok(
        Math.abs(now - then) <= 0.02 * now,
        `${what}: ${now} bytes, ${then} in README.md; npm run size -- --write`,
      )
    }
  })
})

test.run()

import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as source from '../../src/index.ts'
import * as testing from '../../src/testing/index.ts'
import { REPOSITORY } from '../support/repository.ts'
import { CONSUMER, INSTALLED, installPacked, run, writeConsumerJson } from './packed.ts'

/**
 * What is published: the tarball, installed in an empty folder outside the repository, used from ESM, CommonJS and
 * TypeScript. Nothing is fetched: the package has no dependencies.
 */
const test = suite('package')

/** What tests/types/use.ts prints: the clipped step is Δ = 0.1·8/√4 = 0.4 with a bound of 0.1·|w|, the others 0.05. */
const PRINTED = [
  'step 0.250000 0.900000 68',
  'parts 0.100000 1.000000 0.950000 5',
  'sparse 1.00 2.00 2.95 3.95',
  'shrink 1.5 0.5',
  'schedule 0.05',
  'own schedule 0.25 Halving',
  'optimizer 1 0.95 0.95 bias',
]

/** What tests/types/bound.ts prints. */
const PRINTED_BOUND = ['step undefined', 'index 0 move 2 above true', 'config undefined', 'misuse 3']

/** What runs. */
const FILES = ['index.js', 'index.cjs', 'testing.js', 'testing.cjs']

function node(file: string): string {
  return run(process.execPath, [file], CONSUMER)
}

function linesOf(file: string): string[] {
  return node(file)
    .split('\n')
    .filter((line) => line !== '')
}

function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory())
  return files.map((entry) => relative(directory, join(entry.parentPath, entry.name))).sort()
}

test.before(() => void installPacked())

test('the tarball holds what is published and nothing else', () => {
  assert.equal(filesBelow(INSTALLED), [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/index.cjs',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/index.js',
    'dist/testing.cjs',
    'dist/testing.d.cts',
    'dist/testing.d.ts',
    'dist/testing.js',
    'package.json',
  ])
})

test('installing it installs nothing else', () => {
  const packages = readdirSync(join(CONSUMER, 'node_modules')).filter((name) => !name.startsWith('.'))
  assert.equal(packages, ['clippy-adagrad'])
  const manifest = JSON.parse(readFileSync(join(INSTALLED, 'package.json'), 'utf8'))
  for (const kind of ['dependencies', 'optionalDependencies', 'bundledDependencies']) {
    assert.is(manifest[kind], undefined, kind)
  }
  assert.equal(manifest.peerDependenciesMeta, { 'fast-check': { optional: true } })
  assert.equal(Object.keys(manifest.peerDependencies), ['fast-check'])
  for (const hook of ['preinstall', 'install', 'postinstall', 'prepare']) {
    assert.is(manifest.scripts?.[hook], undefined, hook)
  }
})

test('ESM and CommonJS: the same names as the sources, and the same results', () => {
  cpSync(join(REPOSITORY, 'tests/package/esm.mjs'), join(CONSUMER, 'esm.mjs'))
  cpSync(join(REPOSITORY, 'tests/package/cjs.cjs'), join(CONSUMER, 'cjs.cjs'))
  const esm = JSON.parse(node('esm.mjs'))
  const cjs = JSON.parse(node('cjs.cjs'))
  assert.equal(esm.names, Object.keys(source).sort())
  assert.equal(esm.testingNames, Object.keys(testing).sort())
  assert.equal(cjs, esm)

  const weights = new Float32Array([1, -2])
  source.step(weights, new Float32Array([4, 4]), new Float32Array([8, 0]), { learningRate: 0.1, epsilon: 0 })
  new source.ClippyAdagrad({ learningRate: 0.1 }).applyGradients([[new Float32Array([1, 1]), weights]])
  assert.equal(esm.weights, [...weights])
  assert.is(esm.iterations, 1)
  const tooFar = testing.boundViolation(Float32Array.of(1, 2), Float32Array.of(1, 3), Float32Array.of(1, 1))
  assert.equal(esm.tooFar, tooFar)
  assert.is(tooFar?.index, 1)
})

test('classes and functions keep their names', () => {
  const script = (load: string) =>
    `${load}
    const names = Object.entries(everything).filter(([, value]) => typeof value === 'function')
    console.log(JSON.stringify(names.filter(([name, value]) => value.name !== name).map(([name]) => name)))
    try { new everything.ClippyAdagrad({ absoluteThreshold: -1 }) } catch ({ stack }) { console.log(JSON.stringify(stack)) }`
  const files = {
    'names.mjs': "import * as everything from 'clippy-adagrad'",
    'names.cjs': "const everything = require('clippy-adagrad')",
  }
  for (const [file, load] of Object.entries(files)) {
    writeFileSync(join(CONSUMER, file), script(load))
    const [misnamed, stack] = linesOf(file).map((line) => JSON.parse(line))
    assert.equal(misnamed, [], file)
    assert.match(stack, 'at new ClippyAdagrad')
  }
})

test('either copy, ES module or CommonJS, takes a Variable, a PerReplica and the state of the other', () => {
  cpSync(join(REPOSITORY, 'tests/package/copies.mjs'), join(CONSUMER, 'copies.mjs'))
  const taken = { weights: true, state: true, handedOver: true }
  assert.equal(JSON.parse(node('copies.mjs')), { areTwo: true, esmTakes: taken, commonJsTakes: taken })
})

interface Resolution {
  readonly name: string
  readonly module: string
  readonly endings: readonly string[]
}

const RESOLUTIONS: readonly Resolution[] = [
  { name: 'node16', module: 'node16', endings: ['mts', 'cts'] },
  { name: 'nodenext', module: 'nodenext', endings: ['mts', 'cts'] },
  { name: 'bundler', module: 'esnext', endings: ['ts'] },
]

for (const resolution of RESOLUTIONS) {
  test(`TypeScript, moduleResolution ${resolution.name}: compiles, refuses misuse, and runs`, () => {
    const outputs = compiledAndRun(resolution, ['use', 'misuse'], 'types')
    assert.equal(
      outputs,
      resolution.endings.map(() => [PRINTED, []]),
    )
  })

  test(`TypeScript, moduleResolution ${resolution.name}: the testing entry compiles and runs without fast-check`, () => {
    const outputs = compiledAndRun(resolution, ['bound'], 'bound')
    assert.equal(
      outputs,
      resolution.endings.map(() => [PRINTED_BOUND]),
    )
  })

  for (const installed of ['fast-check', 'fast-check-3']) {
    test(`TypeScript, moduleResolution ${resolution.name}: stepCases compiles and runs with ${installed}`, () => {
      const link = join(CONSUMER, 'node_modules/fast-check')
      symlinkSync(join(REPOSITORY, 'node_modules', installed), link)
      try {
        const outputs = compiledAndRun(resolution, ['step-cases'], installed)
        assert.equal(
          outputs,
          resolution.endings.map(() => [['[object Float64Array]', 'misuse 3']]),
        )
      } finally {
        unlinkSync(link)
      }
    })
  }
}

/** For each ending, what each of these files of tests/types prints once compiled, the package's types checked too. */
function compiledAndRun({ name, module, endings }: Resolution, files: readonly string[], what: string): string[][][] {
  const directory = `${what}-${name}`
  mkdirSync(join(CONSUMER, directory))
  for (const ending of endings) {
    for (const file of files) {
      cpSync(join(REPOSITORY, `tests/types/${file}.ts`), join(CONSUMER, directory, `${file}.${ending}`))
    }
  }
  writeConsumerJson(`${directory}/tsconfig.json`, {
    compilerOptions: {
      module,
      moduleResolution: name,
      target: 'es2022',
      lib: ['es2022'],
      types: [],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      outDir: 'out',
    },
  })
  const typescript = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  run(process.execPath, [typescript, '-p', directory], CONSUMER)
  return endings.map((ending) => files.map((file) => linesOf(`${directory}/out/${file}.${ending.replace('ts', 'js')}`)))
}

test('what runs names no source map, and is not minified', () => {
  for (const name of FILES) {
    const code = readFileSync(join(INSTALLED, 'dist', name), 'utf8')
    assert.not.match(code, 'sourceMappingURL', name)
    const lines = code.split('\n')
    const sorted = lines.map(({ length }) => length).sort((one, other) => one - other)
    assert.ok(sorted[lines.length >> 1] < 80, `${name}: half of the lines are longer than 80 characters`)
    assert.ok(lines.length > 400, `${name}: ${lines.length} lines`)
  }
})

test('it needs nothing but the language: no Node.js, no browser, no import, no eval', () => {
  const code = readFileSync(join(INSTALLED, 'dist/index.cjs'), 'utf8')
  const context = createContext({ module: { exports: {} } }, { codeGeneration: { strings: false, wasm: false } })
  const globals = () => runInContext('Reflect.ownKeys(globalThis).map(String).sort().join()', context)
  const before = globals()
  // A function, because strict code may declare names that must not count as globals.
  runInContext(`(function (module, exports) {${code}\n})(module, module.exports)`, context)
  assert.is(globals(), before, 'importing defines no global')
  const rate = 'module.exports.step(new Float64Array([1]), new Float64Array([4]), new Float64Array([1]))'
  assert.is(runInContext(rate, context), 1)
  for (const file of FILES) {
    const text = readFileSync(join(INSTALLED, 'dist', file), 'utf8')
    assert.not.match(text, /\bimport\s*\(|(?<![.\w])require\s*\(\s*["'`]|^import\b|\beval\s*\(|new Function\b/m, file)
  }
})

test('the manifest and its types can be reached', () => {
  writeFileSync(
    join(CONSUMER, 'manifest.cjs'),
    "console.log(require('clippy-adagrad/package.json').version, require.resolve('clippy-adagrad'))",
  )
  const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'))
  const [printed, path] = node('manifest.cjs').trim().split(' ')
  assert.is(printed, version)
  assert.match(path, /index\.cjs$/)
})

test.run()

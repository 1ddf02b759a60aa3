import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as source from '../../src/index.ts'

/**
 * `npm run test:package`: builds and packs the package as for publishing, installs the tarball in an empty folder outside
 * the repository, and uses it from ESM, CommonJS and TypeScript. Nothing is fetched: the package has no dependencies.
 */
const test = suite('package')

const repository = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'clippy-adagrad-'))
const installed = join(folder, 'node_modules/clippy-adagrad')

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

/** Runs a program with no input; its output is the error's message if it fails. */
function run(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${command} ${args.join(' ')} failed in ${cwd}:\n${stdout}${stderr}`)
  }
}

function node(file: string): string {
  return run(process.execPath, [file], folder)
}

function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => !entry.isDirectory())
  return files.map((entry) => relative(directory, join(entry.parentPath, entry.name))).sort()
}

function writeJson(file: string, content: object): void {
  writeFileSync(join(folder, file), JSON.stringify(content))
}

test.before(() => {
  run('npm', ['run', 'build'], repository)
  // The build has just run; without --ignore-scripts `prepack` would run it again.
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], repository)
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  assert.is(tarballs.length, 1)
  writeJson('package.json', { name: 'consumer', private: true, type: 'module' })
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarballs[0]}`], folder)
})

test.after(() => rmSync(folder, { recursive: true, force: true }))

test('the tarball holds what is published and nothing else', () => {
  assert.equal(filesBelow(installed), [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/index.cjs',
    'dist/index.cjs.map',
    'dist/index.d.cts',
    'dist/index.d.ts',
    'dist/index.js',
    'dist/index.js.map',
    'package.json',
  ])
})

test('installing it installs nothing else', () => {
  const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
  assert.equal(packages, ['clippy-adagrad'])
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies']) {
    assert.is(manifest[kind], undefined, kind)
  }
  for (const hook of ['preinstall', 'install', 'postinstall', 'prepare']) {
    assert.is(manifest.scripts?.[hook], undefined, hook)
  }
})

test('ESM and CommonJS: the same names as the sources, and the same results', () => {
  cpSync(join(repository, 'tests/package/esm.mjs'), join(folder, 'esm.mjs'))
  cpSync(join(repository, 'tests/package/cjs.cjs'), join(folder, 'cjs.cjs'))
  const esm = JSON.parse(node('esm.mjs'))
  const cjs = JSON.parse(node('cjs.cjs'))
  assert.equal(esm.names, Object.keys(source).sort())
  assert.equal(cjs, esm)

  const weights = new Float32Array([1, -2])
  source.step(weights, new Float32Array([4, 4]), new Float32Array([8, 0]), { learningRate: 0.1, epsilon: 0 })
  new source.ClippyAdagrad({ learningRate: 0.1 }).applyGradients([[new Float32Array([1, 1]), weights]])
  assert.equal(esm.weights, [...weights])
  assert.is(esm.iterations, 1)
})

const RESOLUTIONS = [
  { name: 'node16', module: 'node16', endings: ['mts', 'cts'] },
  { name: 'nodenext', module: 'nodenext', endings: ['mts', 'cts'] },
  { name: 'bundler', module: 'esnext', endings: ['ts'] },
]

for (const { name, module, endings } of RESOLUTIONS) {
  test(`TypeScript, moduleResolution ${name}: compiles, refuses misuse, and runs`, () => {
    const directory = `types-${name}`
    mkdirSync(join(folder, directory))
    for (const ending of endings) {
      for (const file of ['use', 'misuse']) {
        cpSync(join(repository, `tests/types/${file}.ts`), join(folder, directory, `${file}.${ending}`))
      }
    }
    writeJson(`${directory}/tsconfig.json`, {
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
    run(process.execPath, [typescript, '-p', directory], folder)
    for (const ending of endings) {
      const output = node(`${directory}/out/use.${ending.replace('ts', 'js')}`)
      assert.equal(output.trimEnd().split('\n'), PRINTED, ending)
    }
  })
}

test('source maps hold every source they name, and no other', () => {
  for (const name of ['index.js', 'index.cjs']) {
    const code = readFileSync(join(installed, 'dist', name), 'utf8')
    assert.match(code, `//# sourceMappingURL=${name}.map`)
    const map: { sources: string[]; sourcesContent: string[] } = JSON.parse(
      readFileSync(join(installed, 'dist', `${name}.map`), 'utf8'),
    )
    assert.ok(map.sources.length > 0)
    map.sources.forEach((path, index) => {
      assert.match(path, /^\.\.\/src\//)
      assert.is(map.sourcesContent[index], readFileSync(join(repository, 'dist', path), 'utf8'), path)
    })
  }
})

test('it needs nothing but the language: no Node.js, no browser, no import, no eval', () => {
  const code = readFileSync(join(installed, 'dist/index.cjs'), 'utf8')
  const context = createContext({ module: { exports: {} } }, { codeGeneration: { strings: false, wasm: false } })
  const globals = () => runInContext('Reflect.ownKeys(globalThis).map(String).sort().join()', context)
  const before = globals()
  // A function, because strict code may declare names that must not count as globals.
  runInContext(`(function (module, exports) {${code}\n})(module, module.exports)`, context)
  assert.is(globals(), before, 'importing defines no global')
  const rate = 'module.exports.step(new Float64Array([1]), new Float64Array([4]), new Float64Array([1]))'
  assert.is(runInContext(rate, context), 1)
  for (const file of ['index.js', 'index.cjs']) {
    const text = readFileSync(join(installed, 'dist', file), 'utf8')
    assert.not.match(text, /\bimport\s*\(|\brequire\s*\(|^import\b|\beval\s*\(|new Function\b/m, file)
  }
})

test('the manifest and its types can be reached', () => {
  writeFileSync(
    join(folder, 'manifest.cjs'),
    "console.log(require('clippy-adagrad/package.json').version, require.resolve('clippy-adagrad'))",
  )
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
  const [printed, path] = node('manifest.cjs').trim().split(' ')
  assert.is(printed, version)
  assert.match(path, /index\.cjs$/)
})

test.run()

import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { filesBelow, REPOSITORY, textOf } from '../support/repository.ts'

/** What has to hold for the repository as a whole. */
const test = suite('repository: rules')

const manifest = JSON.parse(textOf('package.json'))
const OWN_PATH = 'tests/repository/rules.test.ts'
const TEXT = /\.(?:[cm]?[jt]s|json|md|py|txt|sh|ya?ml)$/

test('nothing reads files from outside the repository', () => {
  const top = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'package.json', 'tsconfig.json', 'tsup.config.ts']
  top.push('biome.json', 'typedoc.json', '.ci/run')
  const folders = ['src', 'tests', 'bench', 'examples', 'guide', 'scripts', 'tools', '.github']
  const below = folders.flatMap(filesBelow).filter((path) => TEXT.test(path) && path !== OWN_PATH)
  for (const path of [...top, ...below]) assert.equal(outside(path, textOf(path)), [], path)
})

test('the check sees a path that leaves the repository', () => {
  assert.equal(outside('src/step/x.ts', "import '../shared/check.ts'"), [])
  assert.equal(outside('src/step/x.ts', "import '../../../notes/check.ts'"), ['../../../notes/check.ts'])
  assert.equal(outside('src/x.ts', "read('../../notes/design.md')"), ['../../notes/design.md'])
  assert.equal(outside('README.md', 'see ../notes/design.md, section 2'), ['../notes/design.md'])
  assert.equal(
    outside('README.md', 'see /home/me/notes, and /usr/bin/env', () => true),
    ['/home/me/notes'],
  )
  assert.equal(outside('README.md', 'a/b, https://example.com/home/x and /neither/here'), [])
})

test('the package depends on nothing', () => {
  for (const kind of ['dependencies', 'optionalDependencies', 'bundledDependencies']) {
    assert.is(manifest[kind], undefined, kind)
  }
  assert.equal(manifest.peerDependencies, { 'fast-check': '>=3 <5' })
  assert.equal(manifest.peerDependenciesMeta, { 'fast-check': { optional: true } })
  for (const path of filesBelow('src')) {
    for (const [statement, target] of textOf(path).matchAll(/^.*\b(?:from|import)\s*\(?'([^']+)'/gm)) {
      // The types of the caller's own fast-check are gone when this runs.
      if (path.startsWith('src/testing/') && statement === "import type fc from 'fast-check'") continue
      // AssemblyScript adds the extension itself.
      const file = path.endsWith('.as.ts') ? `${target}.ts` : target
      assert.match(file, /^\.\.?\/.*\.ts$/, `${path} imports ${target}`)
    }
  }
})

test('development tools have exact versions', () => {
  for (const [name, version] of Object.entries(manifest.devDependencies)) {
    assert.match(String(version), /^(?:npm:[\w-]+@)?\d+\.\d+\.\d+$/, name)
  }
})

test('the lock file holds every optional package it names', () => {
  // A registry that lacks one platform's package of a release gives a lock file without it, which `npm ci` refuses.
  const { packages } = JSON.parse(textOf('package-lock.json'))
  for (const [path, entry] of Object.entries<{ optionalDependencies?: object }>(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      const found = [`${path}/node_modules/${name}`, `node_modules/${name}`].some((place) =>
        Object.hasOwn(packages, place),
      )
      assert.ok(found, `${path} names ${name}; choose a release that the registry has for all platforms`)
    }
  }
})

test('the step functions know nothing of the optimizer', () => {
  for (const path of filesBelow('src/step')) assert.not.match(textOf(path), /from '.*optimizer/, path)
  for (const path of existsSync(join(REPOSITORY, 'src/optimizer')) ? filesBelow('src/optimizer') : []) {
    assert.not.match(textOf(path), /from '\.\.\/step\/(?!index\.ts')/, `${path} uses step's public functions only`)
  }
})

test('the testing entry uses nothing of what it judges', () => {
  for (const path of filesBelow('src/testing')) {
    assert.not.match(textOf(path), /'\.\.\/(?!shared\/)/, `${path} uses only its own files and src/shared`)
  }
  for (const path of filesBelow('src').filter((path) => !path.startsWith('src/testing/'))) {
    assert.not.match(textOf(path), /\/testing\//, path)
  }
})

test('.ci/run can be executed and runs every test', () => {
  assert.ok(statSync(join(REPOSITORY, '.ci/run')).mode & 0o100)
  const script = textOf('.ci/run')
  assert.match(script, /^run_command npm ci$/m)
  assert.match(script, /^run_tests npm test$/m)
  for (const name of ['check', 'build', 'size', 'docs', 'test:package', 'test:examples', 'test:fuzz'])
    assert.match(script, `npm run ${name}\n`)
})

test('every script does something that exists', () => {
  for (const [name, script] of Object.entries(manifest.scripts)) {
    for (const [file] of String(script).matchAll(/\S+\/main\.ts/g)) {
      assert.ok(existsSync(join(REPOSITORY, file)), `npm run ${name} needs ${file}`)
    }
  }
})

test('the changelog has an entry for this version', () => {
  assert.match(textOf('CHANGELOG.md'), `\n## [${manifest.version}]`)
})

test('a release runs .ci/run before it publishes with provenance', () => {
  const workflow = textOf('.github/workflows/release.yml')
  const [check, publish] = workflow.split('\n  publish:\n')
  assert.match(check, '- run: .ci/run\n')
  assert.match(publish, 'needs: check\n')
  assert.match(publish, 'id-token: write\n')
  assert.match(publish, 'npm publish --provenance')
  assert.match(textOf('.github/workflows/ci.yml'), '- run: .ci/run\n')
})

test('CONTRIBUTING.md names files and folders that exist, and every command to run', () => {
  const text = textOf('CONTRIBUTING.md')
  const paths = [...text.matchAll(/`((?:src|tests|bench|examples|scripts|tools)(?:\/[\w.-]+)*)`/g)].map(
    ([, path]) => path,
  )
  assert.ok(paths.length > 20)
  for (const path of paths) assert.ok(existsSync(join(REPOSITORY, path)), path)
  for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
    assert.ok(existsSync(join(REPOSITORY, target)), target)
  }
  for (const [, name] of text.matchAll(/`npm run ([\w:]+)/g)) assert.ok(name in manifest.scripts, name)
})

/** What every machine has. */
const SYSTEM = /^\/(?:bin|dev|etc|proc|tmp|usr)\//

/** The paths in a text that lead out of the repository: relative ones, and absolute ones that this machine has. */
function outside(path: string, text: string, exists = existsSync): string[] {
  const relative = Array.from(text.matchAll(/(?<![\w./*])(?:\.\.\/)+[\w.-][\w./-]*/g), ([target]) => target)
  const absolute = Array.from(text.matchAll(/(?<![\w./:*-])\/[\w.-]+\/[\w./-]+/g), ([target]) => target)
  return [
    ...relative.map(withoutFullStop).filter((target) => join(dirname(path), target).startsWith('..')),
    ...absolute.map(withoutFullStop).filter((target) => !SYSTEM.test(target) && exists(target)),
  ]
}

function withoutFullStop(target: string): string {
  return target.replace(/\.$/, '')
}

test.run()

import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('manifest')

const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))

test('tools have exact versions', () => {
  for (const [name, version] of Object.entries(read('package.json').devDependencies)) {
    assert.match(String(version), /^\d+\.\d+\.\d+$/, name)
  }
})

test('the lock file holds every optional package it names, so that npm ci accepts it', () => {
  const { packages } = read('package-lock.json')
  for (const [path, entry] of Object.entries<{ optionalDependencies?: object }>(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      const found = [`${path}/node_modules/${name}`, `node_modules/${name}`].some((place) => place in packages)
      assert.ok(found, `${path} names ${name}; choose a release that the registry has for all platforms`)
    }
  }
})

test('npm run page serves what the other tests open as production', () => {
  assert.match(read('../../package.json').scripts.page, /npm --prefix examples\/page run serve$/)
  const { serve, 'serve:strict': strict } = read('package.json').scripts
  assert.equal(
    [serve, strict].map((script) => script.split(' && ').at(-1)),
    ['vite preview', 'vite preview --mode strict'],
  )
})

test.run()

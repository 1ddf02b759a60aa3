/** A test file for Jest, which writes what smoke.cjs gives, on arrays of two realms, to the file that RESULTS names. */
const { readFileSync, writeFileSync } = require('node:fs')
const { runInThisContext } = require('node:vm')
const library = require('clippy-adagrad')
const { smoke } = require('./smoke.cjs')

test('smoke', () => {
  const cases = JSON.parse(readFileSync(process.env.CASES, 'utf8'))
  const realm = runInThisContext('globalThis')
  expect(realm.Float32Array).not.toBe(Float32Array)
  const results = { own: smoke(library, cases), other: smoke(library, cases, realm) }
  writeFileSync(process.env.RESULTS, JSON.stringify(results))
}, 600_000)

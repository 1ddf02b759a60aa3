/** The files of ours/, which the real Keras has loaded, are what toJSON() writes today. */
import { readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad } from '../../src/index.ts'
import { OURS, optimizers } from './ours-cases.ts'

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, OURS), 'utf8'))

const ours = suite('A config that we wrote for Keras')

ours('has a file for every optimizer, and no other', () => {
  const files = readdirSync(OURS).map((file) => file.replace('.json', ''))
  assert.equal(files.sort(), Object.keys(optimizers).sort())
})

for (const [name, optimizer] of Object.entries(optimizers)) {
  ours(`is what toJSON() still writes: ${name}`, () => {
    assert.equal(JSON.parse(JSON.stringify(optimizer)), read(name))
  })

  ours(`loads here too, with nothing lost: ${name}`, () => {
    assert.equal(JSON.parse(JSON.stringify(ClippyAdagrad.fromConfig(read(name)))), read(name))
  })
}

ours.run()

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad } from '../../src/index.ts'
import { refuses } from '../support/assertions.ts'
import { untouched } from '../support/untouched.ts'
import { problem } from './support/throwing.ts'

const test = suite('optimizer: options of applyGradients')

test('the name given to the applyGradients that builds prefixes the slots; later ones change nothing', () => {
  const { variables, pairs } = problem()
  const optimizer = new ClippyAdagrad({ name: 'own', useEma: true, exportClippingFactors: true })
  const given = pairs(1).slice(0, 2)
  optimizer.applyGradients(given, { name: 'scope' })
  const names = [
    'iteration',
    ...['average/dense32', 'average/sparse32'],
    ...['accumulator/dense32', 'clipping_factor/dense32', 'accumulator/sparse32', 'clipping_factor/sparse32'],
  ]
  const expected = names.map((name) => (name === 'iteration' ? name : `scope/${name}`))
  const named = () => optimizer.variables.map(({ name }) => name)
  assert.equal(named(), expected)
  assert.is(optimizer.name, 'own')
  optimizer.applyGradients(given, { name: 'other' })
  assert.equal(named(), expected)
  const plain = new ClippyAdagrad({ name: 'own' })
  plain.applyGradients([[Float32Array.of(1, 2, 3), variables[0]]], { name: undefined })
  assert.is(plain.variables[1].name, 'own/accumulator/dense32')
})

test('options of applyGradients that it does not know or cannot use are refused, and nothing is built', () => {
  const { values, pairs } = problem()
  const optimizer = new ClippyAdagrad()
  untouched(optimizer, values, () => {
    refuses(() => optimizer.applyGradients(pairs(1), { name: 3 } as object), TypeError, 'name', '3')
    refuses(() => optimizer.applyGradients(pairs(1), { scope: 'x' } as object), TypeError, 'scope', 'name')
    refuses(() => optimizer.applyGradients(pairs(1), 'x' as unknown as object), TypeError, '"x"')
  })
})

test.run()

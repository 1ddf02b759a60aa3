import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ClippyAdagrad, type Gradient, Optimizer, type Store, Variable } from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { untouched } from '../support/untouched.ts'

// State is matched by name, and −0 survives JSON.
const test = suite('optimizer: state by name')

const make = () => new ClippyAdagrad({ learningRate: 0.5, useEma: true, exportClippingFactors: true })
const user = () => new Variable(Float64Array.of(1, 2), { name: 'user' })
const item = () => new Variable(Float64Array.of(3, 4), { name: 'item' })

function saved(): { store: Store; optimizer: ClippyAdagrad } {
  const optimizer = make()
  optimizer.applyGradients([
    [Float64Array.of(1, 1), user()],
    [Float64Array.of(5, 5), item()],
  ])
  const store: Store = {}
  optimizer.saveOwnVariables(store)
  return { store, optimizer }
}

test('saved with [user, item] and loaded with [item, user], each has its own', () => {
  const { store, optimizer } = saved()
  const other = make()
  other.build([item(), user()])
  other.loadOwnVariables(JSON.parse(JSON.stringify(store)))
  assert.is(other.iterations, 1)
  for (const { name, value } of optimizer.variables) {
    const same = other.variables.find((variable) => variable.name === name)
    sameBits(same?.value ?? new Float64Array(0), value, name)
  }
})

test('without names, as in the files of Keras, the order counts', () => {
  const { names: _names, ...store } = saved().store
  const other = make()
  other.build([item(), user()])
  other.loadOwnVariables(store)
  sameBits(other.variables[1].value, store[1] as Float64Array, 'the first average')
})

test('of variables of one name each takes the next state of that name', () => {
  const twins = () => [new Variable([1], { name: 'w' }), new Variable([2], { name: 'w' })]
  const run = (optimizer: ClippyAdagrad, variables: Variable[]) => {
    optimizer.applyGradients(variables.map((variable, k) => [Float32Array.of(k + 1), variable]))
  }
  const [one, other] = [make(), make()]
  run(one, twins())
  other.build(twins())
  const store: Store = {}
  one.saveOwnVariables(store)
  other.loadOwnVariables(store)
  for (const [k, { value, name }] of other.variables.entries()) sameBits(value, one.variables[k].value, name)
})

test('other names are refused with the first difference, and nothing has changed', () => {
  const { store } = saved()
  const other = make()
  const [stranger, known] = [new Variable(Float64Array.of(3, 4), { name: 'stranger' }), user()]
  other.build([known, stranger])
  untouched(other, [known.value, stranger.value], () => {
    refuses(
      () => other.loadOwnVariables(store),
      RangeError,
      "'ClippyAdagrad/average/stranger'",
      'entry 2',
      'average/item',
    )
    const names = store.names as string[]
    for (const bad of [names.slice(1), [...names, 'more'], names.map(() => 'x'), []]) {
      refuses(() => other.loadOwnVariables({ ...store, names: bad }), RangeError, 'no state for')
    }
    for (const bad of [3, null, 'names', {}]) {
      refuses(() => other.loadOwnVariables({ ...store, names: bad }), TypeError, 'names')
    }
  })
})

/** Keeps what a subclass may keep, −0 too. */
class Keeping extends Optimizer {
  slots: readonly Variable[] = []
  protected override createSlots(variables: readonly Variable[]): void {
    this.slots = variables.map((variable) => this.addVariableFromReference(variable, 'kept'))
  }
  override updateStep(gradient: Gradient, variable: Variable): void {
    this.slots[this.indexOf(variable)].value.set(gradient as Float32Array)
  }
}

test('−0 in a slot comes back as −0 through JSON, structuredClone and a spread', () => {
  const w = Float32Array.of(1, 2, 3)
  const optimizer = new Keeping()
  optimizer.applyGradients([[Float32Array.of(-0, 0, -1.5), w]])
  const store: Store = {}
  optimizer.saveOwnVariables(store)
  for (const copy of [JSON.parse(JSON.stringify({ ...store })), structuredClone(store), store]) {
    const other = new Keeping()
    other.build([w])
    other.loadOwnVariables(copy)
    sameBits(other.slots[0].value, Float32Array.of(-0, 0, -1.5), 'slot')
  }
  refuses(() => optimizer.loadOwnVariables({ ...store, 1: ['-1', 0, 0] }), TypeError, '"-1"')
})

test('the count may be a bigint, an Int32Array or a Float32Array, and factors floats', () => {
  for (const count of [7n, BigInt64Array.of(7n), Int32Array.of(7), Float32Array.of(7), [7], { 0: 7 }]) {
    const { store, optimizer } = saved()
    optimizer.loadOwnVariables({ ...store, 0: count, 4: Float32Array.of(0.5) })
    assert.is(optimizer.iterations, 7)
    assert.is(optimizer.clippingFactors[0], 0.5)
  }
})

test.run()

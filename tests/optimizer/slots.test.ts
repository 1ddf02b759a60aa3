import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type AddVariableOptions,
  type FloatArray,
  type Gradient,
  Optimizer,
  type OptimizerOptions,
  type ReferenceVariableOptions,
  type Store,
  Variable,
} from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, precisions } from '../support/precision.ts'
import { fails, untouched } from '../support/untouched.ts'

// addVariable and addVariableFromReference: the state of an optimizer.
const test = suite('optimizer: slots')

class Plain extends Optimizer {
  slots: (variables: readonly Variable[]) => void = () => {}

  protected override createSlots(variables: readonly Variable[]): void {
    this.slots(variables)
  }

  override updateStep(gradient: Gradient, { value }: Variable): void {
    if (!('indices' in gradient)) for (const [i, g] of gradient.entries()) value[i] -= g
  }
}

const names = (optimizer: Optimizer) => optimizer.variables.map(({ name }) => name)

test('addVariable makes float32 zeros of the shape, or what dtype, initializer and name say', () => {
  const optimizer = new Plain()
  const plain = optimizer.addVariable([2, 3])
  assert.instance(plain, Variable)
  assert.equal(plain.value, new Float32Array(6))
  assert.equal(plain.shape, [2, 3])
  assert.is(plain.name, 'variable')
  const scalar = optimizer.addVariable([], { dtype: 'float64', initializer: 'ones', name: 'scale' })
  assert.equal(scalar.value, Float64Array.of(1))
  assert.equal(scalar.shape, [])
  assert.is(scalar.name, 'scale')
  assert.is(optimizer.addVariable([0, 5]).size, 0)
  const zeros = optimizer.addVariable([2], { dtype: undefined, initializer: undefined, name: undefined })
  assert.equal(zeros.value, new Float32Array(2))
  assert.equal(names(optimizer), ['iteration', 'variable', 'scale', 'variable', 'variable'])
  assert.is(optimizer.variables[1], plain)
})

test('an initializer is called with the shape and gives the values, row-major', () => {
  const optimizer = new Plain()
  const shapes: unknown[] = []
  const countUp = (shape: readonly number[]) => {
    shapes.push(shape)
    return [1, 2, 3, 4]
  }
  assert.equal(optimizer.addVariable([2, 2], { initializer: countUp }).value, Float32Array.of(1, 2, 3, 4))
  assert.equal(shapes, [[2, 2]])
  const given = Float64Array.of(0.1, 0.2)
  const made = optimizer.addVariable([2], { dtype: 'float64', initializer: () => given })
  sameBits(made.value, given, 'values')
  assert.is.not(made.value, given)
})

test('the shape is copied: changing it later changes nothing', () => {
  const shape = [2]
  const variable = new Plain().addVariable(shape)
  shape[0] = 3
  assert.equal(variable.shape, [2])
})

test('addVariable refuses what it cannot use, and adds nothing', () => {
  const optimizer = new Plain()
  const bad: ReadonlyArray<[unknown, unknown, typeof RangeError | typeof TypeError, ...string[]]> = [
    [2, {}, TypeError, 'shape', '2'],
    ['2', {}, TypeError, 'shape'],
    [[-1], {}, RangeError, 'shape[0]', '-1'],
    [[2, 1.5], {}, RangeError, 'shape[1]', '1.5'],
    [[2, '1'], {}, TypeError, 'shape[1]'],
    [[2 ** 53], {}, RangeError, 'shape[0]'],
    [[2], { dtype: 'int32' }, RangeError, 'dtype', 'int32', 'float64'],
    [[2], { initializer: 'uniform' }, RangeError, 'initializer', 'uniform', 'zeros'],
    [[2], { initializer: () => [1] }, RangeError, 'initializer', '1', '2'],
    [[2], { name: 5 }, TypeError, 'name', '5'],
    [[2], { shape: [2] }, TypeError, 'shape', 'initializer'],
    [[2], 'ones', TypeError, '"ones"'],
  ]
  untouched(optimizer, [], () => {
    for (const [shape, options, kind, ...words] of bad) {
      refuses(() => optimizer.addVariable(shape as number[], options as AddVariableOptions), kind, ...words)
    }
    const failure = new Error('no values')
    const throwing = () => {
      throw failure
    }
    assert.throws(
      () => optimizer.addVariable([2], { initializer: throwing }),
      (error: unknown) => error === failure,
    )
  })
  assert.equal(names(optimizer), ['iteration'])
})

for (const precision of precisions) {
  test(`addVariableFromReference makes zeros of the variable's shape and precision, named after it (${precision})`, () => {
    const optimizer = new Plain({ name: 'mine' })
    const kernel = new Variable(arrayOf(precision, [1, 2, 3, 4]), { name: 'kernel', shape: [2, 2] })
    const raw = arrayOf(precision, [1, 2])
    optimizer.build([kernel, raw])
    const slot = optimizer.addVariableFromReference(kernel, 'momentum')
    sameBits(slot.value, arrayOf(precision, [0, 0, 0, 0]), 'slot')
    assert.equal(slot.shape, [2, 2])
    assert.is(slot.name, 'mine/momentum/kernel')
    const ofRaw = optimizer.addVariableFromReference(raw, 'momentum')
    sameBits(ofRaw.value, arrayOf(precision, [0, 0]), 'slot of a raw array')
    assert.is(ofRaw.name, 'mine/momentum/Variable')
    assert.is(optimizer.addVariableFromReference(kernel.value, 'again').name, 'mine/again/kernel')
    assert.equal(optimizer.variables.slice(1, 3), [slot, ofRaw])
  })

  test(`an initial value is copied, with the precision that it has (${precision})`, () => {
    const optimizer = new Plain()
    const w = new Variable([1, 2], { name: 'w' })
    optimizer.build([w])
    const initialValue = arrayOf(precision, [-0, 0.1])
    const slot = optimizer.addVariableFromReference(w, 'm', { initialValue })
    sameBits(slot.value, initialValue, 'slot')
    initialValue.fill(9)
    assert.is.not(slot.value[0], 9)
    const scalar = optimizer.addVariableFromReference(w, 's', { shape: [], initialValue: arrayOf(precision, [7]) })
    assert.equal([...scalar.value], [7])
    assert.equal(scalar.shape, [])
    const wide = optimizer.addVariableFromReference(w, 'wide', { shape: [2, 3] })
    assert.equal(wide.value, new Float32Array(6))
  })
}

test('the slot of a large variable has the precision of its initial value too', () => {
  for (const length of [100, 20_000]) {
    const optimizer = new Plain()
    const w = new Variable(1, { name: 'w', shape: [length] })
    optimizer.build([w])
    const initialValue = new Float64Array(length).fill(0.1)
    sameBits(optimizer.addVariableFromReference(w, 'm', { initialValue }).value, initialValue, `slot of ${length}`)
    sameBits(optimizer.addVariableFromReference(w, 'n').value, new Float32Array(length), `slot of ${length}`)
  }
})

test('addVariableFromReference refuses what it cannot use, and adds nothing', () => {
  const optimizer = new Plain()
  const w = new Variable([1, 2], { name: 'w' })
  optimizer.build([w])
  const bad: ReadonlyArray<[unknown, unknown, typeof RangeError | typeof TypeError, ...string[]]> = [
    [3, {}, TypeError, 'variableName', '3'],
    ['m', { shape: 2 }, TypeError, 'shape', '2'],
    ['m', { shape: [-2] }, RangeError, 'shape[0]', '-2'],
    ['m', { initialValue: [1, 2] }, TypeError, 'initialValue', 'Float32Array'],
    ['m', { initialValue: 1 }, TypeError, 'initialValue', '1'],
    ['m', { initialValue: new Float32Array(3) }, RangeError, 'm/w', '3'],
    ['m', { shape: [3], initialValue: new Float32Array(2) }, RangeError, 'm/w', '2'],
    ['m', { dtype: 'float64' }, TypeError, 'dtype', 'initialValue'],
  ]
  untouched(optimizer, [w.value], () => {
    for (const [name, options, kind, ...words] of bad) {
      refuses(
        () => optimizer.addVariableFromReference(w, name as string, options as ReferenceVariableOptions),
        kind,
        ...words,
      )
    }
    fails(() => optimizer.addVariableFromReference(new Variable([1, 2], { name: 'x' }), 'm'), "'x'", 'build')
    fails(() => optimizer.addVariableFromReference(new Float32Array(2), 'm'), 'raw array')
  })
  assert.equal(names(optimizer), ['iteration'])
})

test('createSlots gets every variable of build, once, as Variables in their order; a second build does nothing', () => {
  const optimizer = new Plain()
  const raw = Float32Array.of(1)
  const named = new Variable([2], { name: 'named' })
  const calls: (readonly Variable[])[] = []
  optimizer.slots = (variables) => calls.push(variables)
  optimizer.build([raw, named])
  optimizer.build([named])
  optimizer.build([])
  optimizer.applyGradients([[Float32Array.of(1), raw]])
  assert.is(calls.length, 1)
  assert.is(calls[0][0].value, raw)
  assert.is(calls[0][0].name, 'Variable')
  assert.is(calls[0][1], named)
  fails(() => optimizer.build([new Float32Array(1)]), 'does not know')
})

test('the state is saved and loaded in the order in which it was added: before build, in createSlots, later', () => {
  const make = () => {
    const options: OptimizerOptions = { useEma: true }
    const optimizer = new Plain(options)
    const w: FloatArray = Float32Array.of(1, 2)
    const own = optimizer.addVariable([1], { name: 'first' })
    optimizer.slots = ([variable]) => {
      optimizer.addVariableFromReference(variable, 'slot')
      optimizer.addVariable([1], { name: 'second', dtype: 'float64' })
    }
    optimizer.build([w])
    const late = optimizer.addVariableFromReference(w, 'late')
    return { optimizer, w, own, late }
  }
  const { optimizer, w, own, late } = make()
  const prefix = (kind: string) => `Plain/${kind}/Variable`
  assert.equal(names(optimizer), ['iteration', prefix('average'), 'first', prefix('slot'), 'second', prefix('late')])
  own.value[0] = 5
  late.value.set([6, 7])
  optimizer.applyGradients([[Float32Array.of(1, 1), w]])
  const store: Store = {}
  optimizer.saveOwnVariables(store)
  const fresh = make()
  fresh.optimizer.loadOwnVariables(JSON.parse(JSON.stringify(store)))
  for (const [k, { value, name }] of fresh.optimizer.variables.entries()) {
    sameBits(value, optimizer.variables[k].value, name)
  }
  assert.equal([...fresh.late.value], [6, 7])
})

test.run()

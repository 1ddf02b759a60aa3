import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type ClippyAdagradOptions,
  type FloatArray,
  type Gradient,
  type GradientAndVariable,
  Optimizer,
  type Store,
  Variable,
} from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { arrayOf, precisions } from '../support/precision.ts'
import { fails, untouched } from '../support/untouched.ts'

// extend and rebind: models that get more variables, and tables that get more rows, while they are trained.
const test = suite('optimizer: changing models')

const options: ClippyAdagradOptions = {
  learningRate: 0.5,
  absoluteThreshold: 0.01,
  useEma: true,
  emaMomentum: 0.5,
  exportClippingFactors: true,
  weightDecay: 0.1,
  clipvalue: 2,
}

const names = (optimizer: Optimizer) => optimizer.variables.map(({ name }) => name)

function sameState(one: Optimizer, other: Optimizer): void {
  assert.equal(names(one), names(other))
  for (const [k, { value, name }] of one.variables.entries()) sameBits(value, other.variables[k].value, name)
}

for (const precision of precisions) {
  const dense = (...values: number[]) => arrayOf(precision, values)

  test(`an added variable trains as one that was there from the start, and the others go on (${precision})`, () => {
    const make = () => ({ a: new Variable(dense(1, 2), { name: 'a' }), b: new Variable(dense(3, 0), { name: 'b' }) })
    const [grown, whole] = [make(), make()]
    const [one, other] = [new ClippyAdagrad(options), new ClippyAdagrad(options)]
    one.build([grown.a])
    other.build([whole.a, whole.b])
    one.applyGradients([[dense(1, -1), grown.a]])
    other.applyGradients([[dense(1, -1), whole.a]])
    one.extend([grown.b])
    for (let k = 1; k < 4; k++) {
      const pairs = ({ a, b }: typeof grown): GradientAndVariable[] => [
        [dense(k, 0.1), a],
        [dense(-k, 3), b],
      ]
      one.applyGradients(pairs(grown))
      other.applyGradients(pairs(whole))
    }
    sameBits(grown.a.value, whole.a.value, 'a')
    sameBits(grown.b.value, whole.b.value, 'b')
    sameState(one, other)
  })

  test(`a rebound table trains as one that had that size from the start, for the rows it had (${precision})`, () => {
    const table = new Variable(dense(1, 2, 3, 4), { name: 'table', shape: [2, 2] })
    const whole = new Variable(dense(1, 2, 3, 4, 7, 8), { name: 'table', shape: [3, 2] })
    const [one, other] = [new ClippyAdagrad(options), new ClippyAdagrad(options)]
    one.build([table])
    other.build([whole])
    const step = (indices: number[], ...values: number[]) => {
      one.applyGradients([[{ indices, values: dense(...values) }, table]])
      other.applyGradients([[{ indices, values: dense(...values) }, whole]])
    }
    step([1, 0, 1], 1, 2, 3, 4, 5, -6)
    const longer = dense(0, 0, 0, 0, 0, 0)
    longer.set(table.value)
    longer.set(whole.value.subarray(4), 4)
    one.rebind(table, longer)
    assert.is(table.value, longer)
    assert.equal(table.shape, [3, 2])
    assert.is(table.gradient.length, 6)
    step([0], 1, 1)
    step([2, 1], 1, 1, -1, 2)
    // New rows start their average where they are now, not where they would have decayed from.
    sameBits(longer.subarray(0, 4), whole.value.subarray(0, 4), 'the rows it had')
    sameBits(one.accumulatorOf(table).value, other.accumulatorOf(whole).value, 'accumulator')
    assert.equal(names(one), names(other))
    assert.equal(one.variables[1].shape, [3, 2])
    fails(() => one.applyGradients([[dense(1, 1, 1, 1), new Float32Array(4)]]), 'does not know')
  })

  test(`state saved before and after goes on with the same bits (${precision})`, () => {
    const run = (resumes: boolean) => {
      let optimizer = new ClippyAdagrad(options)
      let [a, b] = [dense(1, 2), dense(3, 4, 5)]
      const restart = (...variables: FloatArray[]) => {
        if (!resumes) return
        const store: Store = {}
        optimizer.saveOwnVariables(store)
        optimizer = new ClippyAdagrad(options)
        optimizer.build(variables)
        optimizer.loadOwnVariables(JSON.parse(JSON.stringify(store)))
      }
      optimizer.applyGradients([[dense(1, -1), a]])
      restart(a)
      optimizer.extend([b])
      restart(a, b)
      optimizer.applyGradients([
        [dense(1, 1), a],
        [dense(1, 0, -1), b],
      ])
      const longer = dense(...b, 9)
      optimizer.rebind(b, longer)
      b = longer
      restart(a, b)
      optimizer.applyGradients([[dense(1, 1, 1, 1), b]])
      return { optimizer, a, b }
    }
    const [unbroken, broken] = [run(false), run(true)]
    sameBits(broken.a, unbroken.a, 'a')
    sameBits(broken.b, unbroken.b, 'b')
    sameState(broken.optimizer, unbroken.optimizer)
  })
}

test('extend is all or nothing: a stranger listed twice, a known one, shared memory, slots that cannot be made', () => {
  class Refusing extends ClippyAdagrad {
    isBroken = false
    protected override createSlots(variables: readonly Variable[]): void {
      super.createSlots(variables)
      if (this.isBroken) throw new Error('no room')
    }
  }
  const [w, more] = [Float32Array.of(1, 2), Float32Array.of(3)]
  const optimizer = new Refusing(options)
  fails(() => optimizer.extend([more]), 'extend', 'build')
  optimizer.build([w])
  untouched(optimizer, [w, more], () => {
    refuses(() => optimizer.extend([more, more]), RangeError, 'twice')
    refuses(() => optimizer.extend([w]), RangeError, 'twice')
    refuses(() => optimizer.extend([w.subarray(1)]), RangeError, 'share memory')
    refuses(() => optimizer.extend([Float32Array.of(Number.NaN)]), RangeError, 'NaN')
    refuses(() => optimizer.extend(3 as never), TypeError, 'varList')
    optimizer.isBroken = true
    fails(() => optimizer.extend([more]), 'no room')
    fails(() => optimizer.accumulatorOf(more), 'does not know')
  })
  optimizer.isBroken = false
  optimizer.extend([more])
  assert.is(optimizer.applyGradients([[Float32Array.of(1), more]]), 1)
  assert.is(optimizer.accumulatorOf(more).name, 'Refusing/accumulator/Variable_1')
})

test('after an extend that was refused the slots are known as before: the next one makes only those that are missing', () => {
  const w = Float64Array.of(1, 2)
  // Too large for a float32.
  const optimizer = new ClippyAdagrad({ ...options, initialAccumulatorValue: 1e39 })
  optimizer.build([w])
  optimizer.applyGradients([[Float64Array.of(1, 1), w]])
  const accumulator = optimizer.accumulatorOf(w)
  refuses(() => optimizer.extend([Float32Array.of(1)]), RangeError, 'initialAccumulatorValue')
  optimizer.extend([Float64Array.of(3)])
  assert.is(optimizer.accumulatorOf(w), accumulator)
  assert.equal(names(optimizer).length, 7)
})

test('rebind is all or nothing: another kind, fewer or broken rows, shared memory, slots that cannot be made', () => {
  class Refusing extends ClippyAdagrad {
    isBroken = false
    protected override createSlots(variables: readonly Variable[]): void {
      super.createSlots(variables)
      if (this.isBroken) throw new Error('no room')
    }
  }
  const table = new Variable([1, 2, 3, 4], { name: 'table', shape: [2, 2] })
  const other = Float32Array.of(5, 6)
  const optimizer = new Refusing(options)
  fails(() => optimizer.rebind(table, new Float32Array(6)), 'rebind', 'build')
  optimizer.build([table, other])
  const { value, shape } = table
  const state = optimizer.variables
  untouched(optimizer, [value, other], () => {
    refuses(() => optimizer.rebind(table, new Float64Array(6)), TypeError, "'table'", 'Float64Array', 'Float32Array')
    refuses(() => optimizer.rebind(table, [1, 2] as never), TypeError, "'table'", 'array of length 2')
    refuses(() => optimizer.rebind(table, new Float32Array(2)), RangeError, "'table'", 'length 2', 'rows of 2')
    refuses(() => optimizer.rebind(table, new Float32Array(5)), RangeError, "'table'", 'length 5')
    refuses(() => optimizer.rebind(table, new Float32Array(other.buffer)), RangeError, "'table'")
    refuses(() => optimizer.rebind(table, new Float32Array(6).fill(Number.NaN)), RangeError, "'table'", 'NaN')
    fails(() => optimizer.rebind(new Float32Array(4), new Float32Array(6)), 'does not know')
    optimizer.isBroken = true
    fails(() => optimizer.rebind(table, new Float32Array(6)), 'no room')
    assert.is(table.value, value)
    assert.is(table.shape, shape)
    for (const [k, variable] of optimizer.variables.entries()) assert.is(variable, state[k])
  })
  optimizer.isBroken = false
  optimizer.rebind(table, value.slice())
  assert.equal(table.shape, [2, 2])
})

test('neither can be called within a step', () => {
  const w = Float32Array.of(1)
  class Hasty extends ClippyAdagrad {
    protected override decide(): void {
      fails(() => this.extend([Float32Array.of(1)]), 'within a step')
      fails(() => this.rebind(w, new Float32Array(2)), 'within a step')
    }
  }
  assert.is(new Hasty(options).applyGradients([[Float32Array.of(1), w]]), 1)
})

test('another optimizer that trains the variable does not know its new array until it is told', () => {
  const w = new Variable([1], { name: 'w' })
  const [one, other] = [new ClippyAdagrad(options), new ClippyAdagrad(options)]
  for (const optimizer of [one, other]) optimizer.build([w])
  const longer = Float32Array.of(1, 2)
  one.rebind(w, longer)
  const step = () => other.applyGradients([[Float32Array.of(1, 1), w]])
  fails(step, "'w'", 'does not know')
  other.rebind(w, longer)
  assert.is(step(), 1)
})

/** Momentum with its slots in a list of its own, as in the example, and one of another shape. */
class Momentum extends Optimizer {
  slots: readonly (readonly [Variable, Variable])[] = []

  protected override createSlots(variables: readonly Variable[]): void {
    this.slots = variables.map((variable) => [
      this.addVariableFromReference(variable, 'velocity'),
      this.addVariableFromReference(variable, 'count', { shape: [] }),
    ])
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    const [velocity, count] = this.slots[this.indexOf(variable)]
    const values = gradient as FloatArray
    for (let i = 0; i < values.length; i++) {
      velocity.value[i] = 0.5 * velocity.value[i] - values[i]
      variable.value[i] += velocity.value[i]
    }
    count.value[0]++
  }
}

test('the slots of a subclass follow: old values stay, new rows start as build would make them', () => {
  const [w, more] = [new Variable([1, 2], { name: 'w' }), new Variable([9], { name: 'more' })]
  const optimizer = new Momentum()
  optimizer.applyGradients([[Float32Array.of(1, 1), w]])
  optimizer.extend([more])
  optimizer.rebind(w, Float32Array.of(...w.value, 5))
  optimizer.applyGradients([
    [Float32Array.of(1, 1, 1), w],
    [Float32Array.of(1), more],
  ])
  assert.equal([...w.value], [-1.5, -0.5, 4])
  assert.equal([...more.value], [8])
  assert.equal(
    optimizer.variables.slice(1).map(({ name, value }) => [name, ...value]),
    [
      ['Momentum/velocity/w', -1.5, -1.5, -1],
      ['Momentum/count/w', 2],
      ['Momentum/velocity/more', -1],
      ['Momentum/count/more', 1],
    ],
  )
})

test.run()

import type { FloatArray, Gradient, ReadyPair } from 'clippy-adagrad'
import { ClippyAdagrad, Optimizer, Variable } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { refuses } from '../support/assertions.ts'

// Subclasses as users write them, by the package's name: each hook overridden, and what the override then decides.
const test = suite('optimizer: subclasses')

const options = { learningRate: 0.5, variableRelativeThreshold: 0.5, absoluteThreshold: 0.25 }

/** Writes down each call of a hook, and does what ClippyAdagrad does. */
class Recording extends ClippyAdagrad {
  readonly calls: string[] = []

  protected override createSlots(variables: readonly Variable[]): void {
    this.calls.push(`createSlots ${variables.map(({ name }) => name)}`)
    super.createSlots(variables)
  }

  protected override indexOf(variable: Variable | FloatArray): number {
    this.calls.push('indexOf')
    return super.indexOf(variable)
  }

  protected override decide(pairs: readonly ReadyPair[]): void {
    this.calls.push(`decide ${pairs.map(([gradient, { name }]) => `${name} by ${gradient}`)}`)
    super.decide(pairs)
  }

  protected override reduceClippingFactor(factor: number, variable: Variable): number {
    this.calls.push(`reduceClippingFactor ${variable.name} ${factor}`)
    return super.reduceClippingFactor(factor, variable)
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    this.calls.push(`updateStep ${variable.name} at ${this.indexOf(variable)}`)
    super.updateStep(gradient, variable)
  }
}

function twoVariables() {
  return [
    new Variable(Float32Array.of(1, -2), { name: 'first' }),
    new Variable(Float32Array.of(4), { name: 'second' }),
  ] as const
}

test('a step calls every hook in the order of the documentation, and a subclass that adds nothing changes no bit', () => {
  const [first, second] = twoVariables()
  const recording = new Recording({ ...options, initialAccumulatorValue: 1, epsilon: 0 })
  recording.applyGradients([
    [Float32Array.of(2, 0), first],
    [Float32Array.of(1), second],
  ])
  assert.equal(recording.calls, [
    'createSlots first,second',
    'decide first by 2,0,second by 1',
    // Δ = ½ · 2 against a bound of ½ · 1 + ¼, whose thresholds are lowered by 7 · 2⁻²³.
    `reduceClippingFactor first ${0.75 * (1 - 7 * 2 ** -23)}`,
    'reduceClippingFactor second 1',
    'indexOf',
    'updateStep first at 0',
    'indexOf',
    'updateStep second at 1',
  ])
  const plain = twoVariables()
  new ClippyAdagrad({ ...options, initialAccumulatorValue: 1, epsilon: 0 }).applyGradients([
    [Float32Array.of(2, 0), plain[0]],
    [Float32Array.of(1), plain[1]],
  ])
  assert.equal([first.value, second.value], [plain[0].value, plain[1].value])
})

test('a smaller factor from reduceClippingFactor is the one that moves the variable', () => {
  class Halving extends ClippyAdagrad {
    protected override reduceClippingFactor(factor: number): number {
      return factor / 2
    }
  }
  const [, second] = twoVariables()
  const optimizer = new Halving({ ...options, initialAccumulatorValue: 1, epsilon: 0, exportClippingFactors: true })
  optimizer.applyGradients([[Float32Array.of(1), second]])
  assert.is(second.value[0], 3.75)
  assert.is(optimizer.clippingFactorOf(second), 0.5)
})

test('what decide throws refuses the step, before anything is written', () => {
  class Refusing extends ClippyAdagrad {
    protected override decide(pairs: readonly ReadyPair[]): void {
      throw new RangeError(`${pairs.length} pairs are too many`)
    }
  }
  const [first] = twoVariables()
  const optimizer = new Refusing(options)
  refuses(() => optimizer.applyGradients([[Float32Array.of(1, 1), first]]), RangeError, '1 pairs are too many')
  assert.equal([...first.value], [1, -2])
  assert.is(optimizer.built, false)
})

/** Gradient descent that counts, in a slot of each variable, how often it was updated. */
class Counting extends Optimizer {
  #counts: readonly Variable[] = []

  protected override createSlots(variables: readonly Variable[]): void {
    this.#counts = variables.map((variable) =>
      this.addVariableFromReference(variable, 'count', { shape: [], initialValue: new Float64Array(1) }),
    )
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    if ('indices' in gradient) throw new TypeError('dense gradients only')
    for (let i = 0; i < variable.size; i++) variable.value[i] -= this.learningRate * gradient[i]
    this.#counts[this.indexOf(variable)].value[0]++
  }
}

test('an optimizer from createSlots and updateStep alone trains, saves and goes on', () => {
  const [first, second] = twoVariables()
  const optimizer = new Counting({ learningRate: 0.5 })
  optimizer.build([first, second])
  optimizer.applyGradients([[Float32Array.of(2, 2), first]])
  optimizer.applyGradients([
    [Float32Array.of(4), second],
    [Float32Array.of(2, 2), first],
  ])
  assert.equal([...first.value, ...second.value], [-1, -4, 2])
  const store = {}
  optimizer.saveOwnVariables(store)
  const next = new Counting({ learningRate: 0.5 })
  next.build([second, first])
  next.loadOwnVariables(JSON.parse(JSON.stringify(store)))
  assert.equal(
    next.variables.map(({ name, value }) => [name, ...value]),
    [
      ['iteration', 2],
      ['Counting/count/second', 1],
      ['Counting/count/first', 2],
    ],
  )
})

test('an updateStep gets each row of a sparse gradient once, in ascending order', () => {
  const given: Gradient[] = []
  class Keeping extends Optimizer {
    override updateStep(gradient: Gradient): void {
      given.push(gradient)
    }
  }
  const table = new Variable(new Float32Array(6), { name: 'table', shape: [3, 2] })
  const step = (...indices: number[]) => {
    const values = Float32Array.from({ length: 2 * indices.length }, (_, k) => k + 1)
    new Keeping().applyGradients([[{ indices, values }, table]])
  }
  step(0, 2)
  step(1, 1)
  step(2, 0)
  const lists = given.map((gradient) => 'indices' in gradient && [[...gradient.indices], [...gradient.values]])
  assert.equal(lists, [
    [
      [0, 2],
      [1, 2, 3, 4],
    ],
    [[1], [4, 6]],
    [
      [0, 2],
      [3, 4, 1, 2],
    ],
  ])
})

test('when its updateStep throws half-way, variables and slots are as they were', () => {
  const [first, second] = twoVariables()
  const optimizer = new Counting({ learningRate: 0.5 })
  const sparse = { indices: [0], values: Float32Array.of(1) }
  optimizer.build([first, second])
  const step = () =>
    optimizer.applyGradients([
      [Float32Array.of(2, 2), first],
      [sparse, second],
    ])
  refuses(step, TypeError, 'dense gradients only')
  assert.equal([...first.value, ...second.value], [1, -2, 4])
  assert.equal(
    optimizer.variables.map(({ value }) => value[0]),
    [0, 0, 0],
  )
})

test.run()

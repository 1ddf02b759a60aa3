import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type ClippyAdagradOptions,
  clippingFactor,
  type FloatArray,
  type Gradient,
  type GradientAndVariable,
  type LearningRate,
  LearningRateSchedule,
  Optimizer,
  type OptimizerOptions,
  type ReadyPair,
  step,
  Variable,
} from '../../src/index.ts'
import { refuses, sameBits, sameBytes, sameNumber } from '../support/assertions.ts'
import { modes } from '../support/case.ts'
import { arrayOf, type Precision, precisions } from '../support/precision.ts'
import { fails, picture, untouched } from '../support/untouched.ts'

// What a user hands in to be called: schedules and the methods of a subclass. When one throws, nothing has changed.
const test = suite('optimizer: overrides')

const failure = new Error('broken on purpose')
const isFailure = (error: unknown) => error === failure

const all: ClippyAdagradOptions = {
  learningRate: 0.5,
  weightDecay: 0.3,
  useEma: true,
  emaMomentum: 0.5,
  emaOverwriteFrequency: 2,
  exportClippingFactors: true,
  globalClipnorm: 10,
}

/** Four variables, dense and sparse, of both precisions, and the pairs of a step on them. */
function problem() {
  const variables = [
    new Variable([1, -2, 0.5], { name: 'dense32' }),
    new Variable([1, -0, 3, 4, 5, 6], { name: 'sparse32', shape: [3, 2] }),
    new Variable(Float64Array.of(0.1, 0.2), { name: 'dense64' }),
    new Variable(Float64Array.of(7, 8, 9, 10), { name: 'sparse64', shape: [4, 1] }),
  ]
  const pairs = (k: number): GradientAndVariable[] => [
    [Float32Array.of(k, 0.1, -3), variables[0]],
    [{ indices: [2, 0, 2], values: Float32Array.of(1, k, 0, 2, 0.5, 0.5) }, variables[1]],
    [Float64Array.of(-k, 1), variables[2]],
    [{ indices: [1, 3], values: Float64Array.of(1 / k, -1) }, variables[3]],
  ]
  return { variables, values: variables.map(({ value }) => value), pairs }
}

type Twin = { optimizer: Optimizer } & ReturnType<typeof problem>

/** The step is refused without a trace, and once mended the optimizer goes on as one that never failed. */
function refusedWithoutTrace(
  broken: Twin,
  sound: Twin,
  refused: (call: () => unknown) => void,
  setBroken: (isBroken: boolean) => void,
): void {
  let count = 0
  const good = () => {
    count++
    setBroken(false)
    assert.is(broken.optimizer.applyGradients(broken.pairs(count)), count)
    assert.is(sound.optimizer.applyGradients(sound.pairs(count)), count)
    sameBytes(picture(broken.optimizer, broken.values), picture(sound.optimizer, sound.values), `after step ${count}`)
  }
  const bad = () => {
    untouched(broken.optimizer, broken.values, () => {
      setBroken(true)
      refused(() => broken.optimizer.applyGradients(broken.pairs(count + 1)))
    })
  }
  broken.optimizer.build(broken.variables)
  bad()
  good()
  bad()
  bad()
  good()
  good()
}

const throwsFailure = (call: () => unknown) => assert.throws(call, isFailure)

// Schedules.

test('a learning rate that throws or is no rate leaves everything as it was', () => {
  const rates: ReadonlyArray<[() => unknown, (call: () => unknown) => void]> = [
    [
      () => {
        throw failure
      },
      throwsFailure,
    ],
    [() => Number.NaN, (call) => refuses(call, RangeError, 'learning rate', 'NaN')],
    [() => -0.1, (call) => refuses(call, RangeError, 'learning rate', '-0.1')],
    [() => Number.POSITIVE_INFINITY, (call) => refuses(call, RangeError, 'learning rate', 'Infinity')],
    [() => '0.1', (call) => refuses(call, TypeError, 'learning rate', '"0.1"')],
    [() => undefined, (call) => refuses(call, TypeError, 'learning rate', 'undefined')],
  ]
  class Breaking extends LearningRateSchedule {
    constructor(readonly rate: () => unknown) {
      super()
    }
    at(): number {
      return this.rate() as number
    }
    getConfig() {
      return {}
    }
  }
  for (const [rate, refused] of rates) {
    let isBroken = false
    const either = () => (isBroken ? rate() : 0.5)
    for (const learningRate of [either as LearningRate, new Breaking(either)]) {
      isBroken = false
      refusedWithoutTrace(
        { optimizer: new ClippyAdagrad({ ...all, learningRate }), ...problem() },
        { optimizer: new ClippyAdagrad(all), ...problem() },
        refused,
        (value) => {
          isBroken = value
        },
      )
    }
  }
})

test('a schedule is asked once a step, for the number of the step, and reading the rate asks it too', () => {
  const asked: number[] = []
  const optimizer = new ClippyAdagrad({
    ...all,
    learningRate: (count) => {
      asked.push(count)
      return 0.1
    },
  })
  const { pairs } = problem()
  const { variables } = problem()
  optimizer.build(variables)
  for (let k = 1; k <= 3; k++) {
    optimizer.applyGradients(pairs(k).map(([gradient], i) => [gradient, variables[i]]))
  }
  assert.equal(asked, [0, 1, 2])
  assert.is(optimizer.learningRate, 0.1)
  assert.equal(asked, [0, 1, 2, 3])
})

// Methods of a subclass of ClippyAdagrad, broken at each variable in turn.

/** Breaks on demand at the variable of this name. */
abstract class Breaking extends ClippyAdagrad {
  at: string | undefined
  result: unknown

  protected breakAt(name: string): boolean {
    if (this.at !== name) return false
    if (this.result === undefined) throw failure
    return true
  }
}

class BreakingAggregation extends Breaking {
  override aggregateGradients(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
    const pairs = super.aggregateGradients(gradsAndVars)
    for (const [, variable] of pairs) if (variable instanceof Variable) this.breakAt(variable.name)
    return pairs
  }
}

class BreakingReduction extends Breaking {
  protected override reduceClippingFactor(factor: number, variable: Variable): number {
    return this.breakAt(variable.name) ? (this.result as number) : factor
  }
}

class BreakingDecision extends Breaking {
  protected override decide(pairs: readonly ReadyPair[]): void {
    super.decide(pairs)
    for (const [, { name }] of pairs) this.breakAt(name)
  }
}

class BreakingUpdate extends Breaking {
  override updateStep(gradient: Gradient, variable: Variable): void {
    super.updateStep(gradient, variable)
    this.breakAt(variable.name)
  }
}

class BreakingBeforeUpdate extends Breaking {
  override updateStep(gradient: Gradient, variable: Variable): void {
    this.breakAt(variable.name)
    super.updateStep(gradient, variable)
  }
}

for (const Class of [BreakingAggregation, BreakingReduction, BreakingDecision, BreakingUpdate, BreakingBeforeUpdate]) {
  test(`${Class.name}: at whatever variable it throws, nothing has changed`, () => {
    for (const mode of Object.values(modes)) {
      for (const { name } of problem().variables) {
        const optimizer = new Class({ ...all, ...mode, name: 'ClippyAdagrad' })
        refusedWithoutTrace(
          { optimizer, ...problem() },
          { optimizer: new ClippyAdagrad({ ...all, ...mode }), ...problem() },
          throwsFailure,
          (isBroken) => {
            optimizer.at = isBroken ? name : undefined
          },
        )
      }
    }
  })
}

test('a first step that throws has moved nothing and counted nothing, and the next one is the first', () => {
  for (const Class of [BreakingAggregation, BreakingReduction, BreakingUpdate]) {
    const [broken, sound] = [problem(), problem()]
    const optimizer = new Class({ ...all, name: 'ClippyAdagrad' })
    const reference = new ClippyAdagrad(all)
    optimizer.at = 'sparse64'
    throwsFailure(() => optimizer.applyGradients(broken.pairs(1)))
    assert.is(optimizer.iterations, 0)
    for (const [k, { value, name }] of problem().variables.entries()) sameBits(broken.values[k], value, name)
    optimizer.at = undefined
    assert.is(optimizer.applyGradients(broken.pairs(1)), 1)
    reference.applyGradients(sound.pairs(1))
    sameBytes(picture(optimizer, broken.values), picture(reference, sound.values), Class.name)
  }
})

test('a reduced factor that is none is refused, and nothing has changed', () => {
  const results: ReadonlyArray<[unknown, typeof RangeError | typeof TypeError, string]> = [
    [1 + 2 ** -52, RangeError, '1.0000000000000002'],
    [-1e-9, RangeError, '-1e-9'],
    [Number.NaN, RangeError, 'NaN'],
    ['0.5', TypeError, '"0.5"'],
    [null, TypeError, 'null'],
  ]
  for (const [result, kind, word] of results) {
    const optimizer = new BreakingReduction({ ...all, name: 'ClippyAdagrad' })
    optimizer.result = result
    refusedWithoutTrace(
      { optimizer, ...problem() },
      { optimizer: new ClippyAdagrad(all), ...problem() },
      (call) => refuses(call, kind, 'dense64', 'factor', word),
      (isBroken) => {
        optimizer.at = isBroken ? 'dense64' : undefined
      },
    )
  }
})

// A subclass of Optimizer with state of its own.

/** Writes to the variable, its slots, and state shared by all, and throws half-way on demand. */
class Scribbler extends Optimizer {
  at: string | undefined
  #slots: readonly (readonly Variable[])[] = []
  readonly #shared = this.addVariable([2], { dtype: 'float64', name: 'shared' })

  protected override createSlots(variables: readonly Variable[]): void {
    this.#slots = variables.map((variable) => [
      this.addVariableFromReference(variable, 'same'),
      this.addVariableFromReference(variable, 'scalar', { shape: [] }),
      this.addVariableFromReference(variable, 'double', { initialValue: new Float64Array(variable.size).fill(-0) }),
    ])
  }

  override updateStep(gradient: Gradient, variable: Variable): void {
    const { indices, values } = 'indices' in gradient ? gradient : { indices: [0], values: gradient }
    const width = values.length / indices.length
    const [same, scalar, double] = this.#slots[this.indexOf(variable)]
    values.forEach((g, j) => {
      if (this.at === variable.name && j === values.length - 1) throw failure
      const i = indices[Math.floor(j / width)] * width + (j % width)
      for (const { value } of [variable, same, double]) value[i] += g
      scalar.value[0] += g
      this.#shared.value[1] += g
    })
  }
}

test('an updateStep that throws half-way leaves variables, slots and shared state as they were', () => {
  for (const { name } of problem().variables) {
    const options: OptimizerOptions = { weightDecay: 0.3, useEma: true, emaMomentum: 0.5, learningRate: 0.5 }
    const optimizer = new Scribbler(options)
    refusedWithoutTrace(
      { optimizer, ...problem() },
      { optimizer: new Scribbler(options), ...problem() },
      throwsFailure,
      (isBroken) => {
        optimizer.at = isBroken ? name : undefined
      },
    )
  }
})

test('the base class refuses gradients and touched rows that are not finite before it calls updateStep', () => {
  const { variables, values, pairs } = problem()
  const optimizer = new Scribbler({ weightDecay: 0 })
  optimizer.build(variables)
  const given = pairs(1)
  const bad: ReadonlyArray<[(value: number) => GradientAndVariable[], string, string]> = [
    [(value) => [...given.slice(0, 2), [Float64Array.of(1, value), variables[2]]], 'dense64', 'gradient[1]'],
    [
      (value) => [given[0], [{ indices: [2], values: Float32Array.of(value, 1) }, variables[1]]],
      'sparse32',
      'gradient.values[0]',
    ],
  ]
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const [make, name, place] of bad) {
      untouched(optimizer, values, () => {
        refuses(() => optimizer.applyGradients(make(value)), RangeError, name, place, String(value))
      })
    }
    variables[1].value[5] = value
    untouched(optimizer, values, () => {
      refuses(() => optimizer.applyGradients(given), RangeError, 'sparse32', 'variable[5]', String(value))
    })
    variables[1].value[5] = 6
    // A row that no gradient names is not read.
    variables[1].value[3] = value
    assert.is(optimizer.applyGradients(given.slice(0, 2)), optimizer.iterations)
    variables[1].value[3] = 4
  }
})

test('createSlots that throws leaves the optimizer unbuilt, with the state it had', () => {
  class Refusing extends ClippyAdagrad {
    isBroken = true
    readonly extra = this.addVariable([1], { initializer: 'ones', name: 'extra' })
    protected override createSlots(variables: readonly Variable[]): void {
      super.createSlots(variables)
      if (this.isBroken) throw failure
    }
  }
  const { variables, values, pairs } = problem()
  const optimizer = new Refusing(all)
  for (const call of [() => optimizer.build(variables), () => optimizer.applyGradients(pairs(1))]) {
    untouched(optimizer, values, () => throwsFailure(call))
    assert.not(optimizer.built)
    assert.equal(
      optimizer.variables.map(({ name }) => name),
      ['iteration', 'extra'],
    )
  }
  optimizer.iterations = 5
  optimizer.isBroken = false
  assert.is(optimizer.applyGradients(pairs(1)), 6)
  assert.is(optimizer.variables.length, 2 + 3 * 4)
})

// reduceClippingFactor at work.

test('with the smallest factor of all shards, shards move as the whole variable does, bit for bit', () => {
  for (const precision of precisions) {
    for (const mode of Object.values(modes)) {
      const options = { learningRate: 0.5, absoluteThreshold: 0.01, exportClippingFactors: true, ...mode }
      const dense = (...values: number[]) => arrayOf(precision, values)
      const whole = dense(1, -2, 0.01, 0.5)
      const optimizer = new ClippyAdagrad(options)
      const shards = [dense(1, -2), dense(0.01, 0.5)]
      const factors = new Map<number, number>()
      class Sharded extends ClippyAdagrad {
        readonly #shard: number
        constructor(shard: number) {
          super(options)
          this.#shard = shard
        }
        protected override reduceClippingFactor(factor: number, variable: Variable): number {
          assert.is(variable.value, shards[this.#shard])
          factors.set(this.#shard, factor)
          return Math.min(...factors.values())
        }
      }
      // The second shard is asked first: in this problem it has the smaller factor.
      const sharded = [new Sharded(0), new Sharded(1)]
      for (let k = 1; k <= 4; k++) {
        const gradient = dense(k, -1, 3, -k)
        optimizer.applyGradients([[gradient, whole]])
        factors.clear()
        sharded[1].applyGradients([[gradient.slice(2), shards[1]]])
        sharded[0].applyGradients([[gradient.slice(0, 2), shards[0]]])
        sameBits(dense(...shards[0], ...shards[1]), whole, `step ${k}`)
        for (const { clippingFactors } of sharded)
          sameNumber(clippingFactors[0], optimizer.clippingFactors[0], 'factor')
        const states = sharded.map(({ variables }) => [...variables[1].value])
        sameBits(dense(...states.flat()), optimizer.variables[1].value, 'accumulator')
      }
      assert.ok(optimizer.clippingFactors[0] < 1)
    }
  }
})

// updateStep by itself.

function alone(precision: Precision, options: ClippyAdagradOptions = {}) {
  const dense = (...values: number[]) => arrayOf(precision, values)
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, absoluteThreshold: 0.01, ...options })
  const w = new Variable(dense(1, -2, 0.25, 3), { name: 'w', shape: [2, 2] })
  return { dense, optimizer, w }
}

for (const precision of precisions) {
  test(`updateStep called by itself is one step on the variable and its slots, and nothing else (${precision})`, () => {
    for (const mode of Object.values(modes)) {
      const { dense, optimizer, w } = alone(precision, {
        ...mode,
        exportClippingFactors: true,
        weightDecay: 0.5,
        useEma: true,
        clipnorm: 0.1,
      })
      optimizer.build([w])
      const [iteration, average, accumulator] = optimizer.variables.map(({ value }) => value)
      const [expected, accumulated, kept] = [w.value.slice(), accumulator.slice(), average.slice()]
      const gradients: Gradient[] = [
        dense(1, 2, -3, 4),
        { indices: [1, 0, 1], values: dense(1, 2, 3, 4, 5, 6) },
        { indices: [], values: dense() },
        dense(0, 0, 0, 0),
      ]
      for (const gradient of gradients) {
        optimizer.updateStep(gradient, w)
        const factor = step(expected, accumulated, gradient, { learningRate: 0.5, absoluteThreshold: 0.01, ...mode })
        sameBits(w.value, expected, 'variable')
        sameBits(accumulator, accumulated, 'accumulator')
        sameNumber(optimizer.clippingFactors[0], factor, 'factor')
        sameNumber(iteration[0], 0, 'iterations')
        sameBits(average, kept, 'average')
      }
    }
  })

  test(`updateStep refuses what step refuses, and then nothing has changed (${precision})`, () => {
    const { dense, optimizer, w } = alone(precision, { exportClippingFactors: true })
    const other = arrayOf(precision === 'float32' ? 'float64' : 'float32', [1, 2, 3, 4])
    fails(() => optimizer.updateStep(dense(1, 2, 3, 4), w), "'w'", 'build')
    optimizer.build([w])
    untouched(optimizer, [w.value], () => {
      const unknown = new Variable(dense(1), { name: 'unknown' })
      fails(() => optimizer.updateStep(dense(1), unknown), "'unknown'", 'build')
      refuses(() => optimizer.updateStep(dense(1, Number.NaN, 3, 4), w), RangeError, "'w'", 'gradient[1]', 'NaN')
      refuses(() => optimizer.updateStep(dense(1, 2), w), RangeError, "'w'", 'length 2')
      refuses(() => optimizer.updateStep(other, w), TypeError, "'w'", 'Float32Array', 'Float64Array')
      refuses(() => optimizer.updateStep({ indices: [2], values: dense(1, 2) }, w), RangeError, "'w'", 'indices[0]')
      refuses(() => optimizer.updateStep([1, 2, 3, 4] as unknown as FloatArray, w), TypeError, "'w'")
    })
  })

  test(`an updateStep that passes on another gradient takes the step of that one, with its own factor (${precision})`, () => {
    class Doubling extends ClippyAdagrad {
      override updateStep(gradient: Gradient, variable: Variable): void {
        super.updateStep('indices' in gradient ? gradient : gradient.map((g) => 2 * g), variable)
      }
    }
    const { dense, optimizer, w } = alone(precision, { exportClippingFactors: true })
    const doubling = new Doubling({ learningRate: 0.5, absoluteThreshold: 0.01, exportClippingFactors: true })
    const v = new Variable(w.value.slice(), { name: 'w' })
    for (const gradient of [dense(1, 2, -3, 4), dense(0.1, 0, 0, -1)]) {
      doubling.applyGradients([[gradient, v]])
      optimizer.applyGradients([[gradient.map((g) => 2 * g), w]])
      sameBits(v.value, w.value, 'variable')
      sameNumber(doubling.clippingFactors[0], optimizer.clippingFactors[0], 'factor')
    }
  })
}

test('decide sees the gradients as updateStep will get them, before anything is written, weight decay neither', () => {
  class Watching extends ClippyAdagrad {
    seen: [Gradient, number[]][] = []
    protected override decide(pairs: readonly ReadyPair[]): void {
      this.seen = pairs.map(([gradient, { value }]) => [gradient, [...value]])
      super.decide(pairs)
    }
    override updateStep(gradient: Gradient, variable: Variable): void {
      const [[decided]] = this.seen
      assert.is(gradient, decided)
      assert.equal([...variable.value], [6, 12])
      super.updateStep(gradient, variable)
    }
  }
  const optimizer = new Watching({ learningRate: 0.5, weightDecay: 0.5, clipvalue: 2 })
  const table = new Variable([8, 16], { shape: [2, 1] })
  optimizer.applyGradients([[{ indices: [1, 0, 1], values: Float32Array.of(5, 0, 1) }, table]])
  const [[gradient, values]] = optimizer.seen
  assert.ok('indices' in gradient)
  assert.equal([...gradient.indices], [0, 1])
  assert.equal([...gradient.values], [0, 3])
  assert.equal(values, [8, 16])
})

// The name option of applyGradients.

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

test('an exported factor is the one that was applied', () => {
  const optimizer = new ClippyAdagrad({ learningRate: 0.5, exportClippingFactors: true })
  const w = Float64Array.of(1, 0)
  const expected = clippingFactor(w, Float64Array.of(0.1, 0.1), Float64Array.of(1, 1), { learningRate: 0.5 })
  optimizer.applyGradients([[Float64Array.of(1, 1), w]])
  assert.equal(optimizer.clippingFactors, [expected])
})

test('a slot that was made before build, of a raw array too, is put back when updateStep throws', () => {
  for (const w of [Float32Array.of(1), new Variable([1], { name: 'w' })]) {
    const optimizer = new (class extends Optimizer {
      readonly slot = this.addVariableFromReference(w, 'early')
      override updateStep(): void {
        this.slot.value[0] = 99
        throw failure
      }
    })()
    optimizer.build([w])
    untouched(optimizer, [w instanceof Variable ? w.value : w], () => {
      throwsFailure(() => optimizer.applyGradients([[Float32Array.of(1), w]]))
    })
  }
})

test('an updateStep that writes to its gradient gets the factor of what it wrote, and no NaN gets through', () => {
  class Scaling extends ClippyAdagrad {
    scale = 2
    override updateStep(gradient: Gradient, variable: Variable): void {
      if (!('indices' in gradient)) for (const [i, g] of gradient.entries()) gradient[i] = g * this.scale
      super.updateStep(gradient, variable)
    }
  }
  const [w, twin] = [Float32Array.of(1, -2), Float32Array.of(1, -2)]
  const optimizer = new Scaling({ learningRate: 0.5, exportClippingFactors: true })
  const plain = new ClippyAdagrad({ learningRate: 0.5, exportClippingFactors: true })
  optimizer.applyGradients([[Float32Array.of(1, 3), w]])
  plain.applyGradients([[Float32Array.of(2, 6), twin]])
  sameBits(w, twin, 'variable')
  assert.equal(optimizer.clippingFactors, plain.clippingFactors)
  optimizer.scale = Number.NaN
  untouched(optimizer, [w], () => {
    refuses(() => optimizer.applyGradients([[Float32Array.of(1, 3), w]]), RangeError, 'Variable', 'NaN')
  })
})

test('what a refused step had decided is forgotten: updateStep afterwards looks at the gradient again', () => {
  const optimizer = new BreakingReduction({ learningRate: 0.5 })
  const [first, second] = [new Variable([1], { name: 'first' }), new Variable([1], { name: 'second' })]
  const gradient = Float32Array.of(1)
  optimizer.build([first, second])
  optimizer.at = 'second'
  fails(() => {
    optimizer.applyGradients([
      [gradient, first],
      [Float32Array.of(1), second],
    ])
  }, failure.message)
  gradient[0] = Number.NaN
  untouched(optimizer, [first.value, second.value], () => {
    refuses(() => optimizer.updateStep(gradient, first), RangeError, "'first'", 'NaN')
  })
})

test.run()

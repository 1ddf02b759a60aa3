import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type Gradient,
  type GradientAndVariable,
  type LearningRate,
  LearningRateSchedule,
  Optimizer,
  type OptimizerOptions,
  type ReadyPair,
  Variable,
} from '../../src/index.ts'
import { refuses, sameBits, sameBytes } from '../support/assertions.ts'
import { modes } from '../support/case.ts'
import { fails, picture, untouched } from '../support/untouched.ts'
import { all, failure, problem, refusedWithoutTrace, throwsFailure } from './support/throwing.ts'

// Schedules and methods of a subclass, called by a step: when one throws, nothing has changed.
const test = suite('optimizer: hooks that throw')

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

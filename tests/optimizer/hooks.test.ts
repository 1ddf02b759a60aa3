import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  type FloatArray,
  type Gradient,
  type GradientAndVariable,
  kernel,
  type LearningRate,
  Optimizer,
  type OptimizerOptions,
  type ReadyPair,
  Variable,
} from '../../src/index.ts'
import { refuses, sameBits } from '../support/assertions.ts'
import { fails, untouched } from '../support/untouched.ts'
import { warningsOf } from './support/quiet.ts'

// All or nothing, whatever a subclass overrides, and what other shards are told.
const test = suite('optimizer: hooks')

const options = { learningRate: 0.5, variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 }

/** Two variables, the second with a NaN in its gradient. */
function badSecond() {
  const [first, second] = [new Variable([1, 2], { name: 'first' }), new Variable([3, 4], { name: 'second' })]
  const pairs: GradientAndVariable[] = [
    [Float32Array.of(1, 1), first],
    [Float32Array.of(1, Number.NaN), second],
  ]
  return { first, second, pairs }
}

// What an override of decide leaves out.

const decisions: Readonly<Record<string, (pairs: readonly ReadyPair[]) => readonly ReadyPair[]>> = {
  'nothing of super': () => [],
  'super on the first pair alone': (pairs) => pairs.slice(0, 1),
  'super on all pairs': (pairs) => pairs,
}

for (const [what, part] of Object.entries(decisions)) {
  test(`an override of decide that calls ${what} lets no NaN through`, () => {
    class Deciding extends ClippyAdagrad {
      protected override decide(pairs: readonly ReadyPair[]): void {
        super.decide(part(pairs))
      }
    }
    const { first, second, pairs } = badSecond()
    const optimizer = new Deciding(options)
    optimizer.build([first, second])
    untouched(optimizer, [first.value, second.value], () => {
      refuses(() => optimizer.applyGradients(pairs), RangeError, "'second'", 'gradient[1]', 'NaN')
    })
  })
}

// Hooks that write, detach or resize.

/** A variable on memory that can shrink and be transferred. */
function resizable(): Float32Array {
  const array = new Float32Array(Reflect.construct(ArrayBuffer, [16, { maxByteLength: 16 }]))
  array.set([3, 4, 5, 6])
  return array
}

/** Detaches an array, as sending it to another thread does. */
function transferred(array: Float32Array): void {
  structuredClone(array.buffer, { transfer: [array.buffer as ArrayBuffer] })
}

const spoilers: Readonly<Record<string, (array: Float32Array, gradient: Float32Array) => void>> = {
  'detaches a later variable': (array) => void transferred(array),
  'shrinks a later variable': (array) => (array.buffer as unknown as { resize(bytes: number): void }).resize(8),
  'writes NaN into a later variable': (array) => void array.fill(Number.NaN),
  'writes NaN into a later gradient': (_, gradient) => void gradient.fill(Number.NaN),
  'detaches a later gradient': (_, gradient) => void transferred(gradient),
}

for (const [what, spoil] of Object.entries(spoilers)) {
  for (const hook of ['reduceClippingFactor', 'decide', 'learningRate', 'aggregateGradients', 'updateStep'] as const) {
    // By then all shards have agreed: see the test of that.
    if (hook === 'reduceClippingFactor' && what.includes('NaN')) continue
    for (const more of [{}, { weightDecay: 0.1 }, { useEma: true, clipvalue: 1 }]) {
      test(`${hook} that ${what}: the first variable has not moved (${Object.keys(more)})`, () => {
        const first = Float32Array.of(1, 2)
        const second = resizable()
        const gradient = Float32Array.of(0.1, 0.1, 0.1, 0.1)
        let isBroken = false
        const broken = (place: typeof hook) => {
          if (!isBroken || place !== hook) return
          isBroken = false
          spoil(second, gradient)
        }
        class Spoiling extends ClippyAdagrad {
          protected override reduceClippingFactor(factor: number): number {
            broken('reduceClippingFactor')
            return factor
          }
          protected override decide(): void {
            broken('decide')
          }
          override aggregateGradients(pairs: Iterable<GradientAndVariable>): GradientAndVariable[] {
            broken('aggregateGradients')
            return super.aggregateGradients(pairs)
          }
        }
        class SpoilingUpdate extends ClippyAdagrad {
          override updateStep(g: Gradient, variable: Variable): void {
            super.updateStep(g, variable)
            broken('updateStep')
          }
        }
        const learningRate: LearningRate = () => {
          broken('learningRate')
          return 0.5
        }
        // By itself: with an updateStep of a subclass, what was written is undone in any case.
        const Class = hook === 'updateStep' ? SpoilingUpdate : Spoiling
        const optimizer = new Class({ ...options, learningRate, ...more })
        optimizer.build([first, second])
        const before = optimizer.variables.map(({ value }) => value.slice())
        isBroken = true
        const call = () =>
          optimizer.applyGradients([
            [Float32Array.of(1, 1), first],
            [gradient, second],
          ])
        // Clipped gradients and decayed weights are copies, which later hooks cannot spoil by way of the given arrays; after
        // `decide`, weights decay anew.
        const isLate = hook !== 'learningRate' && hook !== 'aggregateGradients'
        const isCopied =
          ('clipvalue' in more && what.includes('gradient')) ||
          ('weightDecay' in more && hook !== 'decide' && what.includes('NaN into a later variable'))
        if (isLate && isCopied) {
          assert.is(call(), 1)
          assert.ok([...first, ...second].every(Number.isFinite))
          return
        }
        assert.throws(call, (error: unknown) => error instanceof RangeError || error instanceof TypeError)
        sameBits(first, Float32Array.of(1, 2), 'the first variable')
        assert.is(optimizer.iterations, 0)
        for (const [k, { value, name }] of optimizer.variables.entries()) sameBits(value, before[k], name)
      })
    }
  }
}

/** Gives away the memory of a sparse gradient's parts, as posting it to another thread does. */
function giveAway(gradient: Gradient, part: 'indices' | 'values'): void {
  if (ArrayBuffer.isView(gradient)) throw new Error('the gradient is dense; expected a sparse one')
  transferred(gradient[part] as Float32Array)
}

for (const part of ['indices', 'values'] as const) {
  test(`an updateStep that gives away the ${part} of its summed rows leaves the other variables theirs`, () => {
    class Clippy extends ClippyAdagrad {
      override updateStep(gradient: Gradient, variable: Variable): void {
        super.updateStep(gradient, variable)
        giveAway(gradient, part)
      }
    }
    class Plain extends Optimizer {
      override updateStep(gradient: Gradient, { value }: Variable): void {
        if (ArrayBuffer.isView(gradient)) return
        const { indices, values } = gradient
        Array.from(indices).forEach((row, k) => {
          value[row] -= values[k]
        })
        giveAway(gradient, part)
      }
    }
    const repeated = () => ({ indices: [2, 0, 2], values: Float32Array.of(1, 2, 3) })
    for (const optimizer of [new Clippy(options), new Plain({})]) {
      const variables = [1, 2, 3].map((start) => new Float32Array(3).fill(start))
      optimizer.applyGradients(variables.map((variable) => [repeated(), variable]))
      for (const [k, [first, second, third]] of variables.entries()) {
        assert.ok(first < k + 1 && second === k + 1 && third < k + 1, `${optimizer.constructor.name}, variable ${k}`)
      }
    }
  })

  test(`a decide that gives away the ${part} of summed rows refuses the step in words, and only that step`, () => {
    let isGiving = true
    class Giving extends ClippyAdagrad {
      protected override decide([[gradient]]: readonly ReadyPair[]): void {
        if (isGiving) giveAway(gradient, part)
      }
    }
    const [first, second] = [Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)]
    const optimizer = new Giving(options)
    optimizer.build([first, second])
    const repeated = () => ({ indices: [2, 0, 2], values: Float32Array.of(1, 2, 3) })
    const call = () =>
      optimizer.applyGradients([
        [repeated(), first],
        [repeated(), second],
      ])
    untouched(optimizer, [first, second], () => {
      refuses(call, RangeError, "'Variable'", 'gradient.values', 'indices')
    })
    isGiving = false
    call()
    assert.ok(first[0] < 1 && second[0] < 4)
  })
}

test('the summed rows that hooks get have no more memory than they need', () => {
  const seen: Gradient[] = []
  class Seeing extends ClippyAdagrad {
    protected override decide(pairs: readonly ReadyPair[]): void {
      for (const [gradient] of pairs) seen.push(gradient)
    }
  }
  const values = new (class extends Float32Array {})([1, 2])
  const [ascending, repeated] = [
    { indices: [0, 2], values },
    { indices: [2, 0, 2], values: Float32Array.of(1, 2, 3) },
  ]
  new Seeing(options).applyGradients([
    [ascending, new Float32Array(3)],
    [repeated, new Float32Array(3)],
  ])
  for (const gradient of seen) {
    if (ArrayBuffer.isView(gradient)) throw new Error('expected a sparse gradient')
    assert.is((gradient.indices as Uint32Array).buffer.byteLength, 8)
    assert.is(gradient.values.buffer.byteLength, 8)
  }
  assert.is(seen.length, 2)
})

test('values are not looked at again once all shards have agreed: what reduceClippingFactor writes is refused by the next step', () => {
  const [first, second] = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
  class Writing extends ClippyAdagrad {
    protected override reduceClippingFactor(factor: number): number {
      second[0] = Number.NaN
      return factor
    }
  }
  const optimizer = new Writing(options)
  const step = () =>
    optimizer.applyGradients([
      [Float32Array.of(1, 1), first],
      [Float32Array.of(1, 1), second],
    ])
  assert.is(step(), 1)
  const plain = Float32Array.of(1, 2)
  new ClippyAdagrad(options).applyGradients([[Float32Array.of(1, 1), plain]])
  sameBits(first, plain, 'the first variable')
  assert.ok(second[1] < 4)
  untouched(optimizer, [first, second], () => {
    refuses(step, RangeError, "'Variable_1'", 'variable[0]', 'NaN')
  })
})

test('an accumulator that reduceClippingFactor detaches refuses the step', () => {
  const [first, second] = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
  class Detaching extends ClippyAdagrad {
    protected override reduceClippingFactor(factor: number): number {
      const { value } = this.accumulatorOf(second)
      if (value.length > 0) transferred(value as Float32Array)
      return factor
    }
  }
  const optimizer = new Detaching(options)
  optimizer.build([first, second])
  const call = () =>
    optimizer.applyGradients([
      [Float32Array.of(1, 1), first],
      [Float32Array.of(1, 1), second],
    ])
  refuses(call, RangeError, 'accumulator/Variable_1', '0 values now')
  sameBits(first, Float32Array.of(1, 2), 'first')
  assert.is(optimizer.iterations, 0)
})

test('an updateStep that shrinks a variable when it is done is refused, and the others are as they were', () => {
  class Shrinking extends ClippyAdagrad {
    override updateStep(gradient: Gradient, variable: Variable): void {
      super.updateStep(gradient, variable)
      if (variable.size === 4) spoilers['shrinks a later variable'](variable.value as Float32Array, new Float32Array(1))
    }
  }
  const [first, second] = [Float32Array.of(1, 2), resizable()]
  const optimizer = new Shrinking(options)
  optimizer.build([first, second])
  const call = () =>
    optimizer.applyGradients([
      [Float32Array.of(1, 1), first],
      [Float32Array.of(1, 1, 1, 1), second],
    ])
  refuses(call, RangeError, "'Variable_1'", '2 values now')
  sameBits(first, Float32Array.of(1, 2), 'first')
  sameBits(second, Float32Array.of(3, 4), 'what is left of the second')
})

test('the arrays of clipped gradients serve the next step again', () => {
  const seen: unknown[] = []
  class Watching extends ClippyAdagrad {
    protected override decide(pairs: readonly ReadyPair[]): void {
      for (const [gradient] of pairs) seen.push(gradient)
    }
  }
  const optimizer = new Watching({ ...options, clipvalue: 1 })
  const [w, v] = [Float32Array.of(1, 2), Float32Array.of(3, 4, 5)]
  const step = () =>
    optimizer.applyGradients([
      [Float32Array.of(5, 5), w],
      [Float32Array.of(5, 5, 5), v],
    ])
  for (let k = 0; k < 3; k++) step()
  for (let k = 2; k < 6; k++) assert.is(seen[k], seen[k % 2])
})

test('a constraint that detaches a later variable: the step stands, and the next one is refused whole', () => {
  const second = resizable()
  const first = new Variable([1, 2], {
    constraint: () => {
      transferred(second)
    },
  })
  const optimizer = new ClippyAdagrad(options)
  optimizer.build([first, second])
  const step = () =>
    optimizer.applyGradients([
      [Float32Array.of(1, 1), first],
      [Float32Array.of(1, 1, 1, 1), second],
    ])
  assert.is(step(), 1)
  const before = first.value.slice()
  refuses(step, RangeError, "'Variable' is detached")
  sameBits(first.value, before, 'the first variable')
  assert.is(optimizer.iterations, 1)
})

// Undo.

test('what an updateStep does to the indices of its gradient does not mislead the undoing', () => {
  class Meddling extends Optimizer {
    override updateStep(gradient: Gradient, { value }: Variable): void {
      const { indices, values } = gradient as { indices: number[]; values: FloatArray }
      value[indices[0]] -= 10 * values[0]
      indices[0] = 3
      throw new Error('half-way')
    }
  }
  const table = Float32Array.of(1, 2, 3, 4)
  const optimizer = new Meddling()
  optimizer.build([table])
  untouched(optimizer, [table], () => {
    fails(() => optimizer.applyGradients([[{ indices: [0, 1], values: Float32Array.of(1, 1) }, table]]), 'half-way')
  })
})

// What other shards are told.

class Shard extends ClippyAdagrad {
  readonly asked: [string, number][] = []
  answer: (factor: number, name: string) => number = (factor) => factor
  atFirstQuestion: (() => void) | undefined

  protected override reduceClippingFactor(factor: number, { name }: Variable): number {
    if (this.asked.length === 0) this.atFirstQuestion?.()
    this.asked.push([name, factor])
    return this.answer(factor, name)
  }
}

class Unreachable extends Error {}

const refusals: Readonly<Record<string, [OptimizerOptions, (pair: { w: Float32Array; g: Float32Array }) => void]>> = {
  'a NaN gradient': [{}, ({ g }) => g.fill(Number.NaN)],
  'a NaN gradient under clipvalue': [{ clipvalue: 1 }, ({ g }) => g.fill(Number.NaN)],
  'an infinite gradient under clipnorm': [{ clipnorm: 1 }, ({ g }) => g.fill(Number.POSITIVE_INFINITY)],
  'a NaN gradient under globalClipnorm': [{ globalClipnorm: 1 }, ({ g }) => g.fill(Number.NaN)],
  'a NaN gradient under skip': [{ nonFiniteGradients: 'skip' }, ({ g }) => g.fill(Number.NaN)],
  'a NaN weight under useEma': [{ useEma: true }, ({ w }) => w.fill(Number.NaN)],
  'a NaN weight under weightDecay': [{ weightDecay: 0.1 }, ({ w }) => w.fill(Number.NaN)],
  'weight decay that would make weights grow': [{ weightDecay: 5 }, () => undefined],
  'a gradient that is detached': [{}, ({ g }) => transferred(g)],
}

for (const [what, [more, spoil]] of Object.entries(refusals)) {
  test(`${what}: every variable of the step is asked about once, with NaN, before any write`, () => {
    const [first, second] = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
    const shard = new Shard({ ...options, ...more })
    shard.build([new Variable(first, { name: 'first' }), new Variable(second, { name: 'second' })])
    const gradient = Float32Array.of(1, 1)
    spoil({ w: second, g: gradient })
    const before = [first.slice(), second.slice()]
    shard.atFirstQuestion = () => {
      sameBits(first, before[0], 'first, when asked')
    }
    const call = () =>
      shard.applyGradients([
        [Float32Array.of(1, 1), first],
        [gradient, second],
      ])
    if (shard.nonFiniteGradients === 'skip') assert.is(call(), 0)
    else assert.throws(call, (error: unknown) => error instanceof RangeError)
    assert.equal(shard.asked, [
      ['first', Number.NaN],
      ['second', Number.NaN],
    ])
    sameBits(first, before[0], 'first')
    sameBits(second, before[1], 'second')
  })
}

test('a rate that cannot be had, pairs that do not fit and a decide that throws are told the other shards too', () => {
  class Deciding extends Shard {
    protected override decide(): void {
      throw new Unreachable('no decision')
    }
  }
  const w = new Variable([1, 2], { name: 'w' })
  const given: readonly [Shard, GradientAndVariable[], RegExp][] = [
    [new Shard({ learningRate: () => Number.NaN }), [[Float32Array.of(1, 1), w]], /learning rate of step 0 is NaN/],
    [new Shard(options), [[Float32Array.of(1), w]], /has length 1; expected 2/],
    [new Shard(options), [[{ indices: [7], values: Float32Array.of(1) }, w]], /indices\[0\] is 7/],
    [new Deciding(options), [[Float32Array.of(1, 1), w]], /no decision/],
  ]
  for (const [shard, pairs, says] of given) {
    assert.throws(() => shard.applyGradients(pairs), says)
    assert.equal(shard.asked, [['w', Number.NaN]])
    assert.not(shard.built)
  }
})

test('with weight decay the shards are asked before the decay is written', () => {
  const w = Float32Array.of(1, 2)
  const shard = new Shard({ ...options, weightDecay: 0.5 })
  shard.build([w])
  shard.atFirstQuestion = () => sameBits(w, Float32Array.of(1, 2), 'the variable when asked')
  shard.applyGradients([[Float32Array.of(0, 0), w]])
  assert.is(shard.asked.length, 1)
  assert.equal([...w], [0.75, 1.5])
})

test('when a question fails, those after it are put all the same, and the error keeps its class', () => {
  const variables = ['a', 'b', 'c'].map((name) => new Variable([1], { name }))
  const shard = new Shard(options)
  const failure = new Unreachable('rank 3 is gone')
  shard.answer = (factor, name) => {
    if (name === 'b') throw failure
    return factor
  }
  const pairs = variables.map((variable): GradientAndVariable => [Float32Array.of(0.001), variable])
  assert.throws(
    () => shard.applyGradients(pairs),
    (error: unknown) => error === failure,
  )
  assert.equal(shard.asked, [
    ['a', 1],
    ['b', 1],
    ['c', Number.NaN],
  ])
  for (const { value } of variables) assert.is(value[0], 1)
})

test("under 'skip' a step that another shard refuses is skipped, otherwise refused", () => {
  for (const nonFiniteGradients of ['skip', 'throw'] as const) {
    const w = Float32Array.of(1)
    const shard = new Shard({ ...options, nonFiniteGradients })
    shard.answer = () => Number.NaN
    shard.build([w])
    const call = () => shard.applyGradients([[Float32Array.of(1), w]])
    if (nonFiniteGradients === 'skip') assert.is(call(), 0)
    else refuses(call, RangeError, 'reduced clipping factor', 'NaN')
    assert.is(w[0], 1)
    sameBits(shard.accumulatorOf(w).value, Float32Array.of(0.1), 'accumulator')
    assert.is(shard.skippedSteps, nonFiniteGradients === 'skip' ? 1 : 0)
  }
})

test('errors that hooks throw come out as they are, of whatever class', () => {
  const failure = new Unreachable('lost')
  const fail = () => {
    throw failure
  }
  const subclasses = [
    class extends ClippyAdagrad {
      protected override reduceClippingFactor = fail
    },
    class extends ClippyAdagrad {
      protected override decide = fail
    },
    class extends ClippyAdagrad {
      override aggregateGradients = fail
    },
    class extends ClippyAdagrad {
      override updateStep = fail
    },
    class extends ClippyAdagrad {
      protected override createSlots = fail
    },
  ]
  for (const Class of subclasses) {
    const w = Float32Array.of(1)
    assert.throws(
      () => new Class({ ...options, weightDecay: 0.1 }).applyGradients([[Float32Array.of(1), w]]),
      (error: unknown) => error === failure,
    )
    assert.is(w[0], 1)
  }
})

// The first step.

test('a first step that is skipped leaves the optimizer unbuilt, as one that is refused does', () => {
  const [w, other] = [Float32Array.of(1), Float32Array.of(2)]
  const optimizer = new ClippyAdagrad({ nonFiniteGradients: 'skip', useEma: true })
  assert.is(optimizer.applyGradients([[Float32Array.of(Number.NaN), w]]), 0)
  assert.is(optimizer.skippedSteps, 1)
  assert.not(optimizer.built)
  assert.is(optimizer.applyGradients([[Float32Array.of(1), other]]), 1)
})

test('a refused first step leaves a large Variable the memory beside it, for the accumulator of the next', () => {
  // Without the SIMD kernel there is no such memory.
  if (kernel() === 'scalar') return
  const w = new Variable(1, { shape: [20_000] })
  const optimizer = new ClippyAdagrad({ nonFiniteGradients: 'skip' })
  const bad = new Float32Array(20_000).fill(Number.NaN)
  optimizer.applyGradients([[bad, w]])
  optimizer.nonFiniteGradients = 'throw'
  refuses(() => optimizer.applyGradients([[bad, w]]), RangeError, 'NaN')
  w.gradient.fill(1)
  optimizer.applyGradients([[w.gradient, w]])
  assert.is(optimizer.accumulatorOf(w).value.buffer, w.gradient.buffer)
})

test('what a refused optimizer wrote there is not what the slot of another one starts from', () => {
  // Without the SIMD kernel there is no such memory.
  if (kernel() === 'scalar') return
  const w = new Variable(1, { shape: [20_000] })
  const bad = new Float32Array(20_000).fill(Number.NaN)
  refuses(() => new ClippyAdagrad().applyGradients([[bad, w]]), RangeError, 'NaN')
  class Plain extends Optimizer {
    override updateStep(): void {}
  }
  const plain = new Plain()
  plain.build([w])
  const slot = plain.addVariableFromReference(w, 'velocity')
  assert.is(slot.value.buffer, w.gradient.buffer)
  assert.ok(slot.value.every((x) => x === 0))
})

test('a step within the aggregation of the first one stands, though the first is refused', () => {
  class Nesting extends ClippyAdagrad {
    isNested = false
    override aggregateGradients(pairs: Iterable<GradientAndVariable>): GradientAndVariable[] {
      if (this.isNested) return super.aggregateGradients(pairs)
      this.isNested = true
      this.applyGradients([[Float32Array.of(1, 1), w]])
      throw new Unreachable('no sum')
    }
  }
  const [w, v] = [Float32Array.of(1, 2), Float32Array.of(1, 2)]
  const optimizer = new Nesting(options)
  assert.throws(
    () => optimizer.applyGradients([[Float32Array.of(5, 5), w]]),
    (error: unknown) => error instanceof Unreachable,
  )
  assert.ok(optimizer.built)
  assert.is(optimizer.iterations, 1)
  const plain = new ClippyAdagrad(options)
  plain.applyGradients([[Float32Array.of(1, 1), v]])
  sameBits(w, v, 'variable')
  sameBits(optimizer.accumulatorOf(w).value, plain.accumulatorOf(v).value, 'accumulator')
})

test('a step within a step does not write to what the outer one has clipped and decayed', () => {
  class Nested extends ClippyAdagrad {
    depth = 0
    protected override reduceClippingFactor(factor: number, variable: Variable): number {
      if (this.depth++ > 0) return factor
      this.applyGradients([[new Float32Array(3), variable]])
      return factor
    }
  }
  const more = { ...options, clipvalue: 0.2, weightDecay: 0 }
  const [w, v] = [Float32Array.of(1, 2, 3), Float32Array.of(1, 2, 3)]
  const [nested, plain] = [new Nested(more), new ClippyAdagrad(more)]
  for (let k = 0; k < 3; k++) {
    nested.depth = 0
    nested.applyGradients([[Float32Array.of(0.1, 0.2, k), w]])
    plain.applyGradients([[Float32Array.of(0.1, 0.2, k), v]])
  }
  sameBits(w, v, 'the variable')
})

test('a warning of missing gradients comes once for each variable, however the lists change', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new Variable([1], { name }))
  const optimizer = new ClippyAdagrad(options)
  optimizer.build([a, b, c])
  const g = Float32Array.of(0.001)
  const step = (...missing: Variable[]) =>
    warningsOf(() => {
      optimizer.applyGradients([a, b, c].map((variable) => [missing.includes(variable) ? null : g, variable]))
    })
  assert.match(step(b).join(), 'for b;')
  assert.match(step(b, c).join(), 'for c;')
  assert.equal(step(c), [])
  assert.equal(step(b), [])
})

test('the last count that a double holds is the last step', () => {
  const w = Float32Array.of(1)
  const optimizer = new ClippyAdagrad(options)
  optimizer.iterations = Number.MAX_SAFE_INTEGER - 1
  assert.is(optimizer.applyGradients([[Float32Array.of(1), w]]), Number.MAX_SAFE_INTEGER)
  untouched(optimizer, [w], () => {
    refuses(() => optimizer.applyGradients([[Float32Array.of(1), w]]), RangeError, 'iterations')
  })
})

test.run()

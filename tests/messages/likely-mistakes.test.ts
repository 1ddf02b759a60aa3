import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  ClippyAdagrad,
  ExponentialDecay,
  type FloatArray,
  type GradientAndVariable,
  type Loss,
  Optimizer,
  type StepOptions,
  type Store,
  step,
  Variable,
} from '../../src/index.ts'

/** What someone new to the package gets wrong, and the whole message that mends it, but for a list of options at its end. */
const test = suite('messages: likely mistakes')

interface Mistake {
  readonly mistake: string
  readonly call: () => unknown
  readonly kind: typeof Error
  /** The message; one that ends in … goes on. */
  readonly says: string
}

/** A tensor as TensorFlow.js has it: its numbers are behind a method. */
class Tensor {
  dataSync(): Float32Array {
    return Float32Array.of(1, 1)
  }
}

const floats = (...values: number[]) => Float32Array.from(values)
const named = (name: string, values: number[], shape?: number[]) => new Variable(values, { name, shape })

/** A step on two weights, with whatever a caller without types hands in. */
const stepWith = (gradient: unknown, options?: unknown) =>
  step(floats(1, 2), floats(0.1, 0.1), gradient as Float32Array, options as StepOptions)

const optimizerWith = (options: object) => new ClippyAdagrad(options)

const apply = (...gradsAndVars: unknown[]) => new ClippyAdagrad().applyGradients(gradsAndVars as GradientAndVariable[])

/** A second step on one more variable than the first one had. */
const thenApply = (first: FloatArray | Variable, then: FloatArray | Variable) => {
  const optimizer = new ClippyAdagrad()
  optimizer.applyGradients([[floats(1, 1), first]])
  return optimizer.applyGradients([
    [floats(1, 1), first],
    [floats(1, 1), then],
  ])
}

const transferred = (array: Float32Array<ArrayBuffer>) => {
  structuredClone(array, { transfer: [array.buffer] })
  return array
}

const stateOf = (variable: Variable): Store => {
  const optimizer = new ClippyAdagrad()
  optimizer.build([variable])
  const store: Store = {}
  optimizer.saveOwnVariables(store)
  return store
}

const load = (store: Store, variable: Variable) => {
  const optimizer = new ClippyAdagrad()
  optimizer.build([variable])
  optimizer.loadOwnVariables(store)
}

/** A subclass that forgets to say what a step does, as plain JavaScript lets it. */
class Unfinished extends (Optimizer as unknown as typeof ClippyAdagrad) {}

const mistakes: readonly Mistake[] = [
  // The kind of an array.
  {
    mistake: 'a list of numbers for a gradient',
    call: () => stepWith([1, 1]),
    kind: TypeError,
    says: 'gradient is an array of length 2; expected a typed array or { indices, values }; convert it, as in Float32Array.from(values)',
  },
  {
    mistake: 'a tensor of TensorFlow.js for a gradient',
    call: () => stepWith(new Tensor()),
    kind: TypeError,
    says: 'gradient is a Tensor; expected a typed array or { indices, values }; pass its .dataSync()',
  },
  {
    mistake: 'rows of numbers for a variable',
    call: () =>
      new Variable([
        [1, 2],
        [3, 4],
        [5, 6],
      ] as never),
    kind: TypeError,
    says: 'Variable: value is an array of length 3; expected a Float32Array, Float64Array, number[] or number; flatten it, as in Float32Array.from(values.flat()), and give shape: [3, 2]',
  },
  {
    mistake: 'a list of numbers three deep for a variable',
    call: () => new Variable([[[1], [2]]] as never),
    kind: TypeError,
    says: 'Variable: value is an array of length 1; expected a Float32Array, Float64Array, number[] or number; flatten it, as in Float32Array.from(values.flat(Infinity)), and give shape: [1, 2, 1]',
  },
  {
    mistake: 'rows of numbers for a gradient',
    call: () => stepWith([[1, 1]]),
    kind: TypeError,
    says: 'gradient is an array of length 1; expected a typed array or { indices, values }; flatten it, as in Float32Array.from(values.flat())',
  },
  {
    mistake: 'a Variable for the array of a step',
    call: () => step(named('w', [1, 2]) as unknown as Float32Array, floats(0.1, 0.1), floats(1, 1)),
    kind: TypeError,
    says: 'variable is a Variable; expected a Float32Array or Float64Array; pass its .value',
  },
  {
    mistake: 'whole numbers for a gradient',
    call: () => stepWith(Int32Array.of(1, 1)),
    kind: TypeError,
    says: 'gradient is an Int32Array of length 2; expected a Float32Array or Float64Array; convert it, as in Float32Array.from(values)',
  },
  {
    mistake: 'float32 weights with a float64 gradient',
    call: () => stepWith(Float64Array.of(1, 1)),
    kind: TypeError,
    says: 'gradient is a Float64Array and variable a Float32Array; all arrays of a call have one precision',
  },
  // Options.
  {
    mistake: 'a learning rate for the options of a step',
    call: () => stepWith(floats(1, 1), 0.1),
    kind: TypeError,
    says: 'options is 0.1; expected a plain object, such as { learningRate: 0.1 }',
  },
  {
    mistake: 'a learning rate for the options of an optimizer',
    call: () => optimizerWith(0.1 as never),
    kind: TypeError,
    says: "ClippyAdagrad's options object is 0.1; expected a plain object, such as { learningRate: 0.1 }",
  },
  {
    mistake: 'the arguments of a schedule one by one',
    call: () => new (ExponentialDecay as unknown as new (...given: number[]) => unknown)(0.1, 1000, 0.9),
    kind: TypeError,
    says: "ExponentialDecay's options object is 0.1; expected a plain object, such as { initialLearningRate: 0.1 }",
  },
  {
    mistake: 'the short name of an option',
    call: () => optimizerWith({ lr: 0.1 }),
    kind: TypeError,
    says: 'ClippyAdagrad has no option "lr"; write learningRate; known options: learningRate, …',
  },
  {
    mistake: 'another short name of an option',
    call: () => optimizerWith({ eps: 1e-7 }),
    kind: TypeError,
    says: 'ClippyAdagrad has no option "eps"; write epsilon; known options: learningRate, …',
  },
  {
    mistake: 'the short name of an option of a step',
    call: () => stepWith(floats(1, 1), { eps: 1e-7 }),
    kind: TypeError,
    says: 'a step has no option "eps"; write epsilon; known options: learningRate, …',
  },
  {
    mistake: 'a misspelt option',
    call: () => optimizerWith({ absolutThreshold: 0.01 }),
    kind: TypeError,
    says: 'ClippyAdagrad has no option "absolutThreshold"; did you mean absoluteThreshold?; known options: learningRate, …',
  },
  {
    mistake: "an option in Python's spelling",
    call: () => stepWith(floats(1, 1), { learning_rate: 0.1 }),
    kind: TypeError,
    says: 'a step has no option "learning_rate"; write learningRate; known options: learningRate, …',
  },
  {
    mistake: 'a negative learning rate',
    call: () => optimizerWith({ learningRate: -0.1 }),
    kind: RangeError,
    says: 'learningRate is -0.1; expected a finite number >= 0',
  },
  {
    mistake: 'the options of a schedule without the schedule',
    call: () => optimizerWith({ learningRate: { initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.9 } }),
    kind: TypeError,
    says: 'learningRate is an object; expected a number >= 0, a schedule or a function of the step; make it with new ExponentialDecay({ … }), or read a saved one with fromConfig',
  },
  {
    mistake: 'the class of a schedule for a schedule',
    call: () => optimizerWith({ learningRate: ExponentialDecay }),
    kind: TypeError,
    says: 'learningRate is the class ExponentialDecay; expected a schedule made from it: new ExponentialDecay({ … })',
  },
  {
    mistake: 'a new learning rate where a schedule sets it',
    call: () => {
      const learningRate = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.9 })
      optimizerWith({ learningRate }).learningRate = 0.01
    },
    kind: TypeError,
    says: 'learningRate is a schedule, so it cannot be set to 0.01; give another schedule, or make the optimizer with a number',
  },
  // The arrays of a step, which have to fit together.
  {
    mistake: 'a gradient of another length',
    call: () => stepWith(floats(1, 1, 1)),
    kind: RangeError,
    says: 'gradient has length 3; expected 2, the length of variable',
  },
  {
    mistake: 'accumulator and gradient swapped',
    call: () => step(floats(1, 2), floats(-1, 1), floats(0.1, 0.1)),
    kind: RangeError,
    says: 'accumulator[0] is -1, below zero even with epsilon added (-0.9999999); expected a sum of squares. Were accumulator and gradient swapped?',
  },
  {
    mistake: 'one array for two',
    call: () => {
      const zeros = floats(0, 0)
      step(zeros, zeros, floats(1, 1))
    },
    kind: TypeError,
    says: 'variable and accumulator share memory; each needs an array of its own',
  },
  {
    mistake: 'a gradient that was sent to a worker',
    call: () => stepWith(transferred(floats(1, 1))),
    kind: RangeError,
    says: 'gradient is detached: its memory was transferred, to another thread perhaps; transfer a copy instead',
  },
  {
    mistake: 'a variable that was sent to a worker',
    call: () => {
      const value = floats(1, 2)
      const w = new Variable(value, { name: 'w' })
      transferred(value)
      apply([floats(1, 1), w])
    },
    kind: RangeError,
    says: "variable 'w' is detached: its memory was transferred, to another thread perhaps; transfer a copy instead",
  },
  // Sparse gradients.
  {
    mistake: 'a row that the table does not have',
    call: () => apply([{ indices: [0, 3], values: floats(1, 1, 1, 1) }, named('table', [1, 2, 3, 4, 5, 6], [3, 2])]),
    kind: RangeError,
    says: "variable 'table': gradient.indices[1] is 3; expected a whole number from 0 to 2",
  },
  {
    mistake: 'rows of another width',
    call: () => apply([{ indices: [0], values: floats(1, 1, 1) }, named('table', [1, 2, 3, 4, 5, 6], [3, 2])]),
    kind: RangeError,
    says: "variable 'table': the gradient has rows of width 3; expected 2, from shape [3,2]",
  },
  {
    mistake: 'row indices of 64 bits',
    call: () => stepWith({ indices: BigInt64Array.of(0n), values: floats(1) }),
    kind: TypeError,
    says: 'gradient.indices is a BigInt64Array; expected an array of whole numbers, such as an Int32Array or number[]; write Array.from(indices, Number)',
  },
  // Lists of pairs.
  {
    mistake: 'a pair in the wrong order',
    call: () => apply([named('w', [1, 2]), floats(1, 1)]),
    kind: TypeError,
    says: 'gradsAndVars[0] has a Variable where the gradient stands; the order is [gradient, variable]',
  },
  {
    mistake: 'one pair, not in a list',
    call: () => apply(floats(1, 1), floats(1, 2)),
    kind: TypeError,
    says: 'gradsAndVars[0] is a Float32Array of length 2; expected a pair [gradient, variable]; write [[gradient, variable]]',
  },
  {
    mistake: 'a gradient, not in a pair',
    call: () => new ClippyAdagrad().applyGradients(floats(1, 1) as never),
    kind: TypeError,
    says: 'gradsAndVars is a Float32Array of length 2; expected a list of pairs [[gradient, variable]]',
  },
  {
    mistake: 'a NaN in one of several gradients',
    call: () => apply([floats(1, 1), named('kernel', [1, 2])], [floats(1, Number.NaN), named('bias', [0, 0])]),
    kind: RangeError,
    says: "gradsAndVars[1], variable 'bias': gradient[1] is NaN; expected a finite number",
  },
  {
    mistake: 'one array twice',
    call: () => {
      const w = named('w', [1, 2])
      apply([floats(1, 1), w], [floats(1, 1), w])
    },
    kind: RangeError,
    says: "the variable 'w' at place 1 is in the list twice; expected each once",
  },
  {
    mistake: 'a new array for known weights',
    call: () => {
      const w = floats(1, 2)
      thenApply(
        w,
        w.map((x) => x / 2),
      )
    },
    kind: Error,
    says: 'the optimizer does not know the raw array of length 2 at place 1 of the list: a raw array is known by itself, not by its values: change it in place (w = w.map(…) makes another); pairs are [gradient, variable]',
  },
  {
    mistake: 'a new view of known weights',
    call: () => {
      const w = floats(1, 2)
      thenApply(w, w.subarray(0))
    },
    kind: Error,
    says: "the optimizer does not know the raw array of length 2 at place 1 of the list: it is a new view of the memory of 'Variable'; pass the array that build was given; pairs are [gradient, variable]",
  },
  {
    mistake: 'a layer that comes after the first step',
    call: () => thenApply(named('first', [1, 2]), named('late', [1, 2])),
    kind: Error,
    says: "the optimizer does not know the variable 'late' at place 1 of the list; call build with all variables before the first step, or extend",
  },
  // Losses, subclasses, what was saved.
  {
    mistake: 'an async loss',
    call: () => new ClippyAdagrad().minimize((async () => 1) as unknown as Loss, [floats(1, 2)]),
    kind: TypeError,
    says: 'loss returned a Promise; expected a number; await what it needs first, then pass a loss that returns { value, gradients }',
  },
  {
    mistake: 'a loss without a return',
    call: () => new ClippyAdagrad().minimize((() => undefined) as unknown as Loss, [floats(1, 2)]),
    kind: TypeError,
    says: 'loss returned undefined; expected a number or { value, gradients }; is a return missing?',
  },
  {
    mistake: 'a loss that calls its value and gradients otherwise',
    call: () =>
      new ClippyAdagrad().minimize((() => ({ loss: 1, grads: [floats(1, 1)] })) as unknown as Loss, [floats(1, 2)]),
    kind: TypeError,
    says: 'loss returned an object with loss, grads; expected a number or { value, gradients }',
  },
  {
    mistake: 'a loss that calls its gradients otherwise',
    call: () =>
      new ClippyAdagrad().minimize((() => ({ value: 1, grads: [floats(1, 1)] })) as unknown as Loss, [floats(1, 2)]),
    kind: TypeError,
    says: 'loss returned an object with value, grads; expected a number or { value, gradients }',
  },
  {
    mistake: 'a loss whose value is an array of one number',
    call: () =>
      new ClippyAdagrad().minimize((() => ({ value: floats(1), gradients: [floats(1, 1)] })) as unknown as Loss, [
        floats(1, 2),
      ]),
    kind: TypeError,
    says: 'loss: what it returned as value is a Float32Array of length 1; expected a number',
  },
  {
    mistake: 'a loss for the wrong number of variables',
    call: () =>
      new ClippyAdagrad().minimize(() => ({ value: 1, gradients: [floats(1, 1)] }), [floats(1, 2), floats(3)]),
    kind: RangeError,
    says: 'loss returned 1 gradients for 2 variables',
  },
  {
    mistake: "an optimizer of one's own without updateStep",
    call: () => new Unfinished().applyGradients([[floats(1, 1), floats(1, 2)]]),
    kind: TypeError,
    says: 'Unfinished has no updateStep(gradient, variable); a subclass of Optimizer says there how a variable moves',
  },
  {
    mistake: 'state before the optimizer knows its variables',
    call: () => new ClippyAdagrad().loadOwnVariables(stateOf(named('w', [1, 2]))),
    kind: Error,
    says: "loadOwnVariables needs a built optimizer; call build with the model's variables first",
  },
  {
    mistake: 'the state of another model',
    call: () => load(stateOf(named('old', [1, 2])), named('new', [1, 2])),
    kind: RangeError,
    says: 'the store has no state for \'ClippyAdagrad/accumulator/new\' (entry 1 is of "ClippyAdagrad/accumulator/old"); it was saved from another model, with other names or options',
  },
  {
    mistake: 'the state of a larger layer',
    call: () => load(stateOf(named('w', [1, 2, 3])), named('w', [1, 2])),
    kind: RangeError,
    says: 'the saved ClippyAdagrad/accumulator/w has length 3; expected 2',
  },
  {
    mistake: 'the config of another optimizer',
    call: () => ClippyAdagrad.fromConfig({ class_name: 'Adam', config: { learning_rate: 0.1 } }),
    kind: RangeError,
    says: 'the config is of class "Adam"; expected \'ClippyAdagrad\'',
  },
]

for (const { mistake, call, kind, says } of mistakes) {
  test(mistake, () => {
    const error = errorOf(call)
    // Of this very class, since every error is an Error.
    assert.is((error as Error)?.constructor, kind, `${kind.name} expected: ${error}`)
    const { message } = error as Error
    const goesOn = says.endsWith('…')
    assert.is(goesOn ? `${message.slice(0, says.length - 1)}…` : message, says)
  })
}

test('there are twenty of them at least, each another one', () => {
  assert.ok(new Set(mistakes.map(({ says }) => says)).size >= 20)
  assert.is(new Set(mistakes.map(({ mistake }) => mistake)).size, mistakes.length)
})

function errorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}

test.run()

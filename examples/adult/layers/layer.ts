import type { Random } from '../random.ts'

export type FloatArray = Float32Array | Float64Array
export type FloatArrayConstructor = Float32ArrayConstructor | Float64ArrayConstructor

/** An array that training moves, and room for its gradient. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly value: FloatArray
  readonly gradient: FloatArray
}

/** What the units of a ReLU layer put out in the latest forward pass. */
export interface Activation {
  readonly name: string
  readonly units: number
  /** Row after row. */
  readonly values: FloatArray
}

/**
 * A part of a network, from numbers to numbers. Layers can be stacked (`Stack`), put side by side (`Branches`) and mixed
 * (`Experts`), and the result is a layer again. All arrays are allocated once.
 */
export interface Layer {
  /** Numbers that a row becomes. */
  readonly outputs: number
  readonly parameters: readonly Parameter[]
  readonly activations: readonly Activation[]
  /** The output for the first `rows` rows of `input`, in an array that the next call overwrites. */
  forward(input: FloatArray, rows: number): FloatArray
  /**
   * The chain rule, after `forward` for the same rows and before its input changes. Reads the derivatives of the loss by
   * each output, which it may overwrite; fills the gradients of the parameters; returns the derivatives by each input, in
   * an array that the next call overwrites.
   */
  backward(outputGradient: FloatArray, rows: number): FloatArray
}

/** What every layer needs to know when it is made. */
export interface Making {
  /** The most rows that one call of `forward` takes. */
  readonly batchSize: number
  /** Gives the first weights. */
  readonly random: Random
  /** Float32Array to train; the gradient check needs Float64Array. */
  readonly Floats: FloatArrayConstructor
}

/** Numbers between −limit and limit. */
export function uniform(length: number, limit: number, { random, Floats }: Making): FloatArray {
  const values = new Floats(length)
  for (let index = 0; index < length; index++) values[index] = (2 * random() - 1) * limit
  return values
}

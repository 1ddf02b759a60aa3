/** As much of tf.js's interface as the benchmark uses: its own types are there only when bench/node_modules is. */

export interface Tensor {
  readonly shape: number[]
  dataSync(): Float32Array
  dispose(): void
}

export interface TensorVariable extends Tensor {
  readonly name: string
  assign(value: Tensor): void
}

export interface AdagradOptimizer {
  applyGradients(gradients: { name: string; tensor: Tensor }[]): void
  dispose(): void
}

type Operand = Tensor | number

export interface TensorFlow {
  abs(x: Tensor): Tensor
  add(a: Operand, b: Operand): Tensor
  div(a: Operand, b: Operand): Tensor
  env(): { set(flag: string, value: boolean): void }
  expandDims(x: Tensor, axis: number): Tensor
  gather(x: Tensor, indices: Tensor): Tensor
  min(x: Tensor): Tensor
  minimum(a: Operand, b: Operand): Tensor
  mul(a: Operand, b: Operand): Tensor
  ready(): Promise<void>
  scatterND(indices: Tensor, updates: Tensor, shape: number[]): Tensor
  setBackend(name: string): Promise<boolean>
  sqrt(x: Tensor): Tensor
  square(x: Tensor): Tensor
  sub(a: Operand, b: Operand): Tensor
  tensor(values: Float32Array | Int32Array, shape: number[], dtype: 'float32' | 'int32'): Tensor
  tensorScatterUpdate(tensor: Tensor, indices: Tensor, updates: Tensor): Tensor
  tidy(action: () => void): void
  train: { adagrad(learningRate: number, initialAccumulatorValue: number): AdagradOptimizer }
  unique(x: Tensor): { values: Tensor; indices: Tensor }
  variable(initial: Tensor): TensorVariable
}

/** tf.js on one of its backends (in Node they have one thread); throws where it is not installed. */
export async function loadTensorFlow(backend: 'cpu' | 'wasm'): Promise<TensorFlow> {
  // Names in variables: the compiler must not look for packages that may be absent.
  const [core, registration] = ['core', `backend-${backend}`].map((part) => `@tensorflow/tfjs-${part}`)
  const tf: TensorFlow = await import(core)
  tf.env().set('IS_TEST', true) // Or it advertises its native backend.
  await import(registration)
  if (!(await tf.setBackend(backend))) throw new Error(`tf.js cannot start its ${backend} backend`)
  await tf.ready()
  return tf
}

import fc from 'fast-check'
import { ClippyAdagrad, type Gradient, type SparseGradient, step, Variable } from '../../../src/index.ts'
import { anyCase, anyFiniteFloat } from '../../support/arbitraries.ts'
import type { Case } from '../../support/case.ts'
import { arrayOf, type FloatArray, precisionOf } from '../../support/precision.ts'

/** A dense case seen as rows of one width, and a sparse gradient for it. The case's own gradient is not used. */
export interface SparseCase {
  readonly input: Case
  readonly width: number
  readonly sparse: SparseGradient
}

export function rowsOf({ input, width }: SparseCase): number {
  return input.variable.length / width
}

const rowWidth = (length: number) =>
  fc.constantFrom(
    ...Array.from({ length: Math.max(length, 1) }, (_, k) => k + 1).filter((width) => length % width === 0),
  )

/** The rows of a dense array, one after the other. */
export function gathered(dense: FloatArray, rows: ArrayLike<number>, width: number): FloatArray {
  const values = Array.from(rows, (row) => [...dense.subarray(row * width, (row + 1) * width)]).flat()
  return arrayOf(precisionOf(dense), values)
}

/** Each row once, with the gradient that the dense case has there: the one that brings it to its bound, often. */
function uniqueRows(input: Case, width: number): fc.Arbitrary<SparseGradient> {
  const rows = Array.from({ length: input.variable.length / width }, (_, row) => row)
  return fc.shuffledSubarray(rows).map((indices) => ({ indices, values: gathered(input.gradient, indices, width) }))
}

/** Each row twice, with half of that gradient. */
function halvedRows(input: Case, width: number): fc.Arbitrary<SparseGradient> {
  return uniqueRows(input, width).map(({ indices, values }) => {
    const halves = values.map((x) => x / 2)
    return { indices: [...indices, ...indices], values: arrayOf(precisionOf(values), [...halves, ...halves]) }
  })
}

/** Rows as they come, with any values. */
function repeatedRows(input: Case, width: number): fc.Arbitrary<SparseGradient> {
  const type = precisionOf(input.variable)
  const last = input.variable.length / width - 1
  const row = fc.tuple(
    fc.nat({ max: Math.max(last, 0) }),
    fc.array(anyFiniteFloat(type), { minLength: width, maxLength: width }),
  )
  return fc.array(row, { maxLength: last < 0 ? 0 : 8 }).map((list) => ({
    indices: list.map(([index]) => index),
    values: arrayOf(
      type,
      list.flatMap(([, values]) => values),
      list.length % 3,
    ),
  }))
}

// Without −0: whether loading a state keeps it is none of these laws' business.
const anyInput = anyCase.map((input) => ({ ...input, accumulator: input.accumulator.map((a) => a + 0) }))

export const sparseCase: fc.Arbitrary<SparseCase> = anyInput.chain((input) =>
  rowWidth(input.variable.length).chain((width) =>
    fc
      .oneof(uniqueRows(input, width), halvedRows(input, width), repeatedRows(input, width))
      .map((sparse) => ({ input, width, sparse })),
  ),
)

/** What a step leaves behind. */
export interface Taken {
  readonly variable: FloatArray
  readonly accumulator: FloatArray
  readonly factor: number
}

/** One way to take a step with this gradient on copies of the case's arrays. */
export type Layer = (at: SparseCase, gradient: Gradient) => Taken

export const layers: Readonly<Record<'step' | 'applyGradients' | 'applyGradients on a raw array', Layer>> = {
  step: ({ input }, gradient) => {
    const [variable, accumulator] = [input.variable.slice(), input.accumulator.slice()]
    return { variable, accumulator, factor: step(variable, accumulator, gradient, input.options) }
  },
  applyGradients: (at, gradient) => {
    const value = at.input.variable.slice()
    return applied(at, gradient, value, new Variable(value, { shape: [rowsOf(at), at.width] }))
  },
  'applyGradients on a raw array': (at, gradient) => {
    const value = at.input.variable.slice()
    return applied(at, gradient, value, value)
  },
}

function applied({ input }: SparseCase, gradient: Gradient, variable: FloatArray, given: Variable | FloatArray): Taken {
  const optimizer = new ClippyAdagrad({ ...input.options, exportClippingFactors: true })
  optimizer.build([given])
  optimizer.setWeights([[0], input.accumulator, [0]])
  optimizer.applyGradients([[gradient, given]])
  return { variable, accumulator: optimizer.variables[1].value, factor: optimizer.clippingFactors[0] }
}

/** The gradient with one entry for each row, summed in the order given, in the precision of the values. */
export function presummed({ sparse, width }: SparseCase): SparseGradient {
  const indices = [...new Set(sparse.indices)]
  const values = arrayOf(precisionOf(sparse.values), new Array<number>(indices.length * width).fill(-0))
  Array.from(sparse.indices).forEach((row, k) => {
    for (let c = 0; c < width; c++) values[indices.indexOf(row) * width + c] += sparse.values[k * width + c]
  })
  return { indices, values }
}

import { describe } from '../shared/check.ts'
import {
  coordinateOf,
  type FloatArray,
  type Gradient,
  isSparse,
  overlap,
  precisionOf,
  requireFiniteAt,
  type SparseGradient,
  sparseWidth,
  summedRows,
  valuesOf,
  widthOf,
} from '../step/old/index.ts'
import { dtypeOf, sizeOf, Variable, zeros } from './variable.ts'

/**
 * The gradients of one variable on several replicas, where a gradient may stand; `aggregateGradients` sums them, dense
 * ones element by element in the order given, sparse ones row by row. In TensorFlow: a `PerReplica` value under a distribution strategy.
 */
export class PerReplica {
  /** One gradient of each replica, in the order given; the list is a copy, the gradients are not. */
  readonly values: readonly Gradient[]

  /** Throws RangeError without any gradient, TypeError where one is neither dense nor sparse. */
  constructor(values: readonly Gradient[]) {
    if (!Array.isArray(values)) throw new TypeError(`PerReplica: values is ${describe(values)}; expected an array`)
    if (values.length === 0) throw new RangeError('PerReplica: values is empty; expected a gradient of each replica')
    values.forEach((gradient, k) => {
      if (isDenseOrSparse(gradient)) return
      throw new TypeError(
        `PerReplica: values[${k}] is ${describe(gradient)}; expected a typed array or { indices, values }`,
      )
    })
    this.values = values.slice()
  }
}

/** A gradient, or none, with the variable it is of. */
export type GradientAndVariable = readonly [
  gradient: Gradient | PerReplica | null | undefined,
  variable: Variable | FloatArray,
]

/** A pair whose gradient is there and whose variable is a Variable. */
export type ReadyPair = readonly [gradient: Gradient, variable: Variable]

/** The pairs as an array; throws TypeError, saying what came, where the list or a pair is malformed. */
export function readPairs(gradsAndVars: Iterable<GradientAndVariable>): GradientAndVariable[] {
  if (typeof gradsAndVars !== 'object' || gradsAndVars === null || !(Symbol.iterator in gradsAndVars)) {
    throw new TypeError(`gradsAndVars is ${describe(gradsAndVars)}; expected a list of [gradient, variable] pairs`)
  }
  const pairs = Array.from(gradsAndVars)
  pairs.forEach((pair, k) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new TypeError(`gradsAndVars[${k}] is ${describe(pair)}; expected a pair [gradient, variable]`)
    }
    const [gradient, variable] = pair
    if (gradient instanceof Variable) {
      throw new TypeError(
        `gradsAndVars[${k}] has a Variable where the gradient stands; the order is [gradient, variable]`,
      )
    }
    if (!isVariable(variable)) {
      throw new TypeError(
        `gradsAndVars[${k}]: the variable is ${describe(variable)}; expected a Variable or typed array`,
      )
    }
    const isGradient = gradient === null || gradient === undefined || gradient instanceof PerReplica
    if (!isGradient && !isDenseOrSparse(gradient)) {
      throw new TypeError(
        `gradsAndVars[${k}]: the gradient is ${describe(gradient)}; expected a typed array, { indices, values }, PerReplica or null`,
      )
    }
  })
  return pairs
}

export function isVariable(variable: unknown): variable is Variable | FloatArray {
  return variable instanceof Variable || precisionOf(variable) !== undefined
}

/** Throws TypeError unless `varList` is a list of variables. */
export function requireVariables(varList: unknown): void {
  if (!Array.isArray(varList)) throw new TypeError(`varList is ${describe(varList)}; expected a list of variables`)
  varList.forEach((variable, k) => {
    if (!isVariable(variable)) {
      throw new TypeError(`varList[${k}] is ${describe(variable)}; expected a Variable or a typed array`)
    }
  })
}

function isDenseOrSparse(gradient: unknown): boolean {
  if (precisionOf(gradient) !== undefined) return true
  return typeof gradient === 'object' && gradient !== null && isSparse(gradient as Gradient)
}

/**
 * Throws unless the gradient fits the variable: TypeError for another precision, RangeError for a length, row width or
 * index that does not fit. Reads no values.
 */
export function requireFit(gradient: Gradient, variable: Variable): void {
  const values = valuesOf(gradient)
  const what = `variable '${variable.name}': the gradient`
  if (precisionOf(values) !== precisionOf(variable.value)) {
    throw new TypeError(
      `${what} is ${describe(values)}; expected a ${precisionOf(variable.value)?.name}, as the variable is`,
    )
  }
  if (!isSparse(gradient)) {
    if (values.length !== variable.size) {
      throw new RangeError(`${what} has length ${values.length}; expected ${variable.size}`)
    }
    return
  }
  const width = naming(variable, () => sparseWidth(gradient, variable.size))
  const rowSize = sizeOf(variable.shape.slice(1))
  // A flat variable has no rows of its own: there the gradient says how wide they are.
  if (variable.shape.length >= 2 && gradient.indices.length > 0 && width !== rowSize) {
    throw new RangeError(`${what} has rows of width ${width}; expected ${rowSize}, from shape [${variable.shape}]`)
  }
}

/**
 * Throws TypeError where a gradient lies in a variable that the same step updates: what it says would change on the way.
 */
export function refuseUpdatedGradients(pairs: readonly ReadyPair[]): void {
  for (const [gradient, variable] of pairs) {
    const updated = pairs.find(([, { value }]) => overlap(value, valuesOf(gradient)))
    if (updated === undefined) continue
    throw new TypeError(
      `variable '${variable.name}': the gradient and the variable '${updated[1].name}', which the step updates, share memory; pass a copy`,
    )
  }
}

/** Runs `action`; an error it throws is thrown again with the variable's name in front, of the same class. */
export function naming<Result>(variable: Variable, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    throw named(variable, error)
  }
}

/** The error with the variable's name in front, of the same class. */
export function named(variable: Variable, error: unknown): Error {
  const message = `variable '${variable.name}': ${error instanceof Error ? error.message : String(error)}`
  if (error instanceof RangeError) return new RangeError(message, { cause: error })
  if (error instanceof TypeError) return new TypeError(message, { cause: error })
  return new Error(message, { cause: error })
}

/** The first value of a gradient that is not finite, in words; undefined where all are. */
export function findNonFinite(gradient: Gradient): string | undefined {
  const values = valuesOf(gradient)
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      return `${isSparse(gradient) ? 'gradient.values' : 'gradient'}[${i}] is ${values[i]}; expected a finite number`
    }
  }
  return undefined
}

/** Throws RangeError, naming the variable, for a gradient value that is not finite. */
export function requireFiniteGradient(gradient: Gradient, variable: Variable): void {
  const found = findNonFinite(gradient)
  if (found !== undefined) throw new RangeError(`variable '${variable.name}': ${found}`)
}

/** Throws RangeError for a value that is not finite in the rows of a variable that a gradient touches. */
export function requireFiniteRows(gradient: Gradient, variable: Variable): void {
  const [rows, width] = isSparse(gradient) ? [gradient.indices, widthOf(gradient)] : [undefined, variable.size]
  naming(variable, () => {
    for (let j = 0; j < valuesOf(gradient).length; j++) {
      requireFiniteAt(variable.value, coordinateOf(j, rows, width), 'variable')
    }
  })
}

/** Throws RangeError for any value of a variable that is not finite. */
export function requireFiniteVariable(variable: Variable): void {
  naming(variable, () => {
    for (let i = 0; i < variable.size; i++) requireFiniteAt(variable.value, i, 'variable')
  })
}

/** The gradient with repeated rows summed; dense ones as they are. */
export function withUniqueRows(gradient: Gradient, variable: Variable): Gradient {
  return isSparse(gradient) ? summedRows(gradient, sparseWidth(gradient, variable.size)) : gradient
}

/** The sum of the replicas' gradients; sparse ones are put one after the other, which sums to the same. */
export function sumOfReplicas({ values }: PerReplica, variable: Variable): Gradient {
  values.forEach((gradient) => {
    requireFit(gradient, variable)
  })
  if (values.every(isSparse)) return concatenated(values, variable)
  const total = zeros(variable.size, dtypeOf(variable.value))
  for (const gradient of values) addDense(total, gradient)
  return total
}

function concatenated(gradients: readonly SparseGradient[], variable: Variable): SparseGradient {
  const [width = 0, ...others] = gradients.filter(({ indices }) => indices.length > 0).map(widthOf)
  const other = others.find((its) => its !== width)
  if (other !== undefined) {
    throw new RangeError(
      `variable '${variable.name}': replicas have rows of width ${width} and of width ${other}; expected one width`,
    )
  }
  const length = gradients.reduce((sum, { values }) => sum + values.length, 0)
  const values = zeros(length, dtypeOf(variable.value))
  let offset = 0
  for (const gradient of gradients) {
    values.set(gradient.values, offset)
    offset += gradient.values.length
  }
  return { indices: gradients.flatMap(({ indices }) => Array.from(indices)), values }
}

function addDense(total: FloatArray, gradient: Gradient): void {
  if (!isSparse(gradient)) {
    for (let i = 0; i < total.length; i++) total[i] += gradient[i]
    return
  }
  const { indices, values } = gradient
  const width = widthOf(gradient)
  for (let j = 0; j < values.length; j++) total[coordinateOf(j, indices, width)] += values[j]
}

import { array, isObject, refuseKind, refuseLength, wayOut } from '../shared/check.ts'
import {
  distinctRows,
  type FloatArray,
  type Gradient,
  isDetached,
  isSparse,
  precisionOf,
  refuseDetached,
  requireFiniteAt,
} from '../step/index.ts'
import { firstNonFinite } from './loops.ts'
import { naming, refuseVariable } from './naming.ts'
import { isPerReplica, type PerReplica } from './replicas.ts'
import { isGradient, valuesOf, widthOf } from './sparse.ts'
import { isVariable, sizeOf, type Variable } from './variable.ts'

/** A gradient, or none, with the variable it is of. */
export type GradientAndVariable = readonly [
  gradient: Gradient | PerReplica | null | undefined,
  variable: Variable | FloatArray,
]

/** A pair whose gradient is there and whose variable is a Variable. */
export type ReadyPair = readonly [gradient: Gradient, variable: Variable]

/** The pairs as an array; throws TypeError, saying what was given, where the list or a pair is malformed. */
export function readPairs(gradsAndVars: Iterable<GradientAndVariable>): readonly GradientAndVariable[] {
  if (!isObject(gradsAndVars) || ArrayBuffer.isView(gradsAndVars) || !(Symbol.iterator in gradsAndVars)) {
    refuseKind(gradsAndVars, 'gradsAndVars', 'a list of pairs [[gradient, variable]]')
  }
  const pairs = [...gradsAndVars]
  for (let k = 0; k < pairs.length; k++) requirePair(pairs[k], k)
  return pairs
}

function requirePair(pair: unknown, k: number): void {
  if (!Array.isArray(pair) || pair.length !== 2) {
    const hint = isGradient(pair) ? '; write [[gradient, variable]]' : ''
    refuseKind(pair, `gradsAndVars[${k}]`, `a pair [gradient, variable]${hint}`)
  }
  const gradient: unknown = pair[0]
  const isMissing = gradient === null || gradient === undefined
  if (!isMissing && !isGradient(gradient) && !isPerReplica(gradient)) {
    if (isVariable(gradient)) {
      throw new TypeError(
        `gradsAndVars[${k}] has a Variable where the gradient stands; the order is [gradient, variable]`,
      )
    }
    refuseKind(
      gradient,
      `gradsAndVars[${k}]: the gradient`,
      `a typed array, { indices, values }, PerReplica or null${wayOut(gradient)}`,
    )
  }
  requireVariable(pair[1], 'gradsAndVars', k, ': the variable')
}

/** Throws TypeError unless `varList` is a list of variables. */
export function requireVariables(varList: unknown): asserts varList is readonly (Variable | FloatArray)[] {
  array(varList, 'varList', 'a list of variables').forEach((variable, k) => {
    requireVariable(variable, 'varList', k)
  })
}

/** Throws TypeError unless what is at place `k` of a list is a variable, or has one in `part` of it. */
function requireVariable(given: unknown, list: string, k: number, part = ''): void {
  if (precisionOf(given) !== undefined || isVariable(given)) return
  refuseKind(given, `${list}[${k}]${part}`, `a Variable or a typed array${wayOut(given)}`)
}

/**
 * Throws unless the gradient has the precision and the length that go with the variable, or rows of its width: TypeError or
 * RangeError. Which rows, whoever decides about the update looks at.
 */
export function requireShape(gradient: Gradient, variable: Variable): void {
  const values = valuesOf(gradient)
  const { value } = variable
  if (value.length === 0 && isDetached(value)) refuseDetached(`variable '${variable.name}'`)
  if (precisionOf(values) !== precisionOf(value)) {
    refuseKind(
      values,
      `variable '${variable.name}': the gradient`,
      `a ${precisionOf(value)?.name}, as the variable is${precisionOf(values) === undefined ? wayOut(values) : ''}`,
    )
  }
  if (!isSparse(gradient)) {
    if (values.length === value.length) return
    refuseLength(values.length, `variable '${variable.name}': the gradient`, value.length)
  }
  // A flat variable has no rows of its own: there the gradient says how wide they are.
  const width = variable.shape.length < 2 ? Math.floor(widthOf(gradient)) : sizeOf(variable.shape, 1)
  if (values.length === gradient.indices.length * width) return
  rowsOnce(gradient, variable)
  refuseVariable(
    variable,
    `the gradient has rows of width ${widthOf(gradient)}; expected ${width}, from shape [${variable.shape}]`,
  )
}

/** As `requireShape`; throws too where a row is none of the variable's. Returns the gradient with each row once. */
export function requireFit(gradient: Gradient, variable: Variable): Gradient {
  requireShape(gradient, variable)
  return rowsOnce(gradient, variable)
}

/** The gradient with each row once, repeated ones summed in the order given. Throws where a row is none of the variable's. */
export function rowsOnce(gradient: Gradient, variable: Variable): Gradient {
  return isSparse(gradient) ? naming(variable, () => distinctRows(gradient, variable.value.length)) : gradient
}

/** Throws RangeError where a gradient has not the number of values that the step was decided with. */
export function requireCount(gradient: Gradient, variable: Variable, count: number): void {
  const { length } = valuesOf(gradient)
  if (length === count) return
  refuseVariable(variable, `its gradient has ${length} values now; expected ${count}, as when the step was decided`)
}

/** Throws RangeError, naming the variable and its place among the pairs, for a gradient value that is not finite. */
export function requireFiniteGradient(gradient: Gradient, variable: Variable, place?: number): void {
  requireFinite(valuesOf(gradient), isSparse(gradient) ? 'gradient.values' : 'gradient', variable, place)
}

/** Throws RangeError, naming the variable, for any of its values that is not finite. */
export function requireFiniteValue(value: FloatArray, variable: Variable): void {
  requireFinite(value, 'variable', variable)
}

function requireFinite(array: FloatArray, role: string, variable: Variable, place?: number): void {
  const bad = firstNonFinite(array)
  if (bad >= 0) naming(variable, () => requireFiniteAt(array, bad, role), place)
}

/** As `requireFiniteValue`, for the rows that a gradient touches. */
export function requireFiniteRows(value: FloatArray, gradient: Gradient, variable: Variable): void {
  if (!isSparse(gradient)) {
    requireFiniteValue(value, variable)
    return
  }
  const { indices } = gradient
  const width = widthOf(gradient)
  naming(variable, () => {
    for (let k = 0; k < indices.length; k++) {
      for (let i = indices[k] * width; i < (indices[k] + 1) * width; i++) requireFiniteAt(value, i, 'variable')
    }
  })
}

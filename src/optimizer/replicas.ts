import { array, isObject, refuseKind, wayOut } from '../shared/check.ts'
import { type FloatArray, type Gradient, isSparse, type SparseGradient } from '../step/index.ts'
import { zerosLike } from './arrays.ts'
import { hide } from './hidden.ts'
import { refuseVariable } from './naming.ts'
import { isGradient, widthOf } from './sparse.ts'

/** By this any copy of this package, ES module or CommonJS, knows a PerReplica of another. */
const PER_REPLICA = /* @__PURE__ */ Symbol.for('clippy-adagrad.PerReplica')

/**
 * The gradients of one variable on several replicas, where a gradient may stand; `aggregateGradients` sums them, dense
 * ones element by element in the order given, sparse ones row by row. In TensorFlow: a `PerReplica` value under a
 * distribution strategy.
 */
export class PerReplica {
  /** One gradient of each replica, in the order given; the list is a copy, the gradients are not. */
  readonly values: readonly Gradient[]

  /** Throws RangeError without any gradient, TypeError where one is neither dense nor sparse. */
  constructor(values: readonly Gradient[]) {
    array(values, 'PerReplica: values')
    if (values.length === 0) throw new RangeError('PerReplica: values is empty; expected a gradient of each replica')
    values.forEach((gradient, k) => {
      if (isGradient(gradient)) return
      refuseKind(gradient, `PerReplica: values[${k}]`, `a typed array or { indices, values }${wayOut(gradient)}`)
    })
    this.values = values.slice()
    hide(this, PER_REPLICA, true)
  }
}

/** Whether this is a PerReplica, of this copy of the package or of another. */
export function isPerReplica(given: unknown): given is PerReplica {
  return isObject(given) && (given as { readonly [PER_REPLICA]?: unknown })[PER_REPLICA] === true
}

/** What of a variable the sum of its gradients goes by. */
interface Summed {
  readonly name: string
  readonly value: FloatArray
}

/**
 * The sum of what the replicas gave for a variable of this name and value, which fits it; sparse gradients are put one
 * after the other, which sums to the same.
 */
export function sumOfReplicas({ values }: PerReplica, variable: Summed): Gradient {
  const { value } = variable
  if (values.every(isSparse)) return concatenated(values, variable)
  const total = zerosLike(value)
  for (const gradient of values) addTo(total, gradient)
  return total
}

function concatenated(gradients: readonly SparseGradient[], variable: Summed): SparseGradient {
  const [width = 0, ...others] = gradients.filter(({ indices }) => indices.length > 0).map(widthOf)
  const other = others.find((its) => its !== width)
  if (other !== undefined) {
    refuseVariable(variable, `replicas have rows of width ${width} and of width ${other}; expected one width`)
  }
  const length = gradients.reduce((sum, { values }) => sum + values.length, 0)
  const values = zerosLike(variable.value, length)
  let offset = 0
  for (const gradient of gradients) {
    values.set(gradient.values, offset)
    offset += gradient.values.length
  }
  return { indices: gradients.flatMap(({ indices }) => Array.from(indices)), values }
}

function addTo(total: FloatArray, gradient: Gradient): void {
  if (!isSparse(gradient)) {
    for (let i = 0; i < total.length; i++) total[i] += gradient[i]
    return
  }
  const { indices, values } = gradient
  const width = widthOf(gradient)
  for (let k = 0; k < indices.length; k++) {
    for (let c = 0; c < width; c++) total[indices[k] * width + c] += values[k * width + c]
  }
}

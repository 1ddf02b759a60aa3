import { type FloatArray, requireFloatArray } from '../step/index.ts'
import { isSingle, zerosLike } from './arrays.ts'
import { refuseVariable } from './naming.ts'
import type { Variable } from './variable.ts'

const MOST_COORDINATES = 10_000

/** By so much of their sum the slopes to the right and to the left may differ; more, and the loss bends too much. */
const MOST_CURVED = 1 / 16

/**
 * (loss(w + h) − loss(w − h)) / 2h for each coordinate in turn; two calls of the loss each, so for tests and small
 * problems. The variables have their values again afterwards, also where the loss throws.
 *
 * h is about the cube root of the type's rounding error, and as much of the weight where that is larger. Where the loss
 * bends much between w − h and w + h, or is not defined there, a second pair of calls takes h in proportion to the weight.
 *
 * @param loss - the loss's value for the variables as they are.
 * @param middle - that value now.
 * @throws RangeError above 10,000 coordinates, and for a coordinate near which the loss is not finite.
 */
export function centralDifferences(loss: () => number, middle: number, variables: readonly Variable[]): FloatArray[] {
  const coordinates = variables.reduce((sum, { size }) => sum + size, 0)
  if (coordinates > MOST_COORDINATES) {
    throw new RangeError(
      `central differences over ${coordinates} coordinates would call the loss ${2 * coordinates} times; return { value, gradients } from the loss or pass a tape (limit: ${MOST_COORDINATES})`,
    )
  }
  return variables.map((variable) => {
    const { value } = variable
    const gradient = zerosLike(value)
    for (let i = 0; i < value.length; i++) gradient[i] = slopeAt(loss, middle, variable, i)
    return gradient
  })
}

/** The loss beside a weight, and where it was asked for. */
interface Difference {
  readonly slope: number
  /** Whether the two sides agree well enough for the slope to be right to a per cent. */
  readonly isStraight: boolean
  /** Whether the losses differ by enough for their rounding not to count. */
  readonly isClear: boolean
}

function slopeAt(loss: () => number, middle: number, variable: Variable, i: number): number {
  const weight = variable.value[i]
  const step = isSingle(variable.value) ? 2 ** -8 : 2 ** -17
  const wide = differenceAt(loss, middle, variable.value, i, step * Math.max(1, Math.abs(weight)))
  const isDefined = Number.isFinite(wide.slope)
  if (wide.isStraight || (weight === 0 && isDefined)) return wide.slope
  const near = weight === 0 ? wide : differenceAt(loss, middle, variable.value, i, step * Math.abs(weight))
  if (near.isClear || (Number.isFinite(near.slope) && !isDefined)) return near.slope
  if (isDefined) return wide.slope
  refuseVariable(
    variable,
    `gradient[${i}] is ${near.slope} by central differences, because the loss is not finite beside the weight ${weight}; return { value, gradients } from the loss, or start elsewhere`,
  )
}

function differenceAt(loss: () => number, middle: number, value: FloatArray, i: number, distance: number): Difference {
  const weight = value[i]
  const { largest } = requireFloatArray(value, 'variable')
  try {
    value[i] = Math.min(weight + distance, largest)
    const high = value[i]
    const above = loss()
    value[i] = Math.max(weight - distance, -largest)
    const low = value[i]
    const below = loss()
    // The distance that the type really stored.
    const slope = (above - below) / (high - low)
    const right = high === weight ? slope : (above - middle) / (high - weight)
    const left = low === weight ? slope : (middle - below) / (weight - low)
    const isStraight = Math.abs(right - left) <= MOST_CURVED * (Math.abs(right) + Math.abs(left))
    const rounding = Math.abs(middle) * (isSingle(value) ? 2 ** -16 : 2 ** -44)
    return { slope, isStraight, isClear: Math.abs(above - below) > rounding }
  } finally {
    value[i] = weight
  }
}

import type { Batch, Problem, Settings } from './problem.ts'

export type Formula = 'Clippy' | 'Adagrad'

/** A row of the variable and of the accumulator. */
export interface Row {
  readonly variable: Float64Array
  readonly accumulator: Float64Array
}

/**
 * The rows that the first steps change and what they hold then, in double: slow, and written without a line of what is
 * timed. Adagrad adds the square before it takes the root, and does not clip.
 */
export function rowsAfter(problem: Problem, formula: Formula, settings: Settings, steps: number): Map<number, Row> {
  const { variable, accumulator, batches, width } = problem
  const rows = new Map<number, Row>()
  for (let n = 0; n < steps; n++) {
    const sums = summedRows(batches[n % batches.length], width)
    for (const row of sums.keys()) {
      if (rows.has(row)) continue
      const [from, to] = [row * width, (row + 1) * width]
      rows.set(row, {
        variable: new Float64Array(variable.subarray(from, to)),
        accumulator: new Float64Array(accumulator.subarray(from, to)),
      })
    }
    takeStep(rows, sums, formula, settings)
  }
  return rows
}

function summedRows({ indices, values }: Batch, width: number): Map<number, Float64Array> {
  const sums = new Map<number, Float64Array>()
  indices.forEach((row, k) => {
    const sum = sums.get(row) ?? new Float64Array(width)
    for (let c = 0; c < width; c++) sum[c] += values[k * width + c]
    sums.set(row, sum)
  })
  return sums
}

function takeStep(
  rows: Map<number, Row>,
  gradients: Map<number, Float64Array>,
  formula: Formula,
  settings: Settings,
): void {
  const { learningRate, epsilon, clipAccumulatorUpdate = false, weightDecay = 0 } = settings
  const addsFirst = formula === 'Adagrad' || settings.useStandardAccumulatorUpdate === true
  const eachCoordinate = (visit: (row: Row, i: number, g: number) => void) => {
    for (const [key, gradient] of gradients) {
      const row = rows.get(key)
      if (row !== undefined) gradient.forEach((g, i) => void visit(row, i, g))
    }
  }
  const addSquares = (share: number) => {
    eachCoordinate(({ accumulator }, i, g) => {
      accumulator[i] += (share * g) ** 2
    })
  }
  eachCoordinate(({ variable }, i) => {
    variable[i] -= variable[i] * weightDecay * learningRate
  })
  if (addsFirst) addSquares(1)
  let factor = 1
  if (formula === 'Clippy') {
    eachCoordinate(({ variable, accumulator }, i, g) => {
      const root = Math.sqrt(accumulator[i] + epsilon)
      const bound =
        Math.abs(variable[i]) * settings.variableRelativeThreshold +
        settings.accumulatorRelativeThreshold / root +
        settings.absoluteThreshold
      if (g !== 0) factor = Math.min(factor, bound / Math.abs((learningRate * g) / root))
    })
  }
  eachCoordinate(({ variable, accumulator }, i, g) => {
    variable[i] -= (factor * learningRate * g) / Math.sqrt(accumulator[i] + epsilon)
  })
  if (!addsFirst) addSquares(clipAccumulatorUpdate ? factor : 1)
}

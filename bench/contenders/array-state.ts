import type { FloatArray } from 'clippy-adagrad'
import { copyTouched, type Problem, touchedCoordinates } from '../problem.ts'
import type { Prepared } from './contender.ts'

/** `reset` and `read` for a contender that works in place on typed arrays. */
export function inPlaceState(
  problem: Problem,
  variable: FloatArray,
  accumulator: FloatArray,
): Pick<Prepared, 'reset' | 'read'> {
  const touched = touchedCoordinates(problem)
  return {
    reset() {
      copyTouched(touched, problem.variable, variable)
      copyTouched(touched, problem.accumulator, accumulator)
    },
    read: () => ({ variable, accumulator }),
  }
}

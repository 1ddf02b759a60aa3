import { allocate, type FloatArray, step } from 'clippy-adagrad'
import { makeProblem, SETTINGS } from '../../../bench/problem.ts'
import type { ShardData } from '../sharded/thread.ts'
import { Team } from '../team/team.ts'

const PROGRAM = new URL('thread.ts', import.meta.url)

/** One way of taking a problem's step, with arrays of its own. */
export interface Contender {
  readonly name: string
  /** Milliseconds for so many steps. */
  time(steps: number): Promise<number>
  /** The variable as it is now, where it has to have the bits of `step`. */
  readonly variable?: FloatArray
  end(): Promise<void>
}

export async function ourContenders(length: number): Promise<Contender[]> {
  const problem = makeProblem({ kind: 'dense', length })
  const copyTo = (arrays: ReturnType<typeof allocate>) => {
    arrays.variable.set(problem.variable)
    arrays.accumulator.set(problem.accumulator)
    arrays.gradient.set(problem.gradient)
  }
  const { variable, accumulator, gradient } = problem
  const ordinary = { variable: variable.slice(), accumulator: accumulator.slice(), gradient }
  const inPlace = allocate(length)
  copyTo(inPlace)
  const contenders = [alone('`step`, ordinary arrays', ordinary), alone(WITHOUT_THREADS, inPlace)]
  for (const threads of [1, 2]) {
    const shared = allocate(length, { shared: true })
    copyTo(shared)
    const data: ShardData = { handle: shared.handle, options: SETTINGS }
    const team = await Team.start<ShardData, number, number>(PROGRAM, threads, data)
    contenders.push({
      name: threads === 1 ? ONE_THREAD : TWO_THREADS,
      variable: shared.variable,
      time: async (steps) => Math.max(...(await team.tell(steps))),
      end: () => team.end(),
    })
  }
  return contenders
}

/** What a second thread gains is the ratio of these two; what threads gain at all, that to a step without them. */
export const TWO_THREADS = 'team of 2'
export const ONE_THREAD = 'team of 1'
export const WITHOUT_THREADS = '`step`, `allocate()`'

function alone(name: string, { variable, accumulator, gradient }: ReturnType<typeof allocate>): Contender {
  return {
    name,
    variable,
    async time(steps) {
      const start = performance.now()
      for (let n = 0; n < steps; n++) step(variable, accumulator, gradient, SETTINGS)
      return performance.now() - start
    },
    end: async () => {},
  }
}

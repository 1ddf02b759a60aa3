import { allocate, type FloatArray, step } from 'clippy-adagrad'
import { INITIAL_ACCUMULATOR, type Problem, SETTINGS } from '../../../bench/problem.ts'
import { makePool } from '../pool/make-pool.ts'
import { ShardedVariable } from '../pool/sharded-variable.ts'
import { ShardTeam } from '../team/shard-team.ts'

/** One way of taking a problem's step, with arrays of its own. */
export interface Contender {
  readonly name: string
  /** Nanoseconds per step, over as many as fit into so many milliseconds, and at least one. */
  time(milliseconds: number): Promise<number>
  /** The variable as it is now, where it has to have the bits of `step`. */
  readonly variable?: FloatArray
  /** Of a process of its own. */
  readonly pid?: number | undefined
  end(): Promise<void>
}

export async function ourContenders({ variable, accumulator, gradient }: Problem): Promise<Contender[]> {
  const ordinary = { variable: variable.slice(), accumulator: accumulator.slice(), gradient: gradient.slice() }
  const inPlace = allocate(variable.length)
  inPlace.variable.set(variable)
  inPlace.accumulator.set(accumulator)
  inPlace.gradient.set(gradient)
  const alone = [
    { name: 'one thread, `step`, ordinary arrays', ...ordinary },
    { name: 'one thread, `step`, `allocate()`', ...inPlace },
  ].map(({ name, variable, accumulator, gradient }) =>
    contender(name, variable, () => step(variable, accumulator, gradient, SETTINGS)),
  )
  const sharded: Contender[] = []
  for (const threads of [1, 2]) {
    const pool = makePool(threads)
    const shards = new ShardedVariable(pool, variable, threads, INITIAL_ACCUMULATOR)
    shards.gradient.set(gradient)
    const stepPool = () => shards.step(SETTINGS)
    sharded.push(contender(`pool of ${threads}`, shards.variable, stepPool, () => pool.close()))
  }
  for (const threads of [1, 2]) {
    const team = await ShardTeam.start(variable, threads, SETTINGS)
    team.gradient.set(gradient)
    sharded.push(
      contender(
        `team of ${threads}`,
        team.variable,
        () => team.step(),
        () => team.end(),
      ),
    )
  }
  return [...alone, ...sharded]
}

function contender(
  name: string,
  variable: FloatArray,
  takeStep: () => number | Promise<number>,
  end: () => Promise<void> = async () => {},
): Contender {
  return { name, variable, end, time: (milliseconds) => time(takeStep, milliseconds) }
}

/** The first step does not count: it brings back into the caches what others who ran in between have driven out. */
async function time(takeStep: () => number | Promise<number>, milliseconds: number): Promise<number> {
  await takeStep()
  let steps = 0
  let elapsed = 0
  while (steps === 0 || elapsed < milliseconds * 1e6) {
    const start = process.hrtime.bigint()
    await takeStep()
    elapsed += Number(process.hrtime.bigint() - start)
    steps++
  }
  return elapsed / steps
}

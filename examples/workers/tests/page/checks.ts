/** What tests/browsers.test.ts has a page do. Each throws where a promise is broken. */
import * as assert from 'uvu/assert'
import { ShardedVariable } from '../../sharded/sharded-variable.ts'
import { Team } from '../../team/team.ts'
import { OPTIONS, refusalOf, sameBits, values, Whole } from '../support.ts'

const LENGTH = 10_007
const start = values(LENGTH, 'float32', 1)
const program = (name: string) => new URL(`../programs/${name}`, import.meta.url)

export async function everyThreadHasTheKernel(): Promise<void> {
  const team = await Team.start<undefined, undefined, string>(program('kernel.ts'), 2, undefined)
  assert.equal(await team.tell(undefined), ['simd', 'simd'])
  await team.end()
}

export async function shardsHaveTheBitsOfTheWhole(shards: number): Promise<void> {
  const whole = new Whole(start)
  const sharded = await ShardedVariable.start(start, shards, OPTIONS)
  for (const seed of [2, 3, 4]) {
    const gradient = values(LENGTH, 'float32', seed)
    sharded.gradient.set(gradient)
    assert.is(await sharded.step(), whole.step(gradient, OPTIONS))
    sameBits(sharded.variable, whole.variable, 'variable')
    sameBits(sharded.accumulator, whole.accumulator, 'accumulator')
  }
  await sharded.end()
}

export async function aNaNMovesNoShard(): Promise<void> {
  const sharded = await ShardedVariable.start(start, 3, OPTIONS)
  sharded.gradient.fill(1)
  sharded.gradient[LENGTH - 1] = Number.NaN
  const error = await refusalOf(sharded.step())
  assert.instance(error, RangeError)
  assert.is(error.message, `gradient[${LENGTH - 1}] is NaN; expected a finite number`)
  sameBits(sharded.variable, start, 'variable')
  await sharded.end()
}

/** A worker that is ended from outside: no event says so, whether it does it itself or the browser for want of memory. */
export async function aLostWorkerEndsTheTeam(): Promise<void> {
  const workers: Worker[] = []
  const Original = globalThis.Worker
  globalThis.Worker = class extends Original {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given)
      workers.push(this)
    }
  }
  const sharded = await ShardedVariable.start(start, 3, OPTIONS)
  globalThis.Worker = Original
  workers[1].terminate()
  const error = await refusalOf(sharded.step())
  assert.is(error.message, 'a thread ended, so the team has ended')
  assert.is(await refusalOf(sharded.step()), error)
}

export async function aProgramThatIsMissingIsTheErrorOfTheStart(): Promise<void> {
  assert.match((await refusalOf(Team.start(program('missing.js'), 2, undefined))).message, 'missing.js')
}

import type { FloatArray } from 'clippy-adagrad'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MODES, OPTIONS, PRECISIONS, refusalOf, sameBits, values, Whole, withPackages } from './support.ts'

const test = suite('workers: a pool')

/** Not a multiple of anything that shards are cut by, so that their lengths differ. */
const LENGTH = 10_007
const STEPS = 3
const COUNTS = [1, 2, 3, 5]

await withPackages(test, ['piscina'], async () => {
  const { makePool } = await import('../pool/make-pool.ts')
  const { ShardedVariable } = await import('../pool/sharded-variable.ts')
  const pool = makePool(2)
  test.after(() => pool.close())

  for (const precision of PRECISIONS) {
    for (const [mode, more] of Object.entries(MODES)) {
      for (const shards of COUNTS) {
        test(`${shards} shards give the bits of one step on the whole: ${precision}, ${mode}`, async () => {
          const start = values(LENGTH, precision, 1)
          const whole = new Whole(start)
          const sharded = new ShardedVariable(pool, start, shards)
          const factors: number[] = []
          for (let n = 0; n < STEPS; n++) {
            const gradient = values(LENGTH, precision, 2 + n)
            sharded.gradient.set(gradient)
            factors.push(whole.step(gradient, { ...OPTIONS, ...more }))
            assert.is(await sharded.step({ ...OPTIONS, ...more }), factors[n])
          }
          sameBits(sharded.variable, whole.variable, 'variable')
          sameBits(sharded.accumulator, whole.accumulator, 'accumulator')
          assert.ok(
            factors.some((factor) => factor < 1),
            'a step that clips',
          )
        })
      }
    }
  }

  test('a variable shorter than its number of shards is stepped too', async () => {
    const whole = new Whole(Float32Array.of(1, -2, 3))
    const sharded = new ShardedVariable(pool, whole.variable, 5)
    sharded.gradient.fill(0.5)
    await sharded.step(OPTIONS)
    whole.step(sharded.gradient, OPTIONS)
    sameBits(sharded.variable, whole.variable, 'variable')
  })

  /** Steps with one bad number in the third of five shards, and says what came of it. */
  async function refusedStep(mode: string, role: 'variable' | 'accumulator' | 'gradient', bad: number) {
    const start = values(LENGTH, 'float32', 1)
    const sharded = new ShardedVariable(pool, start, 5)
    sharded.gradient.set(values(LENGTH, 'float32', 2))
    sharded[role][5003] = bad
    const before: FloatArray[] = [sharded.variable.slice(), sharded.accumulator.slice()]
    const error = await refusalOf(sharded.step({ ...OPTIONS, ...MODES[mode] }))
    return { error, before, after: [sharded.variable, sharded.accumulator] }
  }

  for (const mode of Object.keys(MODES)) {
    test(`a NaN in one shard moves no shard: ${mode}`, async () => {
      const { before, after } = await refusedStep(mode, 'gradient', Number.NaN)
      sameBits(after[0], before[0], 'variable')
      sameBits(after[1], before[1], 'accumulator')
    })

    for (const role of ['variable', 'accumulator', 'gradient'] as const) {
      test(`the error names the bad number's index in the whole ${role}: ${mode}`, async () => {
        const { error } = await refusedStep(mode, role, Number.POSITIVE_INFINITY)
        assert.instance(error, RangeError)
        assert.is(error.message, `${role}[5003] is Infinity; expected a finite number`)
      })
    }
  }

  test('after a refused step the next one is as if it had never been asked for', async () => {
    const start = values(LENGTH, 'float64', 1)
    const whole = new Whole(start)
    const sharded = new ShardedVariable(pool, start, 3)
    sharded.gradient.fill(Number.NaN)
    await refusalOf(sharded.step(OPTIONS))
    sharded.gradient.set(start)
    assert.is(await sharded.step(OPTIONS), whole.step(start, OPTIONS))
    sameBits(sharded.variable, whole.variable, 'variable')
  })

  test('a step is refused while the last one is under way', async () => {
    const sharded = new ShardedVariable(pool, values(LENGTH, 'float32', 1), 2)
    const first = sharded.step(OPTIONS)
    const error = await refusalOf(sharded.step(OPTIONS))
    assert.match(error.message, /still under way/)
    await first
  })

  test('the steps are taken on the threads of the pool', async () => {
    const sharded = new ShardedVariable(pool, values(LENGTH, 'float32', 1), 3)
    const { completed } = pool
    await sharded.step(OPTIONS)
    assert.is(pool.completed - completed, 2 * 3)
  })
})

test.run()

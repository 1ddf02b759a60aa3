import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { FloatArray, Optimizer, Variable } from 'clippy-adagrad'
import { replaceFile } from '../checkpoint/checkpoint.ts'
import { textOf } from './agreement.ts'
import { Shard } from './distributed.ts'
import type { World } from './mpi.ts'
import { ownerOf, placeInPart, rowAt } from './sharded-table.ts'

const MANIFEST = 'checkpoint.json'

/** Names the files that belong together. It is written when all of them are, so whatever it names is whole. */
interface Manifest {
  readonly step: number
  readonly ranks: number
}

/** An array to be saved, and the width of its rows if this rank has only a part of them. */
interface Piece {
  readonly name: string
  readonly values: FloatArray
  readonly width: number | undefined
}

/** The arrays of one file, by name. */
type Saved = Readonly<Record<string, FloatArray>>

/**
 * Saves variables and the optimizer's state in a folder: a file for each rank and step with that rank's shards, rank 0's
 * with all whole variables too, then the manifest. Whenever a rank is killed, the manifest and the files that it names are
 * those of the last step that all ranks had saved.
 *
 * Any number of ranks can go on from there: shards are cut anew by row, as `ShardedTable` deals them out, so then the folder
 * has to be one that all hosts share. With the same number, each rank reads its own file only, and rank 0 the manifest.
 */
export class Checkpoint {
  readonly #world: Pick<World, 'rank' | 'size' | 'allreduce' | 'broadcast' | 'barrier'>
  readonly #folder: string
  readonly #variables: readonly Variable[]
  readonly #optimizer: Optimizer

  constructor(
    world: Pick<World, 'rank' | 'size' | 'allreduce' | 'broadcast' | 'barrier'>,
    folder: string,
    variables: readonly Variable[],
    optimizer: Optimizer,
  ) {
    this.#world = world
    this.#folder = folder
    this.#variables = variables
    this.#optimizer = optimizer
  }

  /** Collective, after a step that all ranks have taken. */
  save(step: number): void {
    const { rank, size } = this.#world
    const own = this.#pieces().filter(({ width }) => width !== undefined || rank === 0)
    mkdirSync(this.#folder, { recursive: true })
    const saved: Saved = Object.fromEntries(own.map(({ name, values }) => [name, values]))
    replaceFile(this.#path(step, rank, size), serialize(saved))
    this.#world.barrier()
    if (rank !== 0) return
    const manifest: Manifest = { step, ranks: size }
    replaceFile(join(this.#folder, MANIFEST), Buffer.from(JSON.stringify(manifest)))
    for (const name of readdirSync(this.#folder)) {
      // Those of later steps are of a run that was killed, or being written by ranks that are ahead of this one.
      if (Number(name.match(/^step-(\d+)\./)?.[1]) < step) rmSync(join(this.#folder, name))
    }
  }

  /** Puts back what was saved and returns the number of steps that are done: 0 where nothing was. Collective. */
  load(): number {
    const { rank, size } = this.#world
    const path = join(this.#folder, MANIFEST)
    const text = textOf(this.#world, 0, rank === 0 && existsSync(path) ? readFileSync(path, 'utf8') : '')
    if (text === '') return 0
    const { step, ranks }: Manifest = JSON.parse(text)
    this.#optimizer.build(this.#variables)
    const pieces = this.#pieces().map((piece) => ({ ...piece, values: piece.values.slice() }))

    const missing = new Map(pieces.map(({ name, values, width }) => [name, width === undefined ? 0 : values.length]))
    // A rank's rows lie in the files of those ranks alone that have its number by this divisor.
    const divisor = greatestCommonDivisor(ranks, size)
    for (let from = rank % divisor; from < ranks; from += divisor) {
      const saved: Saved = deserialize(readFileSync(this.#path(step, from, ranks)))
      for (const { name, values, width } of pieces) {
        if (width === undefined) continue
        const found = takeRows(values, saved[name] ?? values.subarray(0, 0), width, [from, ranks], [rank, size])
        missing.set(name, (missing.get(name) ?? 0) - found)
      }
    }
    const wrong = [...missing].find(([, count]) => count !== 0)
    if (wrong !== undefined)
      throw new Error(`${this.#folder}, step ${step}, is of another model: '${wrong[0]}' differs`)
    this.#shareWhole(pieces, step, ranks)

    this.#variables.forEach((variable, k) => {
      variable.value.set(pieces[k].values)
    })
    const state = pieces.slice(this.#variables.length).map(({ values }, k) => [k, values] as const)
    this.#optimizer.loadOwnVariables(Object.fromEntries(state))
    return step
  }

  /** Rank 0 reads what all ranks have whole, and gives it to them. */
  #shareWhole(pieces: readonly Piece[], step: number, ranks: number): void {
    const { rank } = this.#world
    const saved: Saved = rank === 0 ? deserialize(readFileSync(this.#path(step, 0, ranks))) : {}
    for (const { name, values, width } of pieces) {
      if (width !== undefined) continue
      if (rank === 0) {
        if (saved[name]?.length !== values.length) {
          throw new Error(`${this.#folder}, step ${step}, is of another model: '${name}' differs`)
        }
        values.set(saved[name])
      }
      this.#world.broadcast(values, 0)
    }
  }

  /** The variables, then the state in the order in which the optimizer saves it. */
  #pieces(): Piece[] {
    const shards = this.#variables.filter((variable) => variable instanceof Shard)
    const shardOf = (slot: Variable) =>
      shards.find(({ name, shape }) => slot.name.endsWith(`/${name}`) && String(slot.shape) === String(shape))
    const piece = (name: string, { value }: Variable, shard: Variable | undefined): Piece => ({
      name,
      values: value,
      width: shard?.shape[1],
    })
    return [
      ...this.#variables.map((variable) =>
        piece(variable.name, variable, variable instanceof Shard ? variable : undefined),
      ),
      ...this.#optimizer.variables.map((slot) => piece(`state: ${slot.name}`, slot, shardOf(slot))),
    ]
  }

  #path(step: number, rank: number, ranks: number): string {
    return join(this.#folder, `step-${step}.rank-${rank}-of-${ranks}`)
  }
}

type RankAndSize = readonly [rank: number, size: number]

/** Copies the rows that a rank of the run under way has from those that one of an earlier run had; returns how many values. */
function takeRows(values: FloatArray, saved: FloatArray, width: number, from: RankAndSize, to: RankAndSize): number {
  const [rank, size] = to
  let taken = 0
  for (let place = 0; place < saved.length / width; place++) {
    const row = rowAt(place, ...from)
    if (ownerOf(row, size) !== rank) continue
    const start = placeInPart(row, size) * width
    if (start + width <= values.length) values.set(saved.subarray(place * width, (place + 1) * width), start)
    taken += width
  }
  return taken
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

import type { FloatArray, SparseGradient } from 'clippy-adagrad'
import { Shard } from './distributed.ts'
import type { World } from './mpi.ts'

/** What a table needs of `World`, so that tests can do without Open MPI. */
export type ExchangingRanks = Pick<World, 'rank' | 'size' | 'exchange' | 'exchangeCounts'>

/** Rows are dealt out like cards: rank r has rows r, r + size, …, so that rows often asked for are spread over the ranks. */
export function ownerOf(row: number, size: number): number {
  return row % size
}

/** A row's place in its owner's part. */
export function placeInPart(row: number, size: number): number {
  return Math.floor(row / size)
}

/** The row at a place of a rank's part. */
export function rowAt(place: number, rank: number, size: number): number {
  return place * size + rank
}

/** How many of a table's rows a rank has. */
export function rowsOf(rank: number, size: number, rows: number): number {
  return Math.ceil((rows - rank) / size)
}

/** The distinct rows that a rank has asked for. */
export interface FetchedRows {
  /** One after the other. */
  readonly values: Float32Array
  /** Where in `values`, counted in rows, the row is that was asked for k-th. */
  readonly places: Int32Array
  /**
   * Sends the gradient of each of `values` to the rank that has the row, multiplied by `weight`, and returns what all have
   * sent for this rank's part. Collective.
   */
  gradient(values: FloatArray, weight: number): SparseGradient
}

/** An embedding table of which each rank has a part of the rows. */
export class ShardedTable {
  /** To be trained, with the gradients that come from `fetch`. */
  readonly part: Shard
  readonly rows: number
  readonly width: number
  readonly #ranks: ExchangingRanks

  /** `initialRow` gives the values of a row, the same whichever rank asks. */
  constructor(
    ranks: ExchangingRanks,
    name: string,
    rows: number,
    width: number,
    initialRow: (row: number) => ArrayLike<number>,
  ) {
    const { rank, size } = ranks
    const count = rowsOf(rank, size, rows)
    const values = new Float32Array(count * width)
    for (let place = 0; place < count; place++) values.set(initialRow(rowAt(place, rank, size)), place * width)
    this.part = new Shard(values, { name, shape: [count, width] })
    this.rows = rows
    this.width = width
    this.#ranks = ranks
  }

  /** The rows that this rank's part of a batch names, repeats included, from the ranks that have them. Collective. */
  fetch(asked: Int32Array): FetchedRows {
    const ranks = this.#ranks
    const { size } = ranks
    for (const row of asked) {
      if (row >= 0 && row < this.rows) continue
      throw new RangeError(`table '${this.part.name}' was asked for row ${row}; expected 0 to ${this.rows - 1}`)
    }
    const wanted = Int32Array.from(new Set(asked)).sort((a, b) => ownerOf(a, size) - ownerOf(b, size))
    const counts = new Int32Array(size)
    for (const row of wanted) counts[ownerOf(row, size)]++

    const incoming = ranks.exchangeCounts(counts)
    const served = new Int32Array(incoming.reduce((sum, count) => sum + count, 0))
    const places = wanted.map((row) => placeInPart(row, size))
    ranks.exchange(places, counts, served, incoming)

    const floats = (ofEach: Int32Array) => ofEach.map((count) => count * this.width)
    const values = new Float32Array(wanted.length * this.width)
    ranks.exchange(this.#copyOf(served), floats(incoming), values, floats(counts))

    const placeOf = new Map(Array.from(wanted, (row, place) => [row, place]))
    return {
      values,
      places: asked.map((row) => placeOf.get(row) ?? -1),
      gradient: (gradients, weight) => {
        const sums = new Float32Array(served.length * this.width)
        ranks.exchange(
          Float32Array.from(gradients, (g) => g * weight),
          floats(counts),
          sums,
          floats(incoming),
        )
        return { indices: served, values: sums }
      },
    }
  }

  /** The rows at these places of this rank's part. */
  #copyOf(places: Int32Array): Float32Array {
    const { width } = this
    const rows = new Float32Array(places.length * width)
    places.forEach((place, k) => {
      rows.set(this.part.value.subarray(place * width, (place + 1) * width), k * width)
    })
    return rows
  }
}

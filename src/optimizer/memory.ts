import type { FloatArray } from '../step/index.ts'

interface Span<Owner> {
  readonly from: number
  readonly to: number
  readonly owner: Owner
}

/**
 * Which of many arrays others overlap, told in the logarithm of their number, whatever buffers they lie in. No two of the
 * arrays may overlap each other.
 */
export class MemoryMap<Owner extends { readonly value: FloatArray }> {
  /** By buffer, in ascending order. */
  readonly #spans = new Map<ArrayBufferLike, Span<Owner>[]>()

  /** `refuse` is called with the first two owners whose arrays share bytes, and throws. */
  constructor(owners: readonly Owner[], refuse: (one: Owner, other: Owner) => never) {
    for (const owner of owners) {
      const { buffer, byteOffset, byteLength } = owner.value
      if (byteLength === 0) continue
      const spans = this.#spans.get(buffer) ?? []
      spans.push({ from: byteOffset, to: byteOffset + byteLength, owner })
      this.#spans.set(buffer, spans)
    }
    for (const spans of this.#spans.values()) {
      spans.sort((one, other) => one.from - other.from)
      for (let k = 1; k < spans.length; k++) {
        if (spans[k].from < spans[k - 1].to) refuse(spans[k - 1].owner, spans[k].owner)
      }
    }
  }

  /** The owners whose arrays share bytes with this one. */
  overlapping(view: ArrayBufferView): readonly Owner[] {
    const spans = this.#spans.get(view.buffer)
    if (spans === undefined || view.byteLength === 0) return NOBODY
    const to = view.byteOffset + view.byteLength
    const owners: Owner[] = []
    for (let k = firstEndingAfter(spans, view.byteOffset); k < spans.length && spans[k].from < to; k++) {
      owners.push(spans[k].owner)
    }
    return owners
  }
}

const NOBODY: readonly never[] = []

function firstEndingAfter(spans: readonly Span<unknown>[], byte: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (spans[middle].to > byte) high = middle
    else low = middle + 1
  }
  return low
}

import type { Kind } from './typed-array.ts'
import type { FloatArray } from './types.ts'

const PIECE_BYTES = 2 ** 16

/** Longer arrays get memory of their own: it takes little beside what is done with them. */
const MOST_BYTES = 2 ** 12

/**
 * Memory from which short arrays for one step are cut. An engine takes as long to find memory for an array of its own as for a
 * step on 128 coordinates: with it, a step on few rows took twice its time. No byte is cut twice, so an array that somebody
 * keeps stays as it is.
 */
let piece = /* @__PURE__ */ new ArrayBuffer(0)
let used = 0

/** Where so many bytes begin in the piece. */
function cut(bytes: number): number {
  // A piece that was transferred to another thread has no bytes left.
  if (used + bytes > piece.byteLength) {
    piece = new ArrayBuffer(PIECE_BYTES)
    used = 0
  }
  const start = used
  used += (bytes + 7) & -8
  return start
}

/** Zeros for as long as a step takes. */
export function shortLived<Made>(length: number, Kind: Kind<Made>): Made {
  const bytes = Kind.BYTES_PER_ELEMENT * length
  if (bytes > MOST_BYTES) return new Kind(length)
  const start = cut(bytes)
  return new Kind(piece, start, length)
}

/** The array, in memory that is nobody else's: for those who may keep it or give its memory away. */
export function inOwnMemory<Made extends Uint32Array | FloatArray>(array: Made): Made {
  return array.buffer.byteLength === array.byteLength ? array : (array.slice() as Made)
}

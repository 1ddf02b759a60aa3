const SHORTEST = 3
const LONGEST = 130
const MOST_LITERALS = 128

/** Bytes as they are (no `back`), or the repetition of those that lie so far back. */
interface Piece {
  readonly length: number
  readonly back?: number
}

/**
 * Packs bytes for src/step/loops/unpack.ts, as short as that format can be. The loops of the kernel are much alike: packed
 * they are less than half as long. Takes time and memory as the square of the length.
 */
export function pack(bytes: Uint8Array): Uint8Array {
  const packed: number[] = []
  let at = 0
  for (const { length, back } of piecesOf(bytes)) {
    if (back === undefined) packed.push(length - 1, ...bytes.subarray(at, at + length))
    else if (back < 128) packed.push(length + 125, back)
    else packed.push(length + 125, 128 + (back >> 8), back & 255)
    at += length
  }
  return Uint8Array.from(packed)
}

/** The cheapest pieces, found from the end: each place is followed by the piece that leaves the fewest bytes to write. */
function piecesOf(bytes: Uint8Array): Piece[] {
  const cost: number[] = [0]
  const next: Piece[] = []
  const rest = (from: number) => cost[bytes.length - from]
  for (let i = bytes.length - 1; i >= 0; i--) {
    let least = Number.POSITIVE_INFINITY
    const offer = (piece: Piece, price: number) => {
      const total = price + rest(i + piece.length)
      if (total >= least) return
      least = total
      next[i] = piece
    }
    for (let length = 1; length <= Math.min(MOST_LITERALS, bytes.length - i); length++) offer({ length }, 1 + length)
    nearestRepeats(bytes, i).forEach((back, length) => {
      offer({ length, back }, back < 128 ? 2 : 3)
    })
    cost.push(least)
  }
  const pieces: Piece[] = []
  for (let i = 0; i < bytes.length; i += next[i].length) pieces.push(next[i])
  return pieces
}

/** For each length, by how much one has to go back to find the bytes from `i` on. */
function nearestRepeats(bytes: Uint8Array, i: number): Map<number, number> {
  const repeats = new Map<number, number>()
  let longest = SHORTEST - 1
  for (let back = 1; back <= i && back < 2 ** 15; back++) {
    let length = 0
    while (length < LONGEST && i + length < bytes.length && bytes[i + length - back] === bytes[i + length]) length++
    for (; longest < length; longest++) repeats.set(longest + 1, back)
  }
  return repeats
}

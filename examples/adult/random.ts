/** A source of numbers in [0, 1). */
export type Random = () => number

/** Mulberry32: a small generator with a 32-bit seed, so that every run can be repeated. `Math.random` has no seed. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Fisher and Yates' shuffle, in place: every order is equally likely. */
export function shuffle(values: Int32Array, random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    const swapped = values[chosen]
    values[chosen] = values[last]
    values[last] = swapped
  }
}

/** The numbers 0 to length − 1 in a random order. */
export function shuffledIndices(length: number, random: Random): Int32Array {
  const indices = Int32Array.from({ length }, (_, index) => index)
  shuffle(indices, random)
  return indices
}

const SHORTEST = 3
const LONGEST = 31 + 255 + 2
const MOST_TAKEN = 7 + 255

/** So many bytes as they are, then the repetition of so many that lie so far back; of none at the end. */
interface Token {
  readonly taken: number
  readonly repeated: number
  readonly back: number
}

/**
 * Packs bytes for src/step/loops/unpack.ts, about as short as that format can be. The loops of the kernel are much alike:
 * packed they are a good third as long. Takes time as the square of the length.
 */
export function pack(bytes: Uint8Array): Uint8Array {
  const packed: number[] = []
  let at = 0
  let last = 0
  for (const { taken, repeated, back } of tokensOf(bytes)) {
    const length = repeated === 0 ? 0 : repeated - 2
    packed.push((Math.min(taken, 7) << 5) | Math.min(length, 31))
    if (taken >= 7) packed.push(taken - 7)
    if (length >= 31) packed.push(length - 31)
    packed.push(...bytes.subarray(at, at + taken))
    at += taken + repeated
    if (repeated === 0) continue
    if (back === last) packed.push(0)
    else if (back < 128) packed.push(back)
    else packed.push(128 + (back >> 8), back & 255)
    last = back
  }
  return Uint8Array.from(packed)
}

/** The cheapest way found to write the bytes from some place on. */
interface Way {
  /** Bytes to write. */
  readonly cost: number
  readonly token: Token
}

/**
 * The cheapest tokens, found from the end: each place is followed by the token that leaves the fewest bytes to write. Of repetitions
 * only the nearest are tried, and those from as far back as the ones that follow them, which then take no bytes to say so.
 */
function tokensOf(bytes: Uint8Array): Token[] {
  const ways: Way[] = []
  ways[bytes.length] = { cost: 0, token: { taken: 0, repeated: 0, back: 0 } }
  /** The cheapest way that begins with a repetition, for each place that has one. */
  const repeats: (Way | undefined)[] = []
  for (let i = bytes.length - 1; i >= 0; i--) {
    repeats[i] = cheapest(repetitionsAt(bytes, i, ways))
    ways[i] = cheapest(waysFrom(i, ways, repeats)) as Way
  }
  const tokens: Token[] = []
  for (let i = 0; i < bytes.length; ) {
    const { token } = ways[i]
    tokens.push(token)
    i += token.taken + token.repeated
  }
  return tokens
}

function cheapest(ways: Iterable<Way>): Way | undefined {
  let best: Way | undefined
  for (const way of ways) if (best === undefined || way.cost < best.cost) best = way
  return best
}

function* repetitionsAt(bytes: Uint8Array, i: number, ways: readonly Way[]): Iterable<Way> {
  for (const [repeated, nearest] of nearestRepeats(bytes, i)) {
    const { cost, token } = ways[i + repeated]
    for (const back of new Set([nearest, token.back])) {
      if (back === 0 || !isRepeat(bytes, i, back, repeated)) continue
      const saved = token.repeated > 0 && token.back === back ? sizeOf(back) - 1 : 0
      const written = sizeOf(back) + (repeated - 2 >= 31 ? 1 : 0)
      yield { cost: written + cost - saved, token: { taken: 0, repeated, back } }
    }
  }
}

/** Some bytes as they are, and then a repetition or, where there is none, another token. */
function* waysFrom(i: number, ways: readonly Way[], repeats: readonly (Way | undefined)[]): Iterable<Way> {
  for (let taken = 0; taken <= MOST_TAKEN && i + taken < ways.length; taken++) {
    const written = 1 + taken + (taken >= 7 ? 1 : 0)
    const repeat = repeats[i + taken]
    if (repeat !== undefined) yield { cost: written + repeat.cost, token: { ...repeat.token, taken } }
    else if (taken > 0) yield { cost: written + ways[i + taken].cost, token: { taken, repeated: 0, back: 0 } }
  }
}

/** Bytes in which a distance is written. */
function sizeOf(back: number): number {
  return back < 128 ? 1 : 2
}

function isRepeat(bytes: Uint8Array, i: number, back: number, length: number): boolean {
  for (let k = i; k < i + length; k++) if (bytes[k] !== bytes[k - back]) return false
  return true
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

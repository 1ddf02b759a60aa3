/**
 * Bytes from their packed form, made by scripts/pack.ts: pieces one after the other. A first byte below 128 is followed by
 * one more byte than it says, taken as they are. Any other, less 125, is how many of the bytes unpacked so far are repeated;
 * how far back they begin follows, in one byte below 128 or in two, the first of them 128 too large and the higher.
 */
export function unpack(packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  for (let i = 0; i < packed.length; ) {
    const first = packed[i++]
    let back = first < 128 ? 0 : packed[i++]
    if (back > 127) back = (back - 128) * 256 + packed[i++]
    // One by one, because a repetition may overlap what it makes.
    for (let left = first < 128 ? first + 1 : first - 125; left > 0; left--) {
      bytes.push(back === 0 ? packed[i++] : bytes[bytes.length - back])
    }
  }
  return Uint8Array.from(bytes)
}

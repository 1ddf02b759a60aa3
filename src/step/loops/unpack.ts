/**
 * Bytes from their packed form, made by scripts/pack.ts. It is a list of tokens. The upper three bits of a token's first byte
 * say how many bytes are taken as they are, the lower five how many of the bytes so far are repeated behind them, less two; 0
 * for none. Where all bits of one are set, a byte more is added to it. Then come the bytes themselves, and how far back the
 * repeated ones begin: in one byte below 128, or in two, the first of them 128 too large and the higher; 0 for as far as last.
 */
export function unpack(packed: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  let back = 0
  for (let i = 0; i < packed.length; ) {
    const first = packed[i++]
    let taken = first >> 5
    let repeated = first & 31
    if (taken === 7) taken += packed[i++]
    if (repeated === 31) repeated += packed[i++]
    for (; taken > 0; taken--) bytes.push(packed[i++])
    if (repeated === 0) continue
    const distance = packed[i++]
    if (distance > 0) back = distance < 128 ? distance : (distance - 128) * 256 + packed[i++]
    // One by one, because a repetition may overlap what it makes.
    for (let left = repeated + 2; left > 0; left--) bytes.push(bytes[bytes.length - back])
  }
  return Uint8Array.from(bytes)
}

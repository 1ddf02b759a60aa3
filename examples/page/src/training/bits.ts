/** A double as its 16 hexadecimal digits: nothing is lost, as it would be in fewer decimals. */
export function hexOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  return view.getBigUint64(0).toString(16).padStart(16, '0')
}

/** Eight digits that tell apart sequences of numbers which differ in any bit, nearly always: FNV-1a, 32 bits. */
export function fingerprint(values: Iterable<number>): string {
  let hash = 0x811c9dc5
  for (const value of values) {
    for (const character of hexOf(value)) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
    }
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}

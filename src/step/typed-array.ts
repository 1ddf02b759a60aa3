/**
 * What a typed array is and where it lies, asked by the getters that all of them inherit: they tell the truth whatever a
 * subclass says, and of arrays of another realm. V8 takes a third of the time to call them that it takes to read the property: a
 * sixth of a step on 16 coordinates.
 */
function inherited<Value>(name: string | symbol): (this: ArrayBufferView) => Value {
  const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Float32Array.prototype), name) ?? {}
  return get as (this: ArrayBufferView) => Value
}

const kind = /* @__PURE__ */ inherited<string | undefined>(Symbol.toStringTag)
const buffer = /* @__PURE__ */ inherited<ArrayBufferLike>('buffer')
const byteOffset = /* @__PURE__ */ inherited<number>('byteOffset')
const byteLength = /* @__PURE__ */ inherited<number>('byteLength')

/** The name of a typed array's own kind; undefined for anything else. */
export function kindOf(array: unknown): string | undefined {
  return kind.call(array as ArrayBufferView)
}

export function bufferOf(array: ArrayBufferView): ArrayBufferLike {
  return buffer.call(array)
}

export function byteOffsetOf(array: ArrayBufferView): number {
  return byteOffset.call(array)
}

export function byteLengthOf(array: ArrayBufferView): number {
  return byteLength.call(array)
}

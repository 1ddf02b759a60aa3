/** By this Node asks an object how to print it. */
export const INSPECT = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom')

/** Gives an object a property that does not show when it is listed or compared. */
export function hide(object: object, name: symbol, value: unknown): void {
  Object.defineProperty(object, name, { value })
}

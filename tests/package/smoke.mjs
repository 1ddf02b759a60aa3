/**
 * The smoke test that runs everywhere, from Node.js to browsers and sandboxes, on the built package. It imports nothing and
 * takes its inputs as bits, made once in Node.js by cases.ts, because `Math.pow` and its like differ between engines.
 */

/**
 * The kernel, and for each result, by name, a hash of all its bits or the error that came instead. The arrays given to the
 * package are of the Float32Array and Float64Array of `realm`.
 */
export function smoke(library, { steps, sparse, training }, realm = globalThis) {
  const arrayOf = (precision, hex) => arrayFrom(precision, hex, realm)
  const results = {}
  const record = (name, work) => {
    const bits = new Hash()
    try {
      bits.add(work(bits))
      results[name] = bits.hex()
    } catch (error) {
      results[name] = `${error.name}: ${error.message}`
    }
  }
  for (const [k, input] of steps.entries()) runStep(library, record, `dense ${k}`, input, arrayOf)
  for (const [k, input] of sparse.entries()) runStep(library, record, `sparse ${k}`, input, arrayOf)
  for (const [k, input] of training.entries()) record(`optimizer ${k}`, (bits) => train(library, bits, input, arrayOf))
  return { kernel: library.kernel(), results }
}

/** One step, whole, in memory of its own and in parts. */
function runStep(library, record, name, input, arrayOf) {
  const { allocate, clippingBound, clippingFactor, shrinkByReferences, step, updateAccumulator, updateVariable } =
    library
  const options = optionsOf(input)
  const gradientOf = () => {
    const values = arrayOf(input.precision, input.gradient)
    return input.indices === undefined ? values : { indices: input.indices, values }
  }
  const fresh = () => [
    arrayOf(input.precision, input.variable),
    arrayOf(input.precision, input.accumulator),
    gradientOf(),
  ]

  record(`${name}: step`, (bits) => {
    const [w, a, g] = fresh()
    const factor = step(w, a, g, options)
    bits.add(w)
    bits.add(a)
    return factor
  })
  record(`${name}: step in memory of its own`, (bits) => {
    const [w, a, g] = fresh()
    const own = allocate(w.length, { precision: input.precision })
    own.variable.set(w)
    own.accumulator.set(a)
    if (input.indices === undefined) own.gradient.set(g)
    const factor = step(own.variable, own.accumulator, input.indices === undefined ? own.gradient : g, options)
    bits.add(own.variable)
    bits.add(own.accumulator)
    return factor
  })
  record(`${name}: parts`, (bits) => {
    const [w, a, g] = fresh()
    const factor = clippingFactor(w, a, g, options)
    updateVariable(w, a, g, factor / 2, options)
    updateAccumulator(a, g, factor)
    bits.add(w)
    bits.add(a)
    return factor
  })
  record(`${name}: bound`, () => {
    const [w, a] = fresh()
    return clippingBound(w, a, options)
  })
  if (input.indices !== undefined) return
  record(`${name}: shrink`, (bits) => {
    const [w, a, g] = fresh()
    const { shrunk, scale } = shrinkByReferences(g, [w, a], [0.1, 0.01], 1e-3)
    bits.add(shrunk)
    return scale
  })
}

/** Some steps of the Optimizer, saved half-way as JSON and resumed by another; the state and the weights at the end. */
function train(library, bits, { precision, options, variables, indices, gradients }, arrayOf) {
  const { ClippyAdagrad, Variable } = library
  const [large, table, bias] = variables.map((hex) => arrayOf(precision, hex))
  const model = [
    // Given as a number, a large float32 variable lives in memory of its own.
    precision === 'float32' ? new Variable(0.5, { name: 'large', shape: [large.length] }) : new Variable(large),
    new Variable(table, { name: 'table', shape: [table.length / 4, 4] }),
    new Variable(bias, { name: 'bias' }),
  ]
  if (precision === 'float32') model[0].value.set(large)
  let optimizer = new ClippyAdagrad(options)
  optimizer.build(model)
  gradients.forEach(([first, rows, last], k) => {
    if (k === gradients.length >> 1) {
      const store = {}
      optimizer.saveOwnVariables(store)
      const saved = JSON.parse(JSON.stringify({ config: optimizer.getConfig(), store }))
      optimizer = ClippyAdagrad.fromConfig(saved.config)
      optimizer.build(model)
      optimizer.loadOwnVariables(saved.store)
    }
    optimizer.applyGradients([
      [arrayOf(precision, first), model[0]],
      [{ indices: indices[k], values: arrayOf(precision, rows) }, model[1]],
      [arrayOf(precision, last), model[2]],
    ])
  })
  for (const { value } of [...optimizer.variables, ...model]) bits.add(value)
  for (const factor of optimizer.clippingFactors) bits.add(factor)
  bits.text(JSON.stringify(optimizer))
  return optimizer.iterations
}

/** JSON has no Infinity. */
function optionsOf({ options }) {
  const { absoluteThreshold } = options
  return absoluteThreshold === 'Infinity' ? { ...options, absoluteThreshold: Number.POSITIVE_INFINITY } : options
}

/** A typed array of the bits in a string of hexadecimal digits, lowest byte first. */
function arrayFrom(precision, hex, realm) {
  const bytes = new Uint8Array(hex.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return precision === 'float32' ? new realm.Float32Array(bytes.buffer) : new realm.Float64Array(bytes.buffer)
}

/** Two 32-bit FNV-1a hashes side by side: not against forgery, but a changed bit changes it. */
class Hash {
  low = 0x811c9dc5
  high = 0x050c5d1f

  /** A number, or a typed array, bit for bit. */
  add(value) {
    const array = typeof value === 'number' ? Float64Array.of(value) : value
    for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) this.byte(byte)
  }

  text(text) {
    for (let i = 0; i < text.length; i++) {
      this.byte(text.charCodeAt(i) & 0xff)
      this.byte(text.charCodeAt(i) >> 8)
    }
  }

  byte(byte) {
    this.low = Math.imul(this.low ^ byte, 0x01000193)
    this.high = Math.imul(this.high ^ byte ^ 0x5a, 0x01000193)
  }

  hex() {
    return [this.high, this.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }
}

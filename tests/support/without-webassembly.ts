/** Loaded before the second run of the suite: what an engine without WebAssembly, or a policy against it, looks like. */
Reflect.deleteProperty(globalThis, 'WebAssembly')

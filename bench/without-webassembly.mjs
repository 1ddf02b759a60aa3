// Loaded before anything else in the process that times the scalar kernel, which serves where there is no WebAssembly.
Reflect.deleteProperty(globalThis, 'WebAssembly')

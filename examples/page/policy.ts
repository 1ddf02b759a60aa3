/**
 * The content security policies under which the page is served. Both allow its own files and nothing else: no inline
 * script or style, no eval, no other server.
 */
const OWN_FILES = [
  "default-src 'none'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]

/** WebAssembly is refused, so the scalar kernels run. */
export const STRICT = [...OWN_FILES, "script-src 'self'"].join('; ')

/** The same, but WebAssembly may be compiled, so the SIMD kernel runs. */
export const WITH_WEBASSEMBLY = [...OWN_FILES, "script-src 'self' 'wasm-unsafe-eval'"].join('; ')

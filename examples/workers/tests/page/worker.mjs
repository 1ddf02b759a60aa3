import { attach, kernel, step } from '/index.js'

self.onmessage = ({ data: { handle, from, to, options } }) => {
  const { variable, accumulator, gradient } = attach(handle)
  const shard = [variable, accumulator, gradient].map((array) => array.subarray(from, to))
  postMessage({ factor: step(...shard, options), kernel: kernel() })
}

import { allocate, step } from '/index.js'

const LENGTH = 100_000
const OPTIONS = { learningRate: 0.5, absoluteThreshold: 0.01 }
const SHARDS = [
  { from: 0, to: 40_000 },
  { from: 40_000, to: LENGTH },
]

/** Two workers step a shard each of what the page has allocated; what came of it, beside ordinary arrays. */
export async function run() {
  const { variable, accumulator, gradient, handle } = allocate(LENGTH, { shared: true, initialAccumulatorValue: 0.1 })
  for (let i = 0; i < LENGTH; i++) {
    variable[i] = Math.sin(i)
    gradient[i] = Math.sin(2 * i)
  }
  const ordinary = [variable, accumulator, gradient].map((array) => array.slice())
  const answers = await Promise.all(SHARDS.map((shard) => answerOf({ handle, options: OPTIONS, ...shard })))
  const expected = SHARDS.map(({ from, to }) => step(...ordinary.map((array) => array.subarray(from, to)), OPTIONS))
  return {
    kernels: answers.map(({ kernel }) => kernel),
    hasSameFactors: answers.every(({ factor }, k) => factor === expected[k]),
    hasSameBits: [variable, accumulator].every((array, k) => array.every((x, i) => Object.is(x, ordinary[k][i]))),
    hasMoved: variable.every((w, i) => gradient[i] === 0 || w !== Math.fround(Math.sin(i))),
  }
}

function answerOf(task) {
  return new Promise((resolve, reject) => {
    const worker = new Worker('/worker.mjs', { type: 'module' })
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message))
    worker.postMessage(task)
  })
}

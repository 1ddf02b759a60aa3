/**
 * `npm run bench`: nanoseconds per element of a dense float32 step beside a plain loop without any of the guarantees.
 * The two are first checked to agree, then timed in turns, so that noise on the machine hits both alike.
 */
import { cpus } from 'node:os'
import { step } from 'clippy-adagrad'
import { naiveStep } from './naive.ts'

const SIZES = [16, 256, 4096, 65_536, 1_048_576]
const ROUNDS = 15
const ELEMENTS_PER_ROUND = 2 ** 22
const LEARNING_RATE = 0.01

interface Buffers {
  readonly variable: Float32Array
  readonly accumulator: Float32Array
  readonly gradient: Float32Array
}

type Step = (buffers: Buffers) => number

const library: Step = ({ variable, accumulator, gradient }) =>
  step(variable, accumulator, gradient, { learningRate: LEARNING_RATE })
const plainLoop: Step = ({ variable, accumulator, gradient }) =>
  naiveStep(variable, accumulator, gradient, LEARNING_RATE)

function buffers(length: number): Buffers {
  // Any fixed numbers will do; these have no coordinate near zero, so that the step is clipped but not frozen.
  const wave = (scale: number, shift: number) => Float32Array.from({ length }, (_, i) => scale * (Math.sin(i) + shift))
  return { variable: wave(0.5, 2), accumulator: new Float32Array(length).fill(0.1), gradient: wave(0.1, 0.1) }
}

function requireAgreement(length: number): void {
  const [ours, theirs] = [buffers(length), buffers(length)]
  const difference = Math.abs(library(ours) / plainLoop(theirs) - 1)
  const furthest = ours.variable.reduce((most, w, i) => Math.max(most, Math.abs(w - theirs.variable[i])), 0)
  if (difference > 2e-6 || furthest > 1e-6) throw new Error(`the two steps disagree by ${difference} and ${furthest}`)
}

function nanosecondsPerElement(run: Step, state: Buffers): number {
  const repetitions = Math.ceil(ELEMENTS_PER_ROUND / state.variable.length)
  const start = process.hrtime.bigint()
  for (let r = 0; r < repetitions; r++) run(state)
  return Number(process.hrtime.bigint() - start) / repetitions / state.variable.length
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
}

console.log(
  `${cpus()[0].model}, Node ${process.version}, one thread; median of ${ROUNDS} rounds, ns per float32 element`,
)
console.log('     size    step    plain loop    ratio')
for (const size of SIZES) {
  requireAgreement(size)
  const [ours, theirs] = [buffers(size), buffers(size)]
  const times: [number, number][] = []
  for (let round = 0; round < ROUNDS; round++) {
    times.push([nanosecondsPerElement(library, ours), nanosecondsPerElement(plainLoop, theirs)])
  }
  // The first rounds warm up.
  const [own, plain] = [0, 1].map((k) => median(times.slice(3).map((pair) => pair[k])))
  console.log(
    `${String(size).padStart(9)}${own.toFixed(2).padStart(8)}${plain.toFixed(2).padStart(14)}${(own / plain).toFixed(2).padStart(9)}`,
  )
}

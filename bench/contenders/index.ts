import { kernel } from 'clippy-adagrad'
import { arrayMethods } from './array-methods.ts'
import type { Contender, LeftOut } from './contender.ts'
import { scalarContenders, simdContenders } from './ours.ts'
import { plainLoop } from './plain-loop.ts'
import { loadTensorFlow } from './tensorflow.ts'
import { tfjsContenders } from './tfjs.ts'

/**
 * Contenders that share a process: so one family's garbage and compiled code are not in the way of another's, and the
 * scalar kernel can have a process without WebAssembly.
 */
export const FAMILIES = ['scalar', 'simd', 'plain', 'tf.js'] as const
export type Family = (typeof FAMILIES)[number]

interface Listing {
  readonly contenders: readonly Contender[]
  readonly leftOut: readonly LeftOut[]
}

const LISTINGS: Record<Family, () => Promise<Listing>> = {
  scalar: async () => onKernel('scalar', scalarContenders),
  simd: async () => onKernel('simd', simdContenders),
  plain: async () => ({ contenders: [plainLoop, arrayMethods], leftOut: [] }),
  'tf.js': async () => {
    try {
      return { contenders: tfjsContenders(await loadTensorFlow()), leftOut: [] }
    } catch (error) {
      // Without the paths of this machine.
      const why = error instanceof Error ? error.message.split(/\n| imported from /)[0] : String(error)
      return { contenders: [], leftOut: [{ name: 'tf.js', why }] }
    }
  },
}

function onKernel(needed: ReturnType<typeof kernel>, contenders: readonly Contender[]): Listing {
  if (kernel() === needed) return { contenders, leftOut: [] }
  return { contenders: [], leftOut: contenders.map(({ name }) => ({ name, why: `kernel() is '${kernel()}' here` })) }
}

export function listContenders(family: string): Promise<Listing> {
  const known = FAMILIES.find((name) => name === family)
  if (known === undefined) throw new RangeError(`no contenders are called '${family}'`)
  return LISTINGS[known]()
}

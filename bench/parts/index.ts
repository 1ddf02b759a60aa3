import { cases } from './cases.ts'
import { dense } from './dense.ts'
import { memory } from './memory.ts'
import { options } from './options.ts'
import type { Part } from './part.ts'
import { peers } from './peers.ts'
import { python } from './python.ts'
import { sparse } from './sparse.ts'
import { variables } from './variables.ts'

/** In the order of the report. */
export const PARTS: readonly Part[] = [dense, sparse, cases, options, variables, memory, peers, python]

/** Those that a run without --python measures. */
export const IN_NODE = PARTS.filter((part) => part !== python)
export const IN_PYTHON = [python]

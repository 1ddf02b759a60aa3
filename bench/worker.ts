/** One of the benchmark's processes: it holds contenders and times them when the parent says so. */
import { checkAnswer } from './check.ts'
import type { Contender, Prepared } from './contenders/contender.ts'
import { listContenders } from './contenders/index.ts'
import { garbagePerStep, memoryPerCoordinate } from './memory-use.ts'
import { makeProblem, type Problem, type ProblemSpec } from './problem.ts'
import { Stopwatch } from './timing.ts'
import type { Action, Actions, Reply, Request } from './worker-messages.ts'

const { contenders, leftOut } = await listContenders(process.argv[2])
const ready = new Map<string, { contender: Contender; prepared: Prepared; stopwatch: Stopwatch }>()
let problem: Problem | undefined

type Handlers = {
  readonly [Name in Action]: (argument: Actions[Name]['argument']) => Promise<Actions[Name]['answer']>
}

const handlers: Handlers = {
  list: async () => ({
    contenders: contenders.map(({ name, formula, sameBits, isVariant = false }) => ({
      name,
      formula,
      isVariant,
      ...(sameBits !== undefined && { sameBits }),
    })),
    leftOut,
  }),

  prepare: async ({ name, spec }) => {
    const contender = find(name)
    await contender.activate?.()
    const prepared = contender.prepare(problemOf(spec))
    if (prepared === undefined) return null
    const digest = checkAnswer(contender, problemOf(spec), prepared)
    ready.set(keyOf(name, spec), { contender, prepared, stopwatch: new Stopwatch(prepared) })
    return { digest }
  },

  time: async ({ name, spec, milliseconds }) => {
    const { contender, stopwatch } = findReady(name, spec)
    await contender.activate?.()
    return stopwatch.time(milliseconds)
  },

  release: async () => {
    for (const { prepared } of ready.values()) prepared.dispose?.()
    ready.clear()
    problem = undefined
    globalThis.gc?.()
    return null
  },

  memory: async ({ name, spec }) => memoryPerCoordinate(find(name), makeProblem(spec)),

  garbage: async ({ name, spec }) => {
    const { contender, prepared } = findReady(name, spec)
    await contender.activate?.()
    return garbagePerStep(prepared)
  },
}

function find(name: string): Contender {
  const contender = contenders.find((other) => other.name === name)
  if (contender === undefined) throw new Error(`this process has no contender '${name}'`)
  return contender
}

function keyOf(name: string, spec: ProblemSpec): string {
  return `${name} ${JSON.stringify(spec)}`
}

function findReady(name: string, spec: ProblemSpec) {
  const found = ready.get(keyOf(name, spec))
  if (found === undefined) throw new Error(`'${name}' has not been prepared for this problem`)
  return found
}

/** The problem that was asked for last is kept: all contenders share its first values. */
function problemOf(spec: ProblemSpec): Problem {
  if (problem === undefined || JSON.stringify(problem.spec) !== JSON.stringify(spec)) problem = makeProblem(spec)
  return problem
}

async function answer<Name extends Action>({ action, argument }: Request<Name>): Promise<Reply> {
  try {
    return { answer: await handlers[action](argument) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

process.on('message', async (request: Request) => {
  process.send?.(await answer(request))
})

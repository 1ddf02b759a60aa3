import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { AgreedError, firstReason, type Ranks, textOf } from './agreement.ts'
import type { World } from './mpi.ts'

/** What a run is made of, from the repository's root: sources, data, and the lists of packages. */
const PARTS = [
  'package-lock.json',
  'src',
  'examples/adult',
  'examples/checkpoint',
  'examples/mpi/package-lock.json',
  'examples/mpi',
]

/** What this host runs, equal where Node.js, Open MPI and every file are. */
export function describeBuild(world: Pick<World, 'version'>): string {
  const hash = createHash('sha256')
  for (const file of PARTS.flatMap(filesOf).sort()) hash.update(file).update(readFileSync(fromRoot(file)))
  const files = hash.digest('hex').slice(0, 12)
  return `Node.js ${process.version} (${process.platform} ${process.arch}), ${world.version}, files ${files}`
}

/** Refuses, on every rank, to begin where the hosts differ: ranks would drift apart, or wait for each other. Collective. */
export function requireSameBuild(ranks: Ranks, build: string): void {
  const first = textOf(ranks, 0, build)
  const differs = build === first ? undefined : `host ${hostname()} runs ${build}; rank 0 runs ${first}`
  const reason = firstReason(ranks, differs)
  if (reason !== undefined) throw new AgreedError(`${reason}; give all hosts the same checkout, Node.js and Open MPI`)
}

/** The files that a program reads: those at `path`, or in the folder of that name, but no tests, outputs and packages. */
function filesOf(path: string): string[] {
  if (/\.(ts|gz|json)$/.test(path)) return [path]
  return readdirSync(fromRoot(path), { withFileTypes: true }).flatMap((entry) => {
    const isRead = entry.isDirectory() ? !/^(node_modules|tests|out)$/.test(entry.name) : /\.(ts|gz)$/.test(entry.name)
    return isRead ? filesOf(`${path}/${entry.name}`) : []
  })
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url))
}

/** Puts one small fault after another into the step functions, and lists those that their tests do not see. */
import { parseArgs } from 'node:util'
import { Random } from '../support/random.ts'
import { filesBelow, textOf } from '../support/repository.ts'
import { type Mutant, mutantsOf } from './mutate.ts'
import { Sandboxes } from './sandbox.ts'
import { SURVIVORS } from './survivors.ts'

const HELP = `Puts one small fault after another into src/step, in a copy of the repository, and runs the tests of tests/step.

Usage: npm run test:mutants -- [options] [files of src/step]

  --limit N      so many mutants, drawn at random; all
  --seed N       for that draw; 1
  --parallel N   so many at a time; 1
  --listed       those of tests/mutants/survivors.ts only, which are left out otherwise
  --help         show this text

Ends with the survivors and status 1 where there are any. With --listed they are as expected, and killed ones are not.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '1' },
    listed: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(HELP)
else process.exitCode = await main(positionals.length > 0 ? positionals : filesBelow('src/step').filter(isMutated))

function isMutated(path: string): boolean {
  return path.endsWith('.ts') && !/\.(as|d)\.ts$|kernel-bytes\.ts$/.test(path)
}

async function main(files: readonly string[]): Promise<number> {
  const all = files.flatMap((file) => mutantsOf(file, textOf(file)))
  const gone = goneFrom(files, all)
  const chosen = drawn(all.filter((mutant) => isListed(mutant) === values.listed))
  console.log(`${chosen.length} mutants of ${all.length} in ${files.length} files`)
  const unexpected = (await survivorsOf(chosen)).filter(({ survives }) => survives !== values.listed)
  for (const { file, line, from, to } of unexpected) {
    console.log(`\n${file}:${line} ${values.listed ? 'is listed but is killed' : 'survives'}\n  - ${from}\n  + ${to}`)
  }
  for (const { file, from, to } of gone) console.log(`\n${file} has no such mutant any more\n  - ${from}\n  + ${to}`)
  console.log(
    `\n${chosen.length - unexpected.length} as expected, ${unexpected.length} not; ${gone.length} listed ones gone`,
  )
  return unexpected.length + gone.length === 0 ? 0 : 1
}

function isListed({ file, from, to }: Mutant): boolean {
  return SURVIVORS.some((one) => one.file === file && one.from === from && one.to.includes(to))
}

/** What is listed for these files and is none of their mutants. */
function goneFrom(files: readonly string[], all: readonly Mutant[]) {
  const listed = SURVIVORS.filter(({ file }) => files.includes(file))
  const single = listed.flatMap(({ file, from, to }) => to.map((text) => ({ file, from, to: text })))
  return single.filter(
    (one) => !all.some(({ file, from, to }) => file === one.file && from === one.from && to === one.to),
  )
}

/** As many as `--limit` says, in random order; all in their own. */
function drawn(mutants: Mutant[]): Mutant[] {
  const limit = Number(values.limit)
  if (mutants.length <= limit) return mutants
  const random = new Random(Number(values.seed))
  return mutants
    .map((mutant) => ({ mutant, at: random.unit() }))
    .sort((one, other) => one.at - other.at)
    .slice(0, limit)
    .map(({ mutant }) => mutant)
}

async function survivorsOf(mutants: readonly Mutant[]): Promise<(Mutant & { readonly survives: boolean })[]> {
  const sandboxes = new Sandboxes()
  process.on('exit', () => sandboxes.remove())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
  const folders = Array.from({ length: Number(values.parallel) }, () => sandboxes.make())
  const runs = await sandboxes.runs(folders[0])
  const results: (Mutant & { readonly survives: boolean })[] = []
  const waiting = [...mutants]
  await Promise.all(
    folders.map(async (folder) => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const killer = await sandboxes.killer(folder, mutant, runs)
        results.push({ ...mutant, survives: killer === undefined })
        const { file, line, to } = mutant
        console.log(`${results.length}/${mutants.length} ${file}:${line} ${to}: ${killer ?? 'SURVIVES'}`)
      }
    }),
  )
  return results
}

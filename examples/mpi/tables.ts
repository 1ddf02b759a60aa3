import { formatTable } from '../../tools/table.ts'
import { type Costs, costsOf, ringAllreduce, SPLITS } from './costs.ts'
import { type Measured, type Measurements, type Spread, WEIGHTS } from './measurements.ts'

/** One column of the measured table. */
export interface Setting {
  readonly name: string
  readonly ranks: number
  /** Whether the ranks are on machines of their own, with a network that counts bytes. */
  readonly apart: boolean
  readonly measured: Measurements
}

export function measuredTable(settings: readonly Setting[]): string {
  const row = (name: string, kind: keyof Measurements, cell: (m: Measured, setting: Setting) => string) => [
    name,
    ...settings.map((setting) => cell(setting.measured[kind], setting)),
  ]
  const rowsOf = (name: string, kind: keyof Measurements) => [
    row(`${name}: summed, by a ring`, kind, ({ payload }, { ranks }) => bytes(ringAllreduce(payload, ranks))),
    row('sent by a machine, counted', kind, ({ overNetwork }, { apart }) => (apart ? bytes(overNetwork) : '–')),
    row('time of a step', kind, ({ milliseconds }) => times(milliseconds)),
    row('of which in Open MPI', kind, ({ inMpi }) => times(inMpi)),
  ]
  return formatTable(
    [{ heading: 'of each rank, in a step', align: 'left' }, ...settings.map(({ name }) => ({ heading: name }))],
    [
      row('mixed demo: rows exchanged', 'mixed', ({ exchanged }) => bytes(exchanged)),
      ...rowsOf('mixed demo', 'mixed'),
      ...rowsOf(`${WEIGHTS.toLocaleString('en')} weights, whole`, 'whole'),
      ...rowsOf(`${WEIGHTS.toLocaleString('en')} weights, sharded`, 'shards'),
    ],
  )
}

/** What parameters cost on so many ranks, one machine each, in 100 variables. */
export function costsTable(): string {
  const cases = [1e9, 1e12].flatMap((parameters) => [8, 64, 1024].map((ranks) => ({ parameters, ranks })))
  const cell = ({ memory, traffic }: Costs) => `${bytes(memory)}, ${bytes(traffic)}`
  return formatTable(
    [{ heading: 'parameters', align: 'left' }, ...['ranks', ...SPLITS].map((heading) => ({ heading }))],
    cases.map(({ parameters, ranks }) => [
      parameters === 1e9 ? '10⁹' : '10¹²',
      String(ranks),
      ...SPLITS.map((split) => cell(costsOf(split, parameters, ranks, 100))),
    ]),
  )
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Three digits; 1 kB is 1000 bytes. */
function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3))
  return `${Number((count / 1000 ** power).toPrecision(3))} ${UNITS[power]}`
}

function times({ median, fastest }: Spread): string {
  return `${time(median)} (${time(fastest)})`
}

function time(milliseconds: number): string {
  return milliseconds < 0.1 ? `${Math.round(milliseconds * 1000)} µs` : `${Number(milliseconds.toPrecision(2))} ms`
}

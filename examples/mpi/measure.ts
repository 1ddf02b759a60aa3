// Run with: npm run measure
//
// Measures steps on 1, 2 and 4 ranks of this machine, and on two machines as two-machines.ts makes them, and writes the
// figures into README.md; the computed ones too.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LaunchOptions, launch } from './launch.ts'
import type { Measurements } from './measurements.ts'
import { writeSection } from './readme.ts'
import { costsTable, measuredTable, type Setting } from './tables.ts'
import { onTwoMachines, whyNotTwoMachines } from './two-machines.ts'

const folder = mkdtempSync(join(tmpdir(), 'measure-'))

async function measure(ranks: number, options?: LaunchOptions): Promise<Measurements> {
  const file = join(folder, 'measurements.json')
  const { code, stderr } = await launch(ranks, 'measure-rank.ts', [file], options)
  if (code !== 0) throw new Error(`mpirun ended with ${code}: ${stderr}`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

// Of all that runs here, this not yet.
const [load] = loadavg()

try {
  const settings: Setting[] = []
  for (const ranks of [1, 2, 4]) {
    const name = ranks === 1 ? '1 rank' : `${ranks} ranks`
    settings.push({ name, ranks, apart: false, measured: await measure(ranks) })
  }
  const whyNot = await whyNotTwoMachines()
  if (whyNot === undefined) {
    const measured = await onTwoMachines(1, (options) => measure(2, options))
    settings.push({ name: '2 ranks, 2 machines', ranks: 2, apart: true, measured })
  } else console.log(`left out: two machines (${whyNot})`)

  const [{ model }, ...more] = cpus()
  const machine = `${model.trim()}, ${more.length + 1} cores, load average ${load.toFixed(1)} from other work; Node ${process.version}, ${process.platform} ${process.arch}.`
  writeSection('measured', `${measuredTable(settings)}\n\n${machine}`)
  writeSection('costs', costsTable())
  console.log(`${measuredTable(settings)}\n\n${machine}\n\n${costsTable()}`)
} finally {
  rmSync(folder, { recursive: true })
}

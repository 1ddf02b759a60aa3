import { readFileSync } from 'node:fs'

/** Of Linux's clock ticks, in which /proc counts. */
const TICKS_PER_SECOND = 100

/** Watches how much of the processors programs other than this one take, where the system says so (Linux). */
export class OtherPrograms {
  readonly #children: readonly number[]
  #last: { readonly at: number; readonly seconds: number } | undefined

  /** `children`: processes that belong to this program. */
  constructor(children: readonly number[]) {
    this.#children = children
    this.#last = this.#look()
  }

  /** How many processors they have kept busy, on average, since the last call; 0 where the system does not say. */
  take(): number {
    const before = this.#last
    const now = this.#look()
    this.#last = now
    if (before === undefined || now === undefined) return 0
    return Math.max(0, (now.seconds - before.seconds) / (now.at - before.at))
  }

  /** Seconds of processor time that others have had until now. */
  #look(): { at: number; seconds: number } | undefined {
    try {
      const [user, nice, system, , , irq, softirq, steal] = numbersOf('/proc/stat', /^cpu +(.*)$/m)
      const { user: ownUser, system: ownSystem } = process.cpuUsage()
      let ticks = user + nice + system + irq + softirq + steal
      for (const pid of this.#children) {
        const fields = numbersOf(`/proc/${pid}/stat`, /\) \S (.*)$/m)
        ticks -= fields[10] + fields[11] // utime and stime, fields 14 and 15 of proc(5).
      }
      return { at: performance.now() / 1000, seconds: ticks / TICKS_PER_SECOND - (ownUser + ownSystem) / 1e6 }
    } catch {
      return undefined
    }
  }
}

function numbersOf(file: string, line: RegExp): number[] {
  return (line.exec(readFileSync(file, 'utf8'))?.[1] ?? '').split(' ').map(Number)
}

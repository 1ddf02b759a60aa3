import type { Tables } from '../figures.ts'
import type { Plan } from '../plan.ts'

/** What runs in a process of its own, so that nothing else is compiled there or lies in its memory. */
export interface Session {
  readonly withoutWebAssembly?: boolean
  run(plan: Plan): Tables | Promise<Tables>
}

/** A section of the report, which can be measured without the others. */
export interface Part {
  readonly name: string
  readonly sessions: Readonly<Record<string, Session>>
  /** In Markdown, below a heading of the third level. */
  format(tables: Tables): string
}

/** Names a call that is the last thing a rank does. */
export interface KillAt {
  readonly rank: number
  readonly call: 'write' | 'rename' | 'rm'
  readonly when: 'before' | 'after' | 'halfway'
  /** Part of the path, and the how-manieth call for it. */
  readonly of: string
  readonly count: number
}

interface Moment {
  readonly name: string
  readonly at: KillAt
  /** The step from which the run goes on. */
  readonly goesOnAfter: number
}

/** Checkpoints are taken after these steps; ranks are killed during the second. */
export const [FIRST, SECOND, LAST] = [2, 4, 6]
export const SAVE_EVERY = 2

const file = (rank: number) => `step-${SECOND}.rank-${rank}-`
const manifest = 'checkpoint.json'

export const MOMENTS: readonly Moment[] = [
  {
    name: 'a rank has half written its file',
    at: { rank: 1, call: 'write', when: 'halfway', of: file(1), count: 1 },
    goesOnAfter: FIRST,
  },
  {
    name: 'a rank has its file, but has not reached the barrier',
    at: { rank: 1, call: 'rename', when: 'after', of: file(1), count: 1 },
    goesOnAfter: FIRST,
  },
  {
    name: 'all files are there, but not the manifest',
    at: { rank: 0, call: 'write', when: 'halfway', of: manifest, count: 2 },
    goesOnAfter: FIRST,
  },
  {
    name: 'the manifest is written, but not yet renamed into place',
    at: { rank: 0, call: 'rename', when: 'before', of: manifest, count: 2 },
    goesOnAfter: FIRST,
  },
  {
    name: 'the manifest is in place, and the old files are still there',
    at: { rank: 0, call: 'rename', when: 'after', of: manifest, count: 2 },
    goesOnAfter: SECOND,
  },
  {
    name: 'one of the old files is deleted',
    at: { rank: 0, call: 'rm', when: 'after', of: `step-${FIRST}.`, count: 1 },
    goesOnAfter: SECOND,
  },
]

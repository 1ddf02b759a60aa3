import type { Test } from 'uvu'

/**
 * Leaves a test out because something cannot be had on this machine, and says so in a line of its own: `.ci/run` lists
 * these lines at its end, and counts a test that is skipped without one as failed.
 */
export function skipByName(test: Test, name: string, reason: string): void {
  console.log(`skipped: ${name} (${reason})`)
  test.skip(name)
}

/** How many batches one point of a loss curve is the mean of. */
export const SMOOTHING = 16

/** Losses above this are drawn as this: one spike of a thousand would flatten everything else. */
export const LOSS_CEILING = 1

/** What the charts say about the two constants. */
export const CURVE_CAPTION = `mean of ${SMOOTHING} batches, losses above ${LOSS_CEILING} drawn as ${LOSS_CEILING}`

/** What the charts draw: the mean of each loss and up to SMOOTHING − 1 before it, cut off at the ceiling. */
export function lossCurve(losses: readonly number[]): number[] {
  return losses.map((_, last) => {
    const recent = losses.slice(Math.max(0, last + 1 - SMOOTHING), last + 1)
    return cutOff(recent.reduce((sum, loss) => sum + loss, 0) / recent.length)
  })
}

/** The loss as the charts draw it: a NaN counts as beyond the ceiling. */
export function cutOff(loss: number): number {
  return Number.isNaN(loss) ? LOSS_CEILING : Math.min(loss, LOSS_CEILING)
}

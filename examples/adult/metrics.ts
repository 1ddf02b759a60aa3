/** log(1 + eˣ) without overflow: eˣ is infinite from x = 710 on. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

/** The binary cross-entropy of one row, −log of the probability that the logit gives to the label. */
export function logLoss(logit: number, label: number): number {
  return softplus(label === 1 ? -logit : logit)
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}

/** Where a task's logits are in an array that has those of several, row after row. */
export interface Place {
  readonly task: number
  readonly tasks: number
}

/**
 * The mean log loss of the named rows of `labels` for one task, and its derivatives by the logits, which go to the same
 * places in `logitGradients`.
 */
export function logLossBackward(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  rows: ArrayLike<number>,
  logitGradients: { [place: number]: number },
  { task, tasks }: Place = { task: 0, tasks: 1 },
): number {
  let loss = 0
  for (let row = 0; row < rows.length; row++) {
    const label = labels[rows[row]]
    const at = row * tasks + task
    loss += logLoss(logits[at], label) / rows.length
    logitGradients[at] = (sigmoid(logits[at]) - label) / rows.length
  }
  return loss
}

export function meanLogLoss(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0
  for (let row = 0; row < logits.length; row++) sum += logLoss(logits[row], labels[row])
  return sum / logits.length
}

/**
 * The area under the ROC curve: the chance that a random row with label 1 scores above a random row with label 0.
 * A tie counts one half, and so does a pair with a NaN. NaN where a label is missing altogether.
 *
 * Counted by walking up the sorted scores and not pair by pair: a row with label 1 wins against all the rows with
 * label 0 below it.
 */
export function areaUnderCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const order: number[] = []
  let positives = 0
  for (let row = 0; row < scores.length; row++) {
    if (!Number.isNaN(scores[row])) order.push(row)
    if (labels[row] === 1) positives++
  }
  const negatives = scores.length - positives
  order.sort((left, right) => (scores[left] < scores[right] ? -1 : scores[left] > scores[right] ? 1 : 0))

  let wins = 0
  let positivesBelow = 0
  let negativesBelow = 0
  for (let start = 0; start < order.length; ) {
    let tiedPositives = 0
    let tiedNegatives = 0
    let end = start
    for (; end < order.length && scores[order[end]] === scores[order[start]]; end++) {
      if (labels[order[end]] === 1) tiedPositives++
      else tiedNegatives++
    }
    wins += tiedPositives * (negativesBelow + tiedNegatives / 2)
    positivesBelow += tiedPositives
    negativesBelow += tiedNegatives
    start = end
  }
  const pairs = positives * negatives
  const pairsWithNaN = pairs - positivesBelow * negativesBelow
  return (wins + pairsWithNaN / 2) / pairs
}

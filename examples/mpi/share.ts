/** Where a rank's part of `length` items begins, and where it ends: parts differ by one item at most, and may be empty. */
export function shareOf(length: number, rank: number, size: number): [start: number, end: number] {
  return [Math.floor((length * rank) / size), Math.floor((length * (rank + 1)) / size)]
}

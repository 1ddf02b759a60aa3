/** A mutant that no test can tell from the code, and why. */
export interface Survivor {
  readonly file: string
  /** The line or lines in question, blanks counted as one. */
  readonly from: string
  /** What each of them may become. */
  readonly to: readonly string[]
  readonly reason: string
}

const TOUCHES = 'Which rows are read ahead, and what comes of it, changes the time that a step takes, and nothing else.'

/** By text and not by line number, so that a change elsewhere in a file leaves them as they are. */
export const SURVIVORS: readonly Survivor[] = [
  {
    file: 'src/step/row-copies.ts',
    from: 'if (width * table.BYTES_PER_ELEMENT > MOST_TOUCHED_BYTES) return',
    to: ['if (width * table.BYTES_PER_ELEMENT >= MOST_TOUCHED_BYTES) return'],
    reason: TOUCHES,
  },
  {
    file: 'src/step/row-copies.ts',
    from: 'const kept = { touched: 0 }',
    to: ['const kept = { touched: (-1) }'],
    reason: TOUCHES,
  },
  {
    file: 'src/step/row-copies.ts',
    from: 'const last = start + width - 1',
    to: ['const last = start - width - 1'],
    reason: TOUCHES,
  },
  {
    file: 'src/step/row-copies.ts',
    from: 'for (let i = start + line; i < last; i += line) sum += table[i]',
    to: ['for (let i = start - line; i < last; i += line) sum += table[i]'],
    reason: TOUCHES,
  },
  {
    file: 'src/step/row-copies.ts',
    from: 'touched = Math.min(k + ROWS_AHEAD, Math.ceil((from + length) / width))',
    to: ['touched = Math.max(k + ROWS_AHEAD, Math.ceil((from + length) / width))'],
    reason: TOUCHES,
  },
  {
    file: 'src/step/rows.ts',
    from: 'if (j % ROWS_AHEAD === 0) touchRows(values, order, width, j, Math.min(j + ROWS_AHEAD, order.length))',
    to: [
      'if (j % ROWS_AHEAD === 0) ;',
      'if (j % ROWS_AHEAD === (-1)) touchRows(values, order, width, j, Math.min(j + ROWS_AHEAD, order.length))',
    ],
    reason: TOUCHES,
  },
  {
    file: 'src/step/row-copies.ts',
    from: 'for (; i + 8 <= end; i += 8, j += 8) {',
    to: ['for (; i + 8 < end; i += 8, j += 8) {'],
    reason: 'The loop behind it copies the last eight too, one by one.',
  },
  {
    file: 'src/step/rows.ts',
    from: 'for (let c = 0; c < width; c++) sums[to + c] += values[from + c]',
    to: ['for (let c = 0; c <= width; c++) sums[to + c] += values[from + c]'],
    reason:
      'What is added to the place behind the row is lost when the next row is copied there; behind the last, there is no place.',
  },
  {
    file: 'src/step/rows.ts',
    from: 'const FEWEST_RADIX = 48',
    to: ['const FEWEST_RADIX = 49'],
    reason: 'Both ways of ordering give one order.',
  },
  {
    file: 'src/step/rows.ts',
    from: 'for (; j > 0 && indices[order[j - 1]] > indices[k]; j--) order[j] = order[j - 1]',
    to: ['for (; j >= 0 && indices[order[j - 1]] > indices[k]; j--) order[j] = order[j - 1]'],
    reason: 'Ahead of the first place stands undefined, which is greater than nothing.',
  },
  {
    file: 'src/step/rows.ts',
    from: 'let largest = 0',
    to: ['let largest = (-1)'],
    reason: 'With one index or more it is 0 at least, and without any there is nothing to order.',
  },
  {
    file: 'src/step/coordinate.ts',
    from: 'if (w - w + (a - a) + (g - g) !== 0 || q < 0) return NaN',
    to: [
      'if (w - w + (a - a) - (g - g) !== 0 || q < 0) return NaN',
      'if (w - w - (a - a) + (g - g) !== 0 || q < 0) return NaN',
    ],
    reason: 'Each bracket is 0 or NaN, so that their difference is what their sum is.',
  },
  {
    file: 'src/step/coordinate.ts',
    from: 'if (rounded < 2 ** -1022 && isGreater(scaled(rounded), bound)) return rounded - Number.MIN_VALUE',
    to: [
      'if (rounded <= 2 ** -1022 && isGreater(scaled(rounded), bound)) return rounded - Number.MIN_VALUE',
      'if (rounded < 1 ** -1022 && isGreater(scaled(rounded), bound)) return rounded - Number.MIN_VALUE',
      'if (rounded < 2 ** -1021 && isGreater(scaled(rounded), bound)) return rounded - Number.MIN_VALUE',
    ],
    reason:
      'toNumber rounds subnormal numbers alone, so that no other one is greater than the bound. The test saves time.',
  },
  {
    file: 'src/step/coordinate.ts',
    from: 'while (Math.abs(next - w) > furthest) next = nextToward(next, w, h.precision)',
    to: ['if (Math.abs(next - w) > furthest) next = nextToward(next, w, h.precision)'],
    reason:
      'w − move is rounded to next by half the distance to its neighbour at most, so that the neighbour toward w is no further than move. The loop does not lean on that.',
  },
  {
    file: 'src/step/loops/float32.ts',
    from: 'if (!(Math.abs(move1) <= Math.abs(w1) * relative + absolute && a1 >= lowest && sum1 + Math.abs(w1) <= 2 ** 126))',
    to: [
      'if (!(Math.abs(move1) <= Math.abs(w1) * relative + absolute && a1 >= lowest && sum1 + Math.abs(w1) <= 2 ** 127))',
    ],
    reason:
      'The limit has room: a move that passes is at most |w| and 2^100 less a few ulps, so that twice 2^127 is not reached. At 2^129 a test fails.',
  },
  {
    file: 'src/step/rows.ts',
    from: 'if (indices[k] > largest) largest = indices[k]',
    to: ['if (indices[k] >= largest) largest = indices[k]'],
    reason: 'An index that equals the largest takes its place without a difference.',
  },
  {
    file: 'src/step/loops/float32.ts',
    from: 'const flat = Math.abs(w[i]) * relative + absolute',
    to: ['const flat = Math.abs(w[i]) * relative - absolute'],
    reason:
      'It is squared, and the square of a difference is below that of the sum: more is left to coordinate.ts, which takes time.',
  },
  {
    file: 'src/step/loops/float32.ts',
    from: 'if (!(isAbove && right <= Number.MAX_VALUE && q <= LARGEST && a[i] >= 0)) return i',
    to: ['if (!(isAbove && right <= Number.MAX_VALUE && q <= LARGEST && a[i] > 0)) return i'],
    reason: 'The same: an accumulator of 0 is left to coordinate.ts, which says what the loop would have said.',
  },
  {
    file: 'src/step/coordinate.ts',
    from: 'if (part === 0 && accumulatorRelative === 0 && (w === 0 || relative === 0)) return 0',
    to: ['if (part === 0 && accumulatorRelative === 0 && (w === 1 || relative === 0)) return 0'],
    reason: 'A bound of 0 gives 0 in scaled numbers too, and of a w of 1 no part is 0. The test saves time.',
  },
  {
    file: 'src/step/loops/constants.ts',
    from: 'return x === 0 || (x >= 2 ** -240 && x <= 2 ** 240)',
    to: [
      'return x === 0 || (x > 2 ** -240 && x <= 2 ** 240)',
      'return x === 0 || (x >= 3 ** -240 && x <= 2 ** 240)',
      'return x === 0 || (x >= 1 ** -240 && x <= 2 ** 240)',
      'return x === 0 || (x >= 2 ** -241 && x <= 2 ** 240)',
      'return x === 0 || (x >= 2 ** -239 && x <= 2 ** 240)',
      'return x === 0 || (x >= 2 ** -240 && x < 2 ** 240)',
      'return x === 0 || (x >= 2 ** -240 && x <= 3 ** 240)',
      'return x === 0 || (x >= 2 ** -240 && x <= 1 ** 240)',
      'return x === 0 || (x >= 2 ** -240 && x <= 2 ** 241)',
      'return x === 0 || (x >= 2 ** -240 && x <= 2 ** 239)',
    ],
    reason:
      'Narrower limits leave more to coordinate.ts. Wider ones have room: down to 3^-240 a square loses less than the thresholds were lowered by, and what overflows fails the test of the loop. Without limits a test of extreme sizes fails.',
  },
  {
    file: 'src/step/loops/driver.ts',
    from: 'return Math.max(learningRate * factor * (1 + 2 ** -20), 2 ** -300)',
    to: ['return Math.max(learningRate * factor * (2 + 2 ** -20), 2 ** -300)'],
    reason: 'With a larger rate the loop leaves more to coordinate.ts, which takes time.',
  },
]

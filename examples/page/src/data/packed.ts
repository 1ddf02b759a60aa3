import type { Dataset } from '../../../adult/data.ts'

/** The demo's encoded data, and what the words on the page need to name their categories. */
export interface AdultData {
  training: Dataset
  test: Dataset
  /** For each categorical column, the names of its categories from embedding row 1 on; row 0 is the unknown category. */
  vocabularies: readonly (readonly string[])[]
}

/** What comes before the numbers, as JSON. */
interface Header {
  lengths: [training: number, test: number]
  numericCount: number
  vocabularies: readonly (readonly string[])[]
}

/**
 * One file that a page loads in an instant, where parsing the original text would take seconds: the length of a JSON
 * header in 4 bytes, the header, then numbers, categories and labels of the training rows and of the test rows.
 * Column after column, because that compresses to less. Little-endian, like every machine that has a browser.
 */
export function pack({ training, test, vocabularies }: AdultData): Uint8Array {
  const parts = [training, test]
  const numericCount = training.numbers.length / training.length
  const header: Header = { lengths: [training.length, test.length], numericCount, vocabularies }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const blocks = [
    new Uint8Array(Uint32Array.of(json.length).buffer),
    json,
    new Uint8Array(padding(json.length)),
    ...parts.map(({ numbers }) => bytesOf(transposed(numbers, numericCount))),
    ...parts.map(({ categories }) => Uint8Array.from(transposed(categories, vocabularies.length))),
    ...parts.map(({ labels: [label] }) => label),
  ]
  const packed = new Uint8Array(blocks.reduce((length, block) => length + block.length, 0))
  let position = 0
  for (const block of blocks) {
    packed.set(block, position)
    position += block.length
  }
  return packed
}

/** The inverse of `pack`. */
export function unpack(buffer: ArrayBuffer): AdultData {
  const jsonLength = new Uint32Array(buffer, 0, 1)[0]
  const { lengths, numericCount, vocabularies }: Header = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, 4, jsonLength)),
  )
  let position = 4 + jsonLength + padding(jsonLength)
  const take = (length: number): number => {
    const start = position
    position += length
    return start
  }
  const numbers = lengths.map((rows) =>
    untransposed(new Float32Array(buffer, take(4 * rows * numericCount), rows * numericCount), rows),
  )
  const columns = vocabularies.length
  const categories = lengths.map((rows) =>
    Int32Array.from(untransposed(new Uint8Array(buffer, take(rows * columns), rows * columns), rows)),
  )
  const labels = lengths.map((rows) => new Uint8Array(buffer, take(rows), rows))
  const [training, test] = lengths.map((length, part) => ({
    length,
    numbers: numbers[part],
    categories: categories[part],
    labels: [labels[part]],
  }))
  return { training, test, vocabularies }
}

/** Bytes after the header, so that the numbers begin where a Float32Array may. */
function padding(length: number): number {
  return -length & 3
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Rows of `columns` values each become columns. */
function transposed<Values extends Float32Array | Int32Array | Uint8Array>(values: Values, columns: number): Values {
  const rows = values.length / columns
  const result = values.slice() as Values
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column]
  }
  return result
}

/** Columns of `rows` values each become rows: the same exchange, seen from the other side. */
function untransposed<Values extends Float32Array | Uint8Array>(values: Values, rows: number): Values {
  return transposed(values, rows)
}

// What train.ts is to Node.js: the same training, in the workers of this page. `?epochs=1` makes it shorter.
import { parseRows, type Row } from '../../adult/data.ts'
import { compare } from '../training/compare.ts'
import { encodeProblem } from '../training/problem.ts'

const log = document.getElementById('log')
const print = (line: string) => log?.append(`${line}\n`)

try {
  const epochs = Number(new URLSearchParams(location.search).get('epochs') ?? 3)
  const [training, test] = await Promise.all([load('adult.data.gz'), load('adult.test.gz')])
  await compare(encodeProblem({ training, test }), epochs, print)
} catch (error) {
  print(String(error))
} finally {
  log?.classList.add('done')
}

async function load(name: string): Promise<Row[]> {
  const { body } = await fetch(new URL(`../../adult/data/${name}`, import.meta.url))
  const text = await new Response(body?.pipeThrough(new DecompressionStream('gzip'))).text()
  return parseRows(text, name)
}

/**
 * Compiles the SIMD kernel (AssemblyScript, src/step/loops/simd) to src/step/loops/kernel-bytes.ts, which holds the WebAssembly packed, in base64.
 * Does nothing when that is newer than the source and these programs.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'
import { pack } from './pack.ts'

const FOLDER = 'src/step/loops/simd'
const SOURCE = `${FOLDER}/kernel.as.ts`
const TARGET = 'src/step/loops/kernel-bytes.ts'
const MADE_FROM = [
  ...readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`),
  'scripts/build-kernel.ts',
  'scripts/pack.ts',
]

const changed = Math.max(...MADE_FROM.map((path) => statSync(path).mtimeMs))
if (!existsSync(TARGET) || statSync(TARGET).mtimeMs < changed) await compile()

async function compile(): Promise<void> {
  let bytes: Uint8Array | undefined
  const { error, stderr } = await asc.main(
    [
      SOURCE,
      '--outFile',
      'kernel.wasm',
      '--enable',
      'simd',
      '--runtime',
      'stub',
      '-O3',
      '--shrinkLevel',
      '1',
      '--converge',
      '--noExportMemory',
      '--noAssert',
      '--importMemory',
      '--maximumMemory',
      '65536',
    ],
    {
      readFile: (name) => (existsSync(name) ? readFileSync(name, 'utf8') : null),
      writeFile: (_name, contents) => {
        bytes = contents as Uint8Array
      },
      listFiles: () => [],
    },
  )
  if (error !== null || bytes === undefined) throw new Error(`${SOURCE} does not compile:\n${stderr}`)
  const binary = Buffer.from(bytes)
  const packed = pack(bytes)
  writeFileSync(
    TARGET,
    `/** ${FOLDER}, compiled and packed; written by scripts/build-kernel.ts. */
export const KERNEL =
  '${Buffer.from(packed).toString('base64')}'

/** The place of the byte, unpacked, that says what memory it imports. */
export const MEMORY_KIND_AT = ${memoryKindAt(binary)}
`,
  )
  console.log(`${TARGET}: ${bytes.length} bytes of WebAssembly, packed in ${packed.length}`)
}

/** The byte behind the name of the imported memory: 1 for memory with a maximum, 3 for such memory that threads share. */
function memoryKindAt(binary: Buffer): number {
  const entry = Buffer.from('\x03env\x06memory\x02', 'latin1')
  const at = binary.indexOf(entry) + entry.length
  if (at < entry.length || binary[at] !== 1) throw new Error(`${SOURCE}: there is no memory import with a maximum`)
  return at
}

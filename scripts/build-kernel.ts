/**
 * Compiles the SIMD kernel (AssemblyScript) to src/step/loops/kernel-bytes.ts, which holds the WebAssembly packed, in base64.
 * Does nothing when that is newer than the source and these programs.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'
import { pack } from './pack.ts'

const SOURCE = 'src/step/loops/simd.as.ts'
const TARGET = 'src/step/loops/kernel-bytes.ts'
const MADE_FROM = [SOURCE, 'scripts/build-kernel.ts', 'scripts/pack.ts']

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
  const packed = pack(bytes)
  const base64 = Buffer.from(packed).toString('base64')
  writeFileSync(
    TARGET,
    `/** ${SOURCE}, compiled and packed; written by scripts/build-kernel.ts. */\nexport const KERNEL =\n  '${base64}'\n`,
  )
  console.log(`${TARGET}: ${bytes.length} bytes of WebAssembly, packed in ${packed.length}`)
}

/**
 * Compiles the SIMD kernel (AssemblyScript) to src/step/loops/kernel-bytes.ts, which holds the WebAssembly as base64. Does
 * nothing when that is newer than the source.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

const SOURCE = 'src/step/loops/simd.as.ts'
const TARGET = 'src/step/loops/kernel-bytes.ts'

if (!existsSync(TARGET) || statSync(TARGET).mtimeMs < statSync(SOURCE).mtimeMs) await compile()

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
  const base64 = Buffer.from(bytes).toString('base64')
  writeFileSync(
    TARGET,
    `/** ${SOURCE}, compiled; written by scripts/build-kernel.ts. */\nexport const KERNEL =\n  '${base64}'\n`,
  )
  console.log(`${TARGET}: ${bytes.length} bytes of WebAssembly`)
}

/** Writes generated/adult.bin, the data file that the page loads. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { pack } from '../src/data/packed.ts'
import { encodeAdult } from './encode-adult.ts'

const folder = fileURLToPath(new URL('../generated/', import.meta.url))
mkdirSync(folder, { recursive: true })
writeFileSync(`${folder}adult.bin`, gzipSync(pack(encodeAdult()), { level: 9 }))

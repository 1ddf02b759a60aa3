import url from '../../generated/adult.bin?url'
import { type AdultData, unpack } from './packed.ts'

/** Loads the data from the page's own files. Compressed by us, since not every server compresses. */
export async function fetchAdult(): Promise<AdultData> {
  const response = await fetch(url)
  if (!response.ok || response.body === null) throw new Error(`${response.url}: ${response.status}`)
  const decompressed = response.body.pipeThrough(new DecompressionStream('gzip'))
  return unpack(await new Response(decompressed).arrayBuffer())
}

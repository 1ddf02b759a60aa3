import { Piscina } from 'piscina'

/** So many threads, which wait for tasks until the pool is closed. */
export function makePool(threads: number): Piscina {
  return new Piscina({
    filename: new URL('thread.mjs', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  })
}

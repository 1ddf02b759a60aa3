import { encode, fitEncoder } from '../../adult/data.ts'
import { loadAdult } from '../../adult/load.ts'
import type { AdultData } from '../src/data/packed.ts'

/** The data as the demo encodes them. */
export function encodeAdult(): AdultData {
  const rows = loadAdult()
  const encoder = fitEncoder(rows.training)
  return {
    training: encode(rows.training, encoder),
    test: encode(rows.test, encoder),
    vocabularies: encoder.vocabularies.map((vocabulary) => [...vocabulary.keys()]),
  }
}

// Run with: npx tsx examples/property-test/main.ts
//
// Tests two updates for the bound that they promise: the plain one breaks it by rounding, the mended one keeps it.

import { adagrad, type Update } from './adagrad.ts'
import { keepsItsBound } from './bound-test.ts'
import { mended } from './mended.ts'

const SEED = 2023

for (const [name, update] of Object.entries<Update>({ adagrad, mended })) {
  console.log(`${name}: ${outcome(update)}`)
}

function outcome(update: Update): string {
  try {
    keepsItsBound(update, SEED)
    return 'keeps its bound in 1000 steps'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // fast-check's message names the seed and the input; its cause is the error that the property threw.
    return error.cause instanceof Error ? error.cause.message : error.message
  }
}

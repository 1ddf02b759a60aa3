// Run with: npm run train -- [epochs]
//
// The demo's model, trained on one thread and then on two.

import { loadAdult } from '../adult/load.ts'
import { compare } from './training/compare.ts'
import { encodeProblem } from './training/problem.ts'

await compare(encodeProblem(loadAdult()), Number(process.argv[2] ?? 3), console.log)

/** A worker for `workerd test`, beside the package, smoke.mjs and the cases: prints what smoke.mjs gives as JSON. */
import cases from './cases.json'
import * as library from './index.js'
import { smoke } from './smoke.mjs'

export default {
  test() {
    console.log(JSON.stringify(smoke(library, cases)))
  },
}

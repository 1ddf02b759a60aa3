/** `npm run test:package`: the checks of the package as it is published, too slow for `npm test`. */
import './published.ts'
import './lint.ts'
import './size.ts'
import './runtimes.ts'
import './browsers.ts'

/** `npm run test:package`: the checks of the package as it is published, too slow for `npm test`. */
import './published.ts'
import './lint.ts'
import './size.ts'
import './syntax.ts'
import './runtimes.ts'
import './hosts.ts'
import './browsers.ts'

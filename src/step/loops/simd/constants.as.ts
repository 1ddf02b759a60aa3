// The constants of the options in use, set by name from outside: constants.ts works them out and explains them. Those that a
// loop tests with in T are numbers of that type.
export let learningRate: f64 = 0
export let epsilon: f64 = 0
export let addedEpsilon: f64 = 0
export let lowest: f64 = 0
export let testedLearningRate: f64 = 0
export let testedRelative: f64 = 0
export let testedAccumulatorRelative: f64 = 0
export let testedAbsolute: f64 = 0
export let factorRelative: f64 = 0
export let factorAccumulatorRelative: f64 = 0
export let factorAbsolute: f64 = 0
export let quickRelative: f64 = 0
export let quickAccumulatorRelative: f64 = 0
export let quickAbsolute: f64 = 0
export let boundRelative: f64 = 0
export let boundAccumulatorRelative: f64 = 0
export let boundAbsolute: f64 = 0
export let low: f64 = 0

/** The columns in the order of the UCI files. */
export const COLUMNS = [
  'age',
  'workclass',
  'fnlwgt',
  'education',
  'education-num',
  'marital-status',
  'occupation',
  'relationship',
  'race',
  'sex',
  'capital-gain',
  'capital-loss',
  'hours-per-week',
  'native-country',
  'income',
]

/** A question about a row, whose answer is a label of 0 or 1. */
export interface Task {
  /** As reports name it. */
  readonly name: string
  readonly column: string
  /** The entries of the column that mean 1, and those that mean 0; without the latter, every other one does. */
  readonly yes: string
  readonly no?: string
}

/** What a model reads of each row, and what it learns. */
export interface Columns {
  readonly numeric: readonly string[]
  readonly categorical: readonly string[]
  readonly tasks: readonly Task[]
}

const NUMERIC = ['age', 'fnlwgt', 'education-num', 'capital-gain', 'capital-loss', 'hours-per-week']
const INCOME: Task = { name: 'income', column: 'income', yes: '>50K', no: '<=50K' }
const NEVER_MARRIED: Task = { name: 'never married', column: 'marital-status', yes: 'Never-married' }

function columnsFor(tasks: readonly Task[], ...leftOut: string[]): Columns {
  const others = [...NUMERIC, ...leftOut, ...tasks.map(({ column }) => column)]
  return { numeric: NUMERIC, categorical: COLUMNS.filter((name) => !others.includes(name)), tasks }
}

/** Is the income above 50,000? */
export const ONE_TASK = columnsFor([INCOME])

/**
 * That, and has the person never married? These are two tasks on which Ma et al. (2018) tried their mixture of experts.
 * The relationship (husband, wife, ...) is left out, as it gives the second answer away.
 */
export const TWO_TASKS = columnsFor([INCOME, NEVER_MARRIED], 'relationship')

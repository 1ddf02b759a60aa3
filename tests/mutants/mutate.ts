import ts from 'typescript'

/** A source file with one small fault put in. */
export interface Mutant {
  readonly file: string
  /** Where the fault begins, counted from 1. */
  readonly line: number
  /** The line or lines before and after, in one line each. */
  readonly from: string
  readonly to: string
  /** The whole file with the fault. */
  readonly text: string
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&': '|',
  '<<': '>>>',
  '>>>': '<<',
  '&&': '||',
  '||': '&&',
  '+=': '-=',
  '-=': '+=',
}

/** What a function becomes; with an empty name its argument alone is left. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  'Math.min': 'Math.max',
  'Math.max': 'Math.min',
  'Math.floor': 'Math.ceil',
  'Math.abs': '',
  'Math.fround': '',
}

/** Every mutant of a file, in the order of the text. Types, imports and strings stay as they are. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
  const edits: Edit[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return
    edits.push(...editsOf(node, source))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return edits.sort((one, other) => one.start - other.start).map((edit) => mutant(file, text, edit))
}

function editsOf(node: ts.Node, source: ts.SourceFile): Edit[] {
  const start = node.getStart(source)
  const instead = (text: string, of: ts.Node = node): Edit => ({ start: of.getStart(source), end: of.end, text })
  if (ts.isBinaryExpression(node)) {
    const text = OPERATORS[node.operatorToken.getText(source)]
    return text === undefined ? [] : [instead(text, node.operatorToken)]
  }
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text)
    const others = Number.isInteger(value) ? [value + 1, value - 1] : [2 * value]
    return others.map((other) => instead(other < 0 ? `(${other})` : String(other)))
  }
  if (ts.isCallExpression(node)) {
    const name = FUNCTIONS[node.expression.getText(source)]
    return name === undefined ? [] : [instead(name, node.expression)]
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [instead('false')]
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [instead('true')]
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [{ start, end: start + 1, text: '' }]
  }
  if (ts.isWhileStatement(node)) return [{ start, end: start + 'while'.length, text: 'if' }]
  if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) return [instead(';')]
  return []
}

function mutant(file: string, text: string, { start, end, text: replacement }: Edit): Mutant {
  const from = text.lastIndexOf('\n', start) + 1
  const next = text.indexOf('\n', end)
  const to = next < 0 ? text.length : next
  const inOneLine = (lines: string) => lines.trim().replace(/\s+/g, ' ')
  return {
    file,
    line: text.slice(0, start).split('\n').length,
    from: inOneLine(text.slice(from, to)),
    to: inOneLine(text.slice(from, start) + replacement + text.slice(end, to)),
    text: text.slice(0, start) + replacement + text.slice(end),
  }
}

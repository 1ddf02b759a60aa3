/** Runs `action` and returns what it warned of, instead of printing it. */
export function warningsOf(action: () => void): string[] {
  const { warn } = console
  const warnings: string[] = []
  console.warn = (...words: unknown[]) => {
    warnings.push(words.join(' '))
  }
  try {
    action()
  } finally {
    console.warn = warn
  }
  return warnings
}

/** A colour of the style sheet, for a canvas to draw with: it follows the light or the dark theme. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** Calls back when the theme changes, since a canvas does not repaint itself. */
export function onThemeChange(repaint: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)
}

/** A pair of Clippy's thresholds that the page offers. */
export interface Thresholds {
  readonly variableRelativeThreshold: number
  readonly absoluteThreshold: number
}

export const THRESHOLDS = {
  paper: { variableRelativeThreshold: 0.5, absoluteThreshold: 0.01 },
  demo: { variableRelativeThreshold: 0.1, absoluteThreshold: 0.01 },
  defaults: { variableRelativeThreshold: 0.1, absoluteThreshold: 1e-7 },
} satisfies Record<string, Thresholds>

export type ThresholdsName = keyof typeof THRESHOLDS

export function isThresholdsName(text: string): text is ThresholdsName {
  return Object.hasOwn(THRESHOLDS, text)
}

declare module 'asciichart' {
  interface PlotOptions {
    min?: number
    max?: number
    height?: number
    format?: (value: number) => string
  }
  const asciichart: { plot(series: readonly number[], options?: PlotOptions): string }
  export default asciichart
}

/** A seeded generator (xorshift128 of Marsaglia, 2003): fast, and the same numbers on every machine. */
export class Random {
  private x: number
  private y = 362436069
  private z = 521288629
  private w = 88675123

  constructor(seed: number) {
    this.x = (seed | 0) ^ 123456789
    // Seeds that are close give streams that start close; let them drift apart.
    for (let i = 0; i < 32; i++) this.bits()
  }

  /** 32 random bits. */
  bits(): number {
    const t = this.x ^ (this.x << 11)
    this.x = this.y
    this.y = this.z
    this.z = this.w
    this.w = this.w ^ (this.w >>> 19) ^ t ^ (t >>> 8)
    return this.w >>> 0
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.bits() / 2 ** 32
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit()
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.unit() * count)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }
}

/** Pseudo-random numbers from a seed (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    // Seeds that lie near each other give unlike sequences.
    this.state = Math.imul(seed, 0x9e3779b1);
  }

  /** 32 bits, as a signed number. */
  word(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return (t ^ (t >>> 14)) | 0;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(((this.word() >>> 0) / 2 ** 32) * limit);
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

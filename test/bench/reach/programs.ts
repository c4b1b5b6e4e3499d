/** The long programs. */
export interface LongProgram {
  /** Arguments, and those of the small size. */
  readonly whole: readonly string[];
  readonly small: readonly string[];
  /** A variable that main writes once, at its beginning. */
  readonly early: string;
}

export const PROGRAMS: Readonly<Record<string, LongProgram>> = {
  mandelbrot: { whole: ['80', '40'], small: ['48', '24'], early: 'width' },
  'n-body': { whole: ['1000'], small: ['300'], early: 'steps' },
  sieve: { whole: ['1000000'], small: ['100000'], early: 'limit' },
  // More than 10^9 tokens.
  sha256: { whole: ['256'], small: ['12'], early: 'length' },
};

export const NAMES = Object.keys(PROGRAMS).join(', ');

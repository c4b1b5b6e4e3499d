/** What a measurement of a view tells: milliseconds of one kind, beside what they should stay below. */
import { quantile } from '../measure.ts';

export interface ViewReport {
  readonly what: string;
  readonly median: number;
  /** What 95 of 100 stay below. */
  readonly most: number;
  readonly worst: number;
  /** What `of` these should be below. */
  readonly limit: number;
  readonly of: 'median' | 'p95';
}

export function reportOf(what: string, times: readonly number[], limit: number, of: ViewReport['of']): ViewReport {
  const [median, most, worst] = [0.5, 0.95, 1].map((share) => quantile(times, share));
  return { what, median, most, worst, limit, of };
}

/** placeholder, written next */
import type { Tally } from './run.ts';
export async function runHostSuite(_grep?: string): Promise<Tally> {
  return { passed: 0, failed: 0 };
}

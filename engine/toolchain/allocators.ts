/**
 * The functions of C libraries that give out memory, by name: how many bytes a call of each asks for.
 */

/** What gives out memory: the bytes asked for, from its arguments as unsigned numbers. */
export const ALLOCATORS: ReadonlyMap<string, (args: readonly number[]) => number> = new Map([
  ['malloc', ([size]: readonly number[]) => size],
  ['calloc', ([count, size]: readonly number[]) => count * size],
  ['realloc', ([, size]: readonly number[]) => size],
  ['reallocarray', ([, count, size]: readonly number[]) => count * size],
  ['aligned_alloc', ([, size]: readonly number[]) => size],
  ['memalign', ([, size]: readonly number[]) => size],
]);

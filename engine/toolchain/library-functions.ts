/**
 * What functions of C libraries do with memory, by their names: those that give it out, take it back, or access as much
 * of it as their arguments say; and those that end the program. Arguments are unsigned numbers.
 */

/** What gives out memory: the bytes asked for. */
export const ALLOCATORS: ReadonlyMap<string, (args: readonly number[]) => number> = new Map([
  ['malloc', ([size]: readonly number[]) => size],
  ['calloc', ([count, size]: readonly number[]) => count * size],
  ['realloc', ([, size]: readonly number[]) => size],
  ['reallocarray', ([, count, size]: readonly number[]) => count * size],
  ['aligned_alloc', ([, size]: readonly number[]) => size],
  ['memalign', ([, size]: readonly number[]) => size],
  ['posix_memalign', ([, , size]: readonly number[]) => size],
]);

/** Those of them that store the address where their first argument points, and return 0 where there is memory. */
export const STORES_ADDRESS: ReadonlySet<string> = new Set(['posix_memalign']);

/** Those of them whose memory is written already: with zeros. */
export const CLEARS: ReadonlySet<string> = new Set(['calloc']);

/** What takes back the memory that its first argument points to, if it points to any. */
export const RELEASERS: ReadonlySet<string> = new Set(['free', 'realloc', 'reallocarray']);

/** A part of memory that a function accesses for its caller: from one argument on, as many bytes as another says. */
export interface LibraryAccess {
  readonly from: number;
  readonly bytes: number;
  readonly writes: boolean;
}

/** What copies, fills and reads memory. */
export const LIBRARY_ACCESSES: ReadonlyMap<string, readonly LibraryAccess[]> = new Map([
  ['memcpy', copying()],
  ['memmove', copying()],
  ['memset', [{ from: 0, bytes: 2, writes: true }]],
  ['memcmp', [reading(0), reading(1)]],
  ['memchr', [reading(0)]],
]);

/** What ends the program with a message, and what that is called. */
export const ABORTS: ReadonlyMap<string, string> = new Map([
  ['abort', 'Aborted'],
  ['__assert_fail', 'Assertion failed'],
]);

function copying(): LibraryAccess[] {
  return [{ from: 0, bytes: 2, writes: true }, reading(1)];
}

function reading(from: number): LibraryAccess {
  return { from, bytes: 2, writes: false };
}

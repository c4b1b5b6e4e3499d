/** The machine's limits. What they follow from is in docs/exactness.md; what is derived from them stands beside its use. */

/** Bytes per page of wasm memory. */
export const PAGE_SIZE = 65536;

/** Limits of the machine, derived in the documentation of the circuits; what needs more is refused. */
export const LIMITS = {
  /** Tokens in all: positions are keys, and a square of one stays below 2^53. */
  tokens: 2 ** 26,
  /** Tokens of the prompt: they are found by sums that are off by rounding, which the nearest position must outweigh. */
  promptTokens: 2 ** 25,
  /** Pages of memory, 64 MiB: addresses are keys, and a square of one stays below what outweighs it (graph/lookups.ts). */
  memoryPages: 2 ** 26 / PAGE_SIZE,
  /** Cells: call depth times the frame's stride. */
  cells: 2 ** 25,
  /** Calls that can be open at once (trap: call stack exhausted). */
  callDepth: 2 ** 14,
} as const;

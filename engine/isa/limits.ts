/**
 * The machine's limits, and what follows from them. What they follow from themselves is in docs/exactness.md: the build
 * proves that every number stays exact up to them. What needs more is refused, never computed wrong.
 */
import { PlacedError } from '../errors.ts';

/** Bytes per page of wasm memory. */
export const PAGE_SIZE = 65536;

/** What the sizes of a machine's numbers depend on. */
export interface MachineLimits {
  /** Tokens in all: positions are keys, and a square of one stays below 2^53. */
  readonly tokens: number;
  /** Tokens of the prompt: they are found by sums that are off by rounding, which the nearest position must outweigh. */
  readonly promptTokens: number;
  /** Bytes of memory: addresses are keys, and a square of one stays below what outweighs it (graph/lookups.ts). */
  readonly memory: number;
  /** Cells: call depth times the frame's stride. */
  readonly cells: number;
  /** Calls that can be open at once (trap: call stack exhausted). */
  readonly callDepth: number;
}

/** The machine's limits. */
export const LIMITS: MachineLimits = {
  tokens: 2 ** 26,
  promptTokens: 2 ** 25,
  memory: 2 ** 26,
  cells: 2 ** 25,
  callDepth: 2 ** 14,
};

/** Pages of memory: 1,024, 64 MiB. */
export const MEMORY_PAGES = LIMITS.memory / PAGE_SIZE;

/** Most bytes of a line that states a fact behind the prompt: an edit of memory, or input. */
export const EDIT_BYTES = 2 ** 20;

/** Fewest tokens of a line that pushes a value: its four bytes and a commit. */
const PUSH_TOKENS = 5;

/** Most values that can be on the operand stack at once. */
export function mostStackSlots({ tokens }: MachineLimits = LIMITS): number {
  return Math.floor(tokens / PUSH_TOKENS);
}

/** Most bytes of input that can have been read: each was pushed. */
export function mostReads(limits: MachineLimits = LIMITS): number {
  return mostStackSlots(limits);
}

/** @throws PlacedError when a prompt of so many tokens is longer than it can be */
export function checkPromptLength(tokens: number): void {
  if (tokens <= LIMITS.promptTokens) return;
  throw new PlacedError(
    `program and input take ${tokens} tokens; a prompt can have ${LIMITS.promptTokens}. Make the program, its data or its input smaller.`,
  );
}

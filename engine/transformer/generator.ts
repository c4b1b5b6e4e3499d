/**
 * What generates tokens: the plain forward pass and the kernel behind one interface, so that everything above them
 * (command line, debug adapter, tests) can use either.
 */
import type { Model } from './model.ts';

/** One head in the pass over one token. */
export interface HeadInspection {
  readonly layer: number;
  readonly head: number;
  readonly query: readonly [number, number];
  /** The token it attended to; -1 when its attention is shared equally by `shared` tokens. */
  readonly target: number;
  /** How many tokens have the best score, where equal scores share; otherwise 1. */
  readonly shared: number;
  /** Score of the winner: query · key. */
  readonly score: number;
  /** What it brought: the two components of the value. */
  readonly value: readonly [number, number];
  /** The best token among those with another score or, where the latest wins, the one before it; -1 for none. */
  readonly runnerUp: number;
  /** Score of the winner minus that of the runner-up; Infinity when there is none. */
  readonly margin: number;
}

/** The pass over one token: what it read of the tokens up to and including itself, and nothing later. */
export interface Inspection {
  readonly token: number;
  /** Working heads, by layer, then head. */
  readonly heads: readonly HeadInspection[];
  /** Residual stream [2 · layers + 1][dModel]: after the embedding, then after each attention and feed-forward. */
  readonly residuals: readonly Float64Array[];
  /** [vocabulary]: scores of the token that comes next. */
  readonly logits: Float64Array;
}

/** Generates one sequence. Tokens are never taken back. */
export interface Generator {
  readonly model: Model;
  /** Number of tokens so far, the prompt included. */
  readonly length: number;
  /** Bytes that tokens and caches take. */
  readonly bytes: number;
  tokenAt(index: number): number;
  /** The tokens from an index on, up to but not including `to`: a copy. */
  read(from: number, to: number): Uint16Array;
  /** Appends tokens that are given: the prompt, edits. */
  append(tokens: ArrayLike<number>): void;
  /**
   * Generates at most `count` tokens by greedy argmax; stops behind one that ends generation (`config.eos`).
   * Returns how many it generated. @throws PlacedError at the model's limits, naming them
   */
  generate(count: number): number;
  /** Recomputes the pass over token `index`, as it was then. @throws RangeError for a token that does not exist */
  inspect(index: number): Inspection;
  /**
   * The keys [to - from, 2] that the tokens from `from` up to but not including `to` have for a working head.
   * @throws RangeError for a head that does not work, or tokens that do not exist
   */
  keys(layer: number, head: number, from: number, to: number): Float64Array;
  /** Another one of the same kind, with no tokens. It may take over this one's memory: this one is used no more. */
  anew(): Generator;
}

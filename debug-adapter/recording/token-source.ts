/**
 * Where a session's tokens come from: the transformer, or in tests a file of tokens. A source is given the prompt and
 * from then on says the tokens that follow; what it says is all that the debugger knows.
 */
import type { TokenProgram } from '../../engine/isa/program.ts';
import type { Engine } from '../../engine/run/engines.ts';
import type { SequenceSource } from '../../engine/run/run.ts';
import type { Anatomy } from '../../engine/transformer/anatomy.ts';
import type { HeadInspection } from '../../engine/transformer/generator.ts';
import type { HeadForms } from '../../engine/transformer/slot-names.ts';
import type { Attention } from '../../engine/transformer/transformer.ts';

/** One head in the pass over one token, with its role in people's words, and whether it had a part in the outcome. */
export interface NamedHead extends HeadInspection {
  readonly name: string;
  readonly active: boolean;
  /**
   * The token of the run that a position is, where the model counts from the beginning of a later context; `role`: of the head
   * that attends to it, if one does.
   */
  readonly tokenOf?: (position: number, role?: string) => number;
  /** There: the numbers of `target` and `runnerUp` in that context. */
  readonly positions?: { readonly target: number; readonly runnerUp: number };
  /** What the two components of its value are called, without the role: `position`; '' for none. */
  readonly brings: readonly [string, string];
}

/** The keys that tokens have for one head, and how softmax would weigh their scores. */
export interface HeadKeys {
  /** The recency slope: with 0 equal scores share the attention, otherwise the latest of them wins. */
  readonly slope: number;
  /** Softmax over n tokens multiplies scores by 2^(scaleBits + log2 n). */
  readonly scaleBits: number;
  /** [to - from, 2] of the tokens from `from` up to but not including `to`. */
  read(from: number, to: number): Float64Array;
}

/** A Generator, of which heads are known by name. See there for what its methods promise. */
export interface TokenSource extends SequenceSource {
  /** Checksum of the model that says the tokens. */
  readonly model: string;
  /** Bytes that tokens and caches take. */
  readonly bytes: number;
  /** One of the same kind that has no tokens yet. */
  another(): TokenSource;
  /** One for a run on the side, of this program from elsewhere: it comes and goes without one of a branch being given up. */
  aside(program: TokenProgram, input: Uint8Array, more: boolean): TokenSource;
  /** Nobody needs it any more: what it keeps can go. */
  release(): void;
  /** What the heads did in the pass over token `index`; undefined where nobody knows. */
  inspect(index: number): { readonly heads: readonly NamedHead[] } | undefined;
  /** The keys of a working head. Missing where nobody knows. */
  keys?(layer: number, head: number): HeadKeys;
  /** The pass over token `index`, taken apart; see engine/transformer/anatomy.ts. Missing where nobody knows. */
  anatomy?(index: number, rival?: number): Anatomy;
  /** What a head made of the residual stream in the pass over token `index`; undefined where nobody knows. */
  forms(index: number, layer: number, head: number): HeadForms | undefined;
}

/** What a source is made for: a program with its input, and how the forward pass is computed. */
export interface SourceOptions {
  readonly program: TokenProgram;
  readonly input: Uint8Array;
  /** Whether more input may be given later. */
  readonly more?: boolean;
  readonly attention: Attention;
  /** Undefined: whichever has that attention. */
  readonly engine: Engine | undefined;
}

/** Makes the source of a session's tokens. */
export interface SourceFactory {
  /** Loads ahead what every session needs. */
  warm(): Promise<void>;
  source(options: SourceOptions): Promise<TokenSource>;
}

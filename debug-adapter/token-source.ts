/**
 * Where a session's tokens come from: the transformer, or in tests a file of tokens. A source is fed the prompt and
 * from then on says one token after the other; what it says is all that the debugger knows.
 */

/** One head in the pass over one token. */
export interface HeadInspection {
  readonly layer: number;
  readonly head: number;
  /** Its role, for people. */
  readonly name: string;
  readonly query: ArrayLike<number>;
  /** The token it attended to; -1 when its attention is shared by several. */
  readonly target: number;
  readonly shared: number;
  readonly score: number;
  readonly value: readonly number[];
  /** -1 for none. */
  readonly runnerUp: number;
  readonly margin: number;
}

export interface TokenSource {
  /** Appends a token of the prompt. */
  append(token: number): void;
  /** Generates the next token and appends it. */
  step(): number;
  /** What the heads did in the pass over token `index`; undefined where nobody knows. */
  inspect(index: number): { readonly heads: readonly HeadInspection[] } | undefined;
}

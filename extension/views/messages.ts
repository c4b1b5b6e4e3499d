/** What the extension host and the Attention view say to each other. */

/** Where a token stands. */
export interface Place {
  token: number;
  text: string;
  /** Trace line; absent for tokens of the prompt. */
  line?: number;
  /** Text of the trace line, or of the program's instruction. */
  lineText?: string;
  source?: { file: string; line: number };
}

/** What one head did. */
export interface Head {
  layer: number;
  head: number;
  role: string;
  active: boolean;
  query: readonly [number, number];
  /** Null: its attention is spread over many. */
  target: Place | null;
  /** How many tokens share its attention. */
  shared: number;
  value: string;
  margin: number;
  runnerUp?: { token: number; text: string };
}

/** Answer of the adapter's `stepformer/attention`. */
export interface Attention {
  /** The trace line in words; parts with a token can be followed, `line` is that token's. */
  sentence: readonly { text: string; value?: string; token?: number; line?: number }[];
  line: { index: number; number: number; text: string; cLine?: { file: string; line: number } };
  tokens: readonly { index: number; text: string; focus: boolean }[];
  /** The token in focus. */
  token: number;
  /** The last token generated. */
  now: number;
  heads: readonly Head[];
}

export type ToView =
  | { type: 'attention'; attention: Attention; past: boolean }
  | { type: 'running' }
  | { type: 'empty' }
  | { type: 'trouble'; message: string }
  | { type: 'note'; message: string };

export type FromView =
  | { type: 'ready' }
  | { type: 'focus'; token: number }
  /** `file` and `line`: the C line to show if there is no moment to travel to. */
  | { type: 'travel'; token: number; file?: string; line?: number }
  | { type: 'open'; file: string; line: number }
  | { type: 'trace'; line: number }
  | { type: 'command'; command: string };

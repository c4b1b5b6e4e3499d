/** The shapes of what is explained: where a value came from, who read it, why a line was executed. */

/** A source line. */
export interface HopPlace {
  path: string;
  line: number;
}

/** The head that testifies: in the pass that chose token `from` it attended to token `to`. */
export interface Evidence {
  layer: number;
  head: number;
  role: string;
  from: number;
  to: number;
  /** Infinity where no other token could have been meant is told as null by JSON. */
  margin: number;
}

/** A value that took part. `token` is good for another question; -1 where nothing was ever written. */
export interface HopOperand {
  text: string;
  value: string;
  token: number;
  /** Bytes from `token` on that are meant; absent for a whole value. */
  bytes?: number;
  /** A number of the code: its origin is no news. */
  constant?: true;
}

/** A copy that was left out, by the C line that made it. */
export interface FoldedPlace {
  text: string;
  count: number;
  place?: HopPlace;
  function?: string;
}

export type HopKind = 'copy' | 'compute' | 'constant' | 'input' | 'initializer' | 'edit' | 'unknown';

/** One hop of an origin. */
export interface Hop {
  kind: HopKind;
  /** The C line, or what the instruction does. */
  text: string;
  value: string;
  /** -1 for what the prompt states. */
  traceLine: number;
  token: number;
  place?: HopPlace;
  /** The function whose line it is; one of the library has the place of the call that led there. */
  function?: string;
  evidence?: Evidence;
  operands?: HopOperand[];
  /** Copies left out before this hop, and where they were. */
  folded?: number;
  through?: FoldedPlace[];
  /** What is computed, with the names of its operands: `x + y`. */
  expression?: string;
  /** The address that a store wrote to: another question. */
  address?: { token: number; value: string };
  /** Of an input byte: which, from 0. */
  index?: number;
}

/** Hops, the newest first. `more`: there are others. */
export interface OriginAnswer {
  hops: Hop[];
  more: boolean;
}

/** A line that read a value. */
export interface Reader {
  traceLine: number;
  token: number;
  text: string;
  place?: HopPlace;
  function?: string;
  evidence?: Evidence;
}

/** Readers, the oldest first. */
export interface ReadersAnswer {
  readers: Reader[];
  more: boolean;
}

/** The branch or call that led to a line. */
export interface ControlAnswer {
  kind: 'branch' | 'call' | 'start';
  text: string;
  /** Of a branch: whether it was taken. */
  taken?: boolean;
  traceLine: number;
  token: number;
  place?: HopPlace;
  function?: string;
  /** Of a branch: its condition. */
  condition?: HopOperand;
  evidence?: Evidence;
}

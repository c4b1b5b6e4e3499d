/** One function of the decision tree, before it is made: what is known in it, and what those before it have computed. */
import type { Node } from '../graph/node.ts';

export interface Stage {
  readonly generates: boolean;
  /** Every key of every table has occurred. */
  readonly ready: boolean;
  readonly tokenClass: number;
  /** By pivot: class of what it brought; -1 when unknown. */
  readonly choices: readonly number[];
  /** Nodes that earlier functions left in scratch memory. */
  readonly available: ReadonlySet<Node>;
  /** Groups that the current token has joined. */
  readonly inserted: ReadonlySet<number>;
  /** Running sums and flags were brought up to date. */
  readonly started: boolean;
}

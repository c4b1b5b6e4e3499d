/** What the parts of the Attention view share: the token that is looked at, and which head is pointed at. */
import type { HeadView, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { headName } from '../parts/families.ts';

export interface Looked {
  readonly attention: TokenAttention;
  /** Name of the head that is pointed at, or else selected. */
  readonly shown: string | undefined;
  /** Name of the one that is selected. */
  readonly selected: string | undefined;
  /** A head is pointed at, or none. */
  point(head: HeadView | undefined): void;
  /** A head is chosen, or given up where it was. */
  select(head: HeadView): void;
}

/** What makes an element point at a head. */
export function pointing({ point }: Looked, head: HeadView) {
  return {
    onMouseEnter: () => point(head),
    onMouseLeave: () => point(undefined),
    onFocusIn: () => point(head),
    onFocusOut: () => point(undefined),
  };
}

/** How an element of a head looks among others: `selected`, `faint`, or nothing. */
export function look({ shown }: Looked, head: HeadView): string {
  if (shown === undefined) return '';
  return shown === headName(head) ? 'selected' : 'faint';
}

/**
 * Arcs from the token in focus to what its heads attended to, laid out so that each can be seen and hit: those that share an
 * end fan out over the width of the token, and lie one inside the other.
 */

/** Where a token lies in the strip, in pixels. */
export interface Box {
  readonly left: number;
  readonly width: number;
}

/** An arc of something: a curve, from the token in focus to another. */
export interface Arc<T> {
  readonly of: T;
  readonly path: string;
  /** Its ends. */
  readonly from: number;
  readonly to: number;
  /** How far it rises. */
  readonly rise: number;
}

/** Height that arcs may take, in pixels. */
export const RISE = 66;

const LOWEST = 12;
/** Room that is left free at the sides of a token. */
const MARGIN = 4;

const middle = ({ left, width }: Box) => left + width / 2;

export function arcsOf<T>(focus: Box, targets: readonly { readonly of: T; readonly box: Box }[]): Arc<T>[] {
  const distance = (box: Box) => Math.abs(middle(focus) - middle(box));
  const order = [...targets].sort((a, b) => distance(a.box) - distance(b.box));
  const farthest = distance(order.at(-1)?.box ?? focus) || 1;
  return order.map(({ of, box }, i) => {
    const isBefore = middle(box) <= middle(focus);
    const sharing = order.filter((other) => other.box.left === box.left);
    const rank = sharing.findIndex((other) => other.of === of);
    // The nearest leaves at the side of its target, and arrives there at the side of the focus: the others go around it.
    const from = spread(focus, i, order.length, isBefore);
    const to = spread(box, rank, sharing.length, !isBefore);
    const share = (Math.sqrt(distance(box) / farthest) + (i + 1) / order.length) / 2;
    const rise = LOWEST + (RISE - LOWEST - MARGIN) * share;
    const top = RISE - rise * (4 / 3);
    return { of, from, to, rise, path: `M${from} ${RISE} C${from} ${top} ${to} ${top} ${to} ${RISE}` };
  });
}

/** The place of one of several ends at a token: the first at its left, or at its right. */
function spread({ left, width }: Box, index: number, count: number, fromLeft: boolean): number {
  if (count === 1) return left + width / 2;
  const room = Math.max(width - 2 * MARGIN, 0);
  const share = index / (count - 1);
  return left + MARGIN + room * (fromLeft ? share : 1 - share);
}

/**
 * Which nodes are computed as 32-bit integers: conversions between integers and floats are what a look-up's address
 * would otherwise wait for. Sums and products are exact modulo 2^32, so only results have to fit.
 */
import { memo } from './memo.ts';
import type { Node } from './node.ts';

const known = new WeakMap<Node, boolean>();

/** True when every integer of an interval is an i32, as a signed or as an unsigned number. */
export function fits(lo: number, hi: number): boolean {
  return lo >= -(2 ** 31) && hi < (lo < 0 ? 2 ** 31 : 2 ** 32);
}

/** True for nodes whose value is computed as i32; it is unsigned when the interval starts at 0 or above. */
export function isInt(node: Node): boolean {
  return memo(known, node, () => node.integer && fits(node.lo, node.hi) && inner(node));
}

function inner(node: Node): boolean {
  switch (node.kind) {
    case 'feature':
      return node.hi < 2 ** 31;
    case 'const':
    case 'position':
    case 'distance':
    case 'entry':
      return true;
    case 'lin':
      return (
        Number.isInteger(node.constant) &&
        node.terms.every((term, i) => isInt(term) && Number.isInteger(node.weights[i]))
      );
    case 'mul':
      return isInt(node.a) && isInt(node.b);
    case 'product':
      return isInt(node.gate) && isInt(node.up) && node.gate.hi < 2 ** 31;
    case 'clamp':
      return (isInt(node.x) && node.x.hi < 2 ** 31) || node.limit === 1;
    case 'value': {
      const { lookup } = node.at;
      if (lookup.kind === 'table') return node.hi < 2 ** 31;
      if (lookup.kind === 'few') return isInt(node.form);
      return isInt(node.form);
    }
    default:
      return false;
  }
}

/**
 * What a layer does, in plain words: read off the roles of its heads and the names of what its neurons write. A model that
 * names them otherwise is told by those names themselves.
 */
import type { LayerPortrait } from '../../../engine/transformer/portrait.ts';

/** Names of heads' roles or of variables, and what it means that a layer has them. */
const DEEDS: readonly [names: RegExp, text: string][] = [
  [/^(start of line|byte \d back)$/, 'reads the line written so far'],
  [/^(cursor \(running sum\)|stack depth|call depth)$/, 'where in the program, how deep'],
  [/^fetch opcode$/, 'fetches the instruction'],
  [/^(stack top|below stack top|third of stack)$/, 'finds where the operands are'],
  [/^next input byte$/, 'reads input'],
  [/^(byte of stack top|byte below stack top)$/, 'brings the operands'],
  [/^local or global$/, 'looks up locals'],
  [/^memory load$/, 'loads memory'],
  [/^bits of byte \d$/, 'adds, compares, counts bits'],
  [/^exponent in second byte of float/, 'takes floats apart'],
  [/^bits of (low|high) nibbles$/, 'and, or, xor'],
  [/^(upper|lower) byte of shift$/, 'shifts'],
  [/^(root|half of exponent)$/, 'square roots'],
  [/^carry of product$/, 'multiplies'],
  [/^shift amount$/, 'how far to shift'],
  [/^high bits of exponent$/, 'exponents of floats'],
];

/** The same for one of several of a kind. */
const NUMBERED: readonly [name: RegExp, text: (number: string) => string][] = [
  [/^quotient digit (\d)$/, (digit) => `digit ${digit} of a quotient`],
  [/^byte (\d) of number$/, (byte) => `byte ${byte} of a number to put out`],
];

/** What neurons alone do, where a layer has no heads. */
const WRITTEN: readonly [name: RegExp, text: string][] = [[/^number put out$/, 'settles the number to put out']];

/** Names at most, of a layer that nothing is known about. */
const MOST = 3;

export function deedsOf({ heads, circuits }: LayerPortrait): string {
  const roles = [...new Set(heads.map(({ role }) => role))];
  const written = circuits.flatMap(({ names }) => names);
  const found = [
    ...DEEDS.filter(([names]) => roles.some((role) => names.test(role))).map(([, text]) => text),
    ...NUMBERED.flatMap(([name, text]) => roles.flatMap((role) => name.exec(role)?.slice(1, 2) ?? []).map(text)),
    ...WRITTEN.filter(([name]) => roles.length === 0 && written.some((variable) => name.test(variable))).map(
      ([, text]) => text,
    ),
  ];
  if (found.length > 0) return found.join('; ');
  return (roles.length > 0 ? roles : [...new Set(written)]).slice(0, MOST).join(', ') || 'nothing';
}

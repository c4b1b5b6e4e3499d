/** The rows of weights that take most bits, as the table of docs/exactness.md. */
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import type { Exactness } from '../../engine/weights/exactness/exactness.ts';
import type { Row } from '../../engine/weights/exactness/rows.ts';

/** The table stands between these lines. */
export const BEFORE = '<!-- rows: from `npm run exactness` -->\n';
export const BEHIND = '<!-- /rows -->';

/** Groups of each kind of row, and names of each group, that are shown. */
const GROUPS = 3;
const NAMES = 3;
/** What takes fewer bits is far from the limit. */
const LEAST = 41;

/** One digit behind the point, and as many as it takes to be below 53. */
const bitsText = (bits: number) => (bits < 52.95 ? bits.toFixed(1) : bits.toFixed(8));

/** What is added up, by name: a logit by its token. */
const nameOf = ({ kind, name }: Row) =>
  kind === 'unembedding' ? `\`${VOCABULARY[Number(/\d+/.exec(name))]}\`` : `*${name}*`;

/** The tightest rows of each kind, those that take as many bits together. */
export function tightestRows({ rows }: Exactness): string {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.bits < LEAST) break;
    const key = `${row.kind} ${bitsText(row.bits)}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const shown = new Map<string, number>();
  const lines = [...groups.values()].flatMap((group) => {
    const [{ kind, bits, case: worst }] = group;
    const before = shown.get(kind) ?? 0;
    shown.set(kind, before + 1);
    if (before >= GROUPS) return [];
    const more = group.length > NAMES ? ` and ${group.length - NAMES} more` : '';
    const names = `${group.slice(0, NAMES).map(nameOf).join(', ')}${more}`;
    return [`| ${bitsText(bits)} | ${kind} | ${names} | ${worst} |`];
  });
  return ['', '| bits | row | of | in the case (the first) |', '|---|---|---|---|', ...lines, '', ''].join('\n');
}

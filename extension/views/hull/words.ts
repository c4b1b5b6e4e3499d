/** The Hull view in words: what a key is called, what the head looks for, what it found. */
import type { HullAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName } from '../dom.ts';
import { familyOf } from '../parts/families.ts';

type Candidate = NonNullable<HullAnswer['winner']>;

/** What the keys of a family count, where they count something: `address 0x3ffe4`. */
const NOUNS: Readonly<Record<string, string>> = {
  memory: 'address',
  locals: 'cell',
  top: 'stack slot',
  below: 'stack slot',
  calls: 'call depth',
  arithmetic: 'row',
  input: 'byte',
};

const allDigits = new Intl.NumberFormat('en', { maximumFractionDigits: 20 });

/** Exact: whole numbers and dyadic fractions with all their digits. */
export function exact(value: number): string {
  return allDigits.format(value === 0 ? 0 : value);
}

/** A pair of numbers. */
export const pair = ([x, y]: readonly number[]): string => `(${exact(x)}, ${exact(y)})`;

/** What keys count: `address`, `token` or `position` where a key is the token's own number, or just `key`. */
export function nounOf({ parabola, role, winner, context }: HullAnswer): string {
  if (!parabola) return 'key';
  if (winner && winner.key[0] === 2 * (winner.position ?? winner.standing.token)) return context ? 'position' : 'token';
  return NOUNS[familyOf(role).name] ?? 'key';
}

/** What a key is called by the number that goes across. */
export function keyName(answer: HullAnswer, across: number): string {
  if (!answer.parabola) return exact(across);
  const key = across / 2;
  return nounOf(answer) === 'address' && Number.isInteger(key) ? `0x${key.toString(16)}` : exact(key);
}

/** Where the query points to on the axis across; undefined where keys are not on the parabola (2k, -k²). */
export function askedFor({ parabola, query: [x, y] }: HullAnswer): number | undefined {
  return parabola && y > 0 ? (2 * x) / y : undefined;
}

/** A piece of the sentence; one with a token leads there. */
export interface Part {
  text: string;
  strong?: boolean;
  token?: number;
}

/** What happens, behind the head's name: "looks up address 0x3ffe4 among 1,204 keys: token 812 …". */
export function sentence(answer: HullAnswer): Part[] {
  const { keys, winner, shared, margin, latest } = answer;
  const among = { text: ` among ${about(answer)}${exact(keys)} keys: ` };
  if (!winner) {
    return [
      { text: aim(answer) },
      among,
      { text: `${exact(shared)} tokens`, strong: true },
      { text: ' share it equally' },
    ];
  }
  const { token, text, place, carried } = winner.standing;
  const where = `${place ? `, ${fileName(place.path)}:${place.line},` : ''}${carriedText(carried)}`;
  const asked = askedFor(answer);
  const parts: Part[] = [
    { text: aim(answer) },
    among,
    { text: `token ${exact(token)}`, strong: true, token },
    { text: ` “${text}”${where}` },
  ];
  const same = winner.tokens;
  if (asked !== undefined && asked !== winner.across) {
    parts.push({ text: ` wins with ${nounOf(answer)} ${keyName(answer, winner.across)}, the nearest that there is` });
  } else if (same > 1 && latest) {
    parts.push({ text: ` wins, the latest of ${about(answer)}${exact(same)} with that key` });
  } else parts.push({ text: ' wins' });
  if (margin !== null && margin > 0) parts.push({ text: `; the next is ${exact(margin)} behind` });
  return parts;
}

/** Counts from a sample are estimates. */
const about = ({ sampled }: HullAnswer): string => (sampled > 1 ? 'about ' : '');

function aim(answer: HullAnswer): string {
  const asked = askedFor(answer);
  const { query } = answer;
  if (asked !== undefined) return `looks up ${nounOf(answer)} ${keyName(answer, asked)}${calledInC(answer)}`;
  if (query[0] === 0 && query[1] === 0) return 'looks for nothing: its query is (0, 0)';
  return `looks furthest along ${pair(query)}`;
}

/** What C calls the byte that is looked up. */
function calledInC({ variable }: HullAnswer): string {
  if (!variable) return '';
  return ` (${variable.name}${variable.function === undefined ? '' : ` in ${variable.function}`})`;
}

/** How a candidate stands, in short. */
export function standingText({ standing }: Pick<Candidate, 'standing'>) {
  const { token, text, traceLine, lineText, place, carried } = standing;
  const where = traceLine === undefined ? `program${lineText ? `: ${lineText}` : ''}` : `line ${exact(traceLine + 1)}`;
  return `token ${exact(token)} “${text}” · ${where}${place ? ` · ${fileName(place.path)}:${place.line}` : ''}${carriedText(carried, ' ·')}`;
}

/** Of a token that a later context repeats: ` (carried over to context 3)`. */
function carriedText(carried: number | undefined, before = ''): string {
  if (carried === undefined) return '';
  return before ? `${before} carried over to context ${carried}` : ` (carried over to context ${carried})`;
}

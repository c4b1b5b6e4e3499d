/** The tokens of the strip: the prompt's first, then the trace by line, with the line of the position whole. */
import type { HeadView, Standing, TokenAttention } from '../../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../../dom.ts';

/** Tokens of one trace line, or of one instruction of the program. */
export interface Group {
  readonly key: string;
  readonly label: string;
  /** Ascending; `between`: tokens left out before it. */
  readonly tokens: readonly { readonly token: number; readonly text: string; readonly between: number }[];
  readonly isHere: boolean;
}

/** Tokens of the line that are shown on both sides of the one in focus: lines of input may have thousands. */
const AROUND = 40;

export function groupsOf(attention: TokenAttention, heads: readonly HeadView[]): Group[] {
  const { traceLine, place, tokens } = attention;
  const here = `line ${traceLine}`;
  const labels = new Map([[here, `line ${number(traceLine + 1)}${sourceText(place)} ◂ position`]]);
  const near = tokens.filter(({ token }) => Math.abs(token - attention.token) <= AROUND);
  const found = new Map([[here, new Map(near.map(({ token, text }) => [token, text]))]]);
  for (const { target } of heads) {
    if (!target) continue;
    const label = labelOf(target);
    const key = target.traceLine === undefined ? label : `line ${target.traceLine}`;
    if (!labels.has(key)) labels.set(key, label);
    found.set(key, (found.get(key) ?? new Map<number, string>()).set(target.token, target.text));
  }
  return [...found]
    .map(([key, texts]) => ({ key, label: labels.get(key) ?? '', tokens: spaced(texts), isHere: key === here }))
    .sort((a, b) => (a.tokens[0]?.token ?? 0) - (b.tokens[0]?.token ?? 0));
}

function spaced(texts: ReadonlyMap<number, string>): Group['tokens'] {
  const tokens = [...texts].sort(([a], [b]) => a - b);
  return tokens.map(([token, text], i) => ({ token, text, between: i === 0 ? 0 : token - tokens[i - 1][0] - 1 }));
}

function labelOf({ traceLine, lineText, place, carried }: Standing): string {
  const over = carried === undefined ? '' : ` · carried over to context ${carried}`;
  if (traceLine !== undefined) return `line ${number(traceLine + 1)}${sourceText(place)}${over}`;
  return `${lineText ? `program: ${lineText}${sourceText(place)}` : 'prompt'}${over}`;
}

/** ` · add.c:4` */
export function sourceText(place: Standing['place']): string {
  return place ? ` · ${fileName(place.path)}:${place.line}` : '';
}

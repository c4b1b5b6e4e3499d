/** One pass, from the bottom up: a row per layer, with the heads that had a part, what each looked for and what it brought. */
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { byLayer } from '../../../extension/views/attention/model/heads.ts';
import { familyOf } from '../../../extension/views/parts/families.ts';
import { drawing, element, FAINT, familyColour, INK, line, PALE, text, widthOf } from './svg.ts';

type Attention = AnswerOf<'stepformer/attention'>;
type Head = Attention['heads'][number];

const WIDTH = 900;
const LEFT = 92;
const BOX = { height: 42, gap: 8, pad: 8, size: 12 };
const ROW = BOX.height + 14;

export function layersDrawing(attention: Attention, title: string): string {
  const rows = byLayer(attention.heads.filter(({ active }) => active)).flatMap(({ layer, heads }) =>
    lines(heads).map((boxes, i) => ({ name: i === 0 ? `layer ${layer}` : '', boxes })),
  );
  const chosen = attention.tokens.find(({ token }) => token === attention.token)?.text ?? '';
  const height = 40 + (rows.length + 2) * ROW;
  /** The first row is at the bottom, as a residual stream rises. */
  const at = (row: number) => height - 14 - (row + 1) * ROW;
  const parts = [
    text(14, 22, title, { 'font-weight': 'bold' }),
    line(LEFT - 16, at(0) + BOX.height, LEFT - 16, at(rows.length + 1) + 12, { stroke: PALE, 'stroke-width': 6 }),
    ...row(at(0), 'reads', `token ${(attention.token - 1).toLocaleString('en')}, and looks at all before it`),
    ...rows.flatMap(({ name, boxes }, i) => [
      text(14, at(i + 1) + 25, name, { fill: FAINT }),
      ...boxes.map((box) => headBox(box, at(i + 1))),
    ]),
    ...row(at(rows.length + 1), 'says', `${chosen}: token ${attention.token.toLocaleString('en')}`),
  ];
  return drawing(WIDTH, height, title, parts);
}

function row(y: number, name: string, content: string): string[] {
  return [text(14, y + 25, name, { fill: FAINT }), text(LEFT, y + 25, content, { 'font-weight': 'bold' })];
}

interface Box {
  head: Head;
  texts: [role: string, brought: string];
  x: number;
  width: number;
}

/** The boxes of a layer, in as many lines as they need. */
function lines(heads: readonly Head[]): Box[][] {
  const found: Box[][] = [[]];
  let x = LEFT;
  for (const head of heads) {
    const texts: Box['texts'] = [head.role, brought(head)];
    const width = Math.max(...texts.map((one) => widthOf(one, BOX.size))) + 2 * BOX.pad;
    if (x + width > WIDTH - 14 && x > LEFT) {
      found.push([]);
      x = LEFT;
    }
    found[found.length - 1].push({ head, texts, x, width });
    x += width + BOX.gap;
  }
  return found;
}

function brought({ meaning, target }: Head): string {
  return target ? `“${target.text}” → ${meaning}` : meaning;
}

function headBox({ head, texts, x, width }: Box, y: number): string {
  const colour = familyColour(familyOf(head.role).name);
  return [
    element('rect', { x, y, width, height: BOX.height, rx: 4, fill: 'none', stroke: colour, 'stroke-width': 1.5 }),
    ...texts.map((one, i) =>
      text(x + BOX.pad, y + 17 + 17 * i, one, { 'font-size': BOX.size, fill: i === 0 ? colour : INK }),
    ),
  ].join('\n');
}

/** A recording over time: which line of C each line of the trace belongs to, where one stands, and who wrote what is read. */
import { drawing, element, FAINT, familyColour, INK, line, PALE, text, widthOf } from './svg.ts';

/** A line of the trace: its first token, and the line of C that it belongs to. */
export interface TraceStep {
  readonly token: number;
  readonly line: number;
}

export interface Course {
  readonly title: string;
  /** Lines of C, the first one first. */
  readonly source: readonly string[];
  readonly firstLine: number;
  readonly steps: readonly TraceStep[];
  readonly position: number;
  /** Tokens that the instruction at the position reads from, with what it finds there. */
  readonly reads: readonly { readonly token: number; readonly value: string }[];
}

const WIDTH = 860;
const ROW = 34;
const TOP = 64;

export function timeDrawing({ title, source, firstLine, steps, position, reads }: Course): string {
  const left = Math.max(...source.map((one) => widthOf(one))) + 60;
  const from = steps[0].token;
  const to = steps[steps.length - 1].token;
  const x = (token: number) => left + ((token - from) / (to - from)) * (WIDTH - left - 50);
  const y = (row: number) => TOP + (row - firstLine) * ROW;
  const foot = y(firstLine + source.length - 1) + ROW;
  const lineAt = (token: number) => steps.findLast((step) => step.token <= token)?.line ?? firstLine;
  const colour = familyColour('memory');
  const height = foot + 40;
  const read = reads.map(({ token, value }) => {
    const [x1, y1, x2, y2] = [x(token), y(lineAt(token)), x(position), y(lineAt(position))];
    const path = `M${x1.toFixed(1)} ${y1} C${x1.toFixed(1)} ${y1 - 46}, ${x2.toFixed(1)} ${y1 - 46}, ${x2.toFixed(1)} ${y2}`;
    return [
      element('path', { d: path, fill: 'none', stroke: colour, 'stroke-width': 2 }),
      text(x1 + 8, y1 + 20, `wrote ${value}`, { fill: colour }),
    ].join('\n');
  });
  return drawing(WIDTH, height, title, [
    text(14, 22, title, { 'font-weight': 'bold' }),
    ...source.map((one, i) => text(44, y(firstLine + i) + 4, one)),
    ...source.map((_, i) =>
      text(32, y(firstLine + i) + 4, String(firstLine + i), { fill: FAINT, 'text-anchor': 'end' }),
    ),
    ...source.map((_, i) => line(left - 8, y(firstLine + i), WIDTH - 30, y(firstLine + i), { stroke: PALE })),
    ...steps.slice(1).map((step, i) => {
      const before = steps[i];
      return line(x(before.token), y(before.line), x(step.token), y(before.line), { 'stroke-width': 3 });
    }),
    ...read,
    ...moment(x(position), 'the position', foot, colour),
    ...moment(x(to), 'now', foot, INK),
    text(left, foot + 24, `token ${from.toLocaleString('en')}`, { fill: FAINT }),
  ]);
}

function moment(x: number, name: string, foot: number, colour: string): string[] {
  return [
    line(x, 40, x, foot, { stroke: colour, 'stroke-dasharray': '4 3' }),
    text(x, foot + 24, name, { fill: colour, 'text-anchor': 'middle', 'font-weight': 'bold' }),
  ];
}

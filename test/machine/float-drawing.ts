/**
 * Draws docs/images/floats.svg: the lines of a product of two floats as the model generates them, and which line takes what
 * from which. A test compares the picture with what this makes.
 *
 *     npx tsx test/machine/float-drawing.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { History } from '../../engine/trace/history.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

export const PICTURE = fileURLToPath(new URL('../../docs/images/floats.svg', import.meta.url));

const MODULE = `(module (func (export "main") (result i32)
  (i64.eqz (i64.reinterpret_f64 (f64.mul (f64.const 1.1) (f64.const 2.7))))))`;

/** A line that puts out a value. */
export interface DrawnLine {
  readonly name: string;
  /** Its tokens but for the last, which ends it. */
  readonly bytes: readonly string[];
  /** Bytes before the value. */
  readonly before: number;
  /** The lines that put out what it takes, by their places among those drawn. */
  readonly takes: readonly number[];
}

/** Lines of the product as the model generates them, from the constants to the float that comes out. */
export async function linesOfProduct(): Promise<DrawnLine[]> {
  const program = await programOf(await wasmOf(MODULE));
  const prompt = encodePrompt(program, new Uint8Array());
  const pass = new Transformer(Model.load(modelFiles()), 'hull');
  const history = new History(program, prompt);
  pass.append(prompt);
  pass.generate(1000);
  history.append(pass.read(prompt.length, pass.length));
  const lines: DrawnLine[] = [];
  const placeOf = new Map<number, number>();
  for (let line = 0; line < history.lines && lines.at(-1)?.name !== 'f64.pack'; line++) {
    const cursor = history.cursorOf(line);
    const { name, pops, pushes, bytes } = OPCODES[program.ops[cursor]];
    if (pushes === 0 || bytes === 0) continue;
    const moment = history.moment(line);
    const depth = history.stackDepthOf(line);
    const values = Array.from({ length: pops }, (_, i) => moment.stackWrite(depth - pops + i));
    if (name.startsWith('local.get')) {
      values.push(moment.cellWrite(program.imms[cursor] + history.depthOf(line) * program.stride)?.value ?? -1);
    }
    const takes = values.map((value) => placeOf.get(history.lineOfToken(value)) ?? -1);
    const words = history.text(line).split(' ').slice(0, bytes);
    placeOf.set(line, lines.length);
    lines.push({ name, bytes: words, before: Math.max(0, bytes - 8), takes });
  }
  return lines;
}

/** The bits of a line's value. */
function bitsOf({ bytes, before }: DrawnLine): bigint {
  return BigInt(
    `0x${bytes
      .slice(before)
      .reverse()
      .map((word) => word.slice(0, 2))
      .join('')}`,
  );
}

/** What a line's value means. */
export function meaning(line: DrawnLine): string {
  const bits = bitsOf(line);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  switch (line.name) {
    case 'f64.scale_product':
      return `scale: times 2^${(Number(bits) & 0xffff) - 2 ** 14}`;
    case 'f64.significand':
      return `significand: ${Number(bits) / 2 ** 55} · 2^55`;
    case 'significand.product':
      return `six bytes less; ${Number(bits) / 2 ** 63} · 2^63`;
    case 'f64.pack': {
      const first = Number.parseInt(line.bytes[0], 16);
      return `rounds by ${first & 127}/128; ${view.getFloat64(0)}`;
    }
    default:
      return `${view.getFloat64(0)}, as it is stored`;
  }
}

const ROW = 34;
const TOP = 46;
const NAME = 190;
const BYTE = 30;
const TOKENS = 14;
const WIDTH = 1010;
const RIGHT = NAME + TOKENS * BYTE + 8;

const COLOURS: Record<string, string> = {
  'f64.scale_product': '#f6d9a8',
  'f64.significand': '#bfe3c4',
  'significand.product': '#bfe3c4',
  'f64.pack': '#c9d8f7',
};
const STORED = '#dfe3ea';
const LOST = '#efefef';

const text = (x: number, y: number, what: string, more = '') => `<text x="${x}" y="${y}"${more}>${what}</text>`;
const middle = (row: number) => TOP + row * ROW + 12;

/** A line: its name, its bytes, what its value means. Bytes of a constant and of a result are those of a float. */
function rowOf(line: DrawnLine, row: number): string {
  const colour = COLOURS[line.name] ?? STORED;
  const from = TOKENS - line.bytes.length;
  const boxes = line.bytes.map((word, i) => {
    const x = NAME + (from + i) * BYTE;
    const fill = i < line.before ? LOST : colour;
    const box = `<rect x="${x}" y="${TOP + row * ROW}" width="${BYTE - 2}" height="24" rx="3" fill="${fill}"/>`;
    return box + text(x + BYTE / 2 - 1, middle(row) + 4, word, ' text-anchor="middle"');
  });
  const note = text(RIGHT + 92, middle(row) + 4, meaning(line), ' class="note"');
  return [text(12, middle(row) + 4, line.name), ...boxes, note].join('\n');
}

/** From the line that put out a value to the one that takes it. */
function arrow(from: number, to: number, side: number): string {
  const [y, end] = [middle(from), middle(to) - 4 + 8 * side];
  const bulge = RIGHT + 14 + 9 * (to - from);
  return `<path d="M${RIGHT} ${y} C${bulge} ${y} ${bulge} ${end} ${RIGHT + 5} ${end}" marker-end="url(#head)"/>`;
}

/** The picture. */
export function drawing(lines: readonly DrawnLine[]): string {
  const height = TOP + lines.length * ROW + 10;
  const product = meaning(lines[lines.length - 1]).split('; ')[1];
  const arrows = lines.flatMap(({ takes }, to) =>
    takes.flatMap((from, side) => (from < 0 ? [] : [arrow(from, to, takes.length > 1 ? side : 0.5)])),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="14">`,
    `<title>1.1 · 2.7 in ${lines.length} lines of the trace</title>`,
    '<style>path { fill: none; stroke: #5a6b85; stroke-width: 1.3 } .note { fill: #444; font-family: sans-serif; font-size: 13px }</style>',
    '<defs><marker id="head" viewBox="0 0 8 8" refX="2" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
      '<polygon points="0,0 8,4 0,8" fill="#5a6b85"/></marker></defs>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(12, 26, `1.1 · 2.7 = ${product}: the lines that put out a value, lowest byte first`, ' font-weight="bold"'),
    ...lines.map(rowOf),
    ...arrows,
    '</svg>',
    '',
  ].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(PICTURE, drawing(await linesOfProduct()));
}

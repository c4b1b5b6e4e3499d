/**
 * The drawings of docs/: each is made from what the model generates and what the debugger answers about it, so that they stay
 * true. A test compares them with the files.
 *
 *     npx tsx test/docs/drawings/renew.ts
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { type Driver, drive, file, launched } from '../../debug-adapter/driver.ts';
import { hullDrawing } from './hull-drawing.ts';
import { layersDrawing } from './layers-drawing.ts';
import { type TraceStep, timeDrawing } from './time-drawing.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Where drawings and pictures lie. */
export const IMAGES = path.join(root, 'docs/images');
const ADD = path.join(root, 'examples/add.c');

type Attention = AnswerOf<'stepformer/attention'>;

const DIVISION = `int main(void) {
  volatile unsigned n = 77, b = 10;
  return n / b != 7;
}
`;

/** Each drawing by the name of its file in docs/images. */
export async function drawings(): Promise<Map<string, string>> {
  const sources = transformerSources();
  const stopped = async (program: string): Promise<Driver> => {
    const { loaded, input } = await launched(program);
    const options = { program: loaded.program, input, attention: 'hull', engine: 'kernel' } as const;
    const driver = await drive(program, {}, await sources.source(options));
    driver.move('configurationDone');
    return driver;
  };
  const sum = await stopped(ADD);
  sum.move('next');
  sum.move('next');
  const load = at(sum, /^reads b \(5\)/);
  const made = new Map([
    ['layers.svg', layersDrawing(load, 'The pass that says 05: the first byte of b, in “int sum = a + b;” of add.c')],
    ['hull-index.svg', indexDrawing(sum, load)],
    ['time.svg', course(await stopped(ADD))],
  ]);
  const counted = await stopped(path.join(root, 'examples/collatz.c'));
  made.set('hull-memory.svg', memoryDrawing(counted));
  const divided = await stopped(file('division.c', DIVISION));
  const quotient = at(divided, /i32\.div_u took/);
  const hull = hullOf(divided, quotient, 'quotient digit 0', { from: 0, to: 32 });
  made.set('hull-division.svg', hullDrawing(hull, 'Attention divides: ⌊77 / 10⌋ is the table token that wins'));
  return made;
}

/** What happens, in C's terms and in those of the instruction. */
const told = ({ headline, sentence }: Attention) => [...headline, ...sentence].map(({ text }) => text).join('');

/** Steps by instructions until what happens reads like this. @throws RangeError if it does not come */
function at(driver: Driver, sentence: RegExp): Attention {
  for (let steps = 0; steps < 200; steps++) {
    const attention: Attention = driver.ask('stepformer/attention');
    if (sentence.test(told(attention))) return attention;
    driver.move('next', { granularity: 'instruction' });
  }
  throw new RangeError(`nothing that reads like ${sentence} is executed`);
}

/** One head of a pass in the plane. */
function hullOf(driver: Driver, { heads, token }: Attention, role: string, window?: { from: number; to: number }) {
  const found = heads.find((head) => head.role === role && head.active);
  if (!found) throw new RangeError(`no head "${role}" is at work`);
  const { layer, head } = found;
  const answer: AnswerOf<'stepformer/hull'> = driver.ask('stepformer/hull', {
    layer,
    head,
    token,
    window,
    points: 4096,
  });
  return answer;
}

/** Keys are positions: those around the instruction that is fetched. */
function indexDrawing(driver: Driver, attention: Attention): string {
  const target = attention.heads.find(({ role }) => role === 'fetch opcode')?.target?.token ?? 0;
  const window = { from: 2 * (target - 9), to: 2 * (target + 9) };
  return hullDrawing(
    hullOf(driver, attention, 'fetch opcode', window),
    `Attention is an index: “fetch opcode” asks for token ${target.toLocaleString('en')}`,
  );
}

/** Keys are addresses, of which some were written again and again. */
function memoryDrawing(driver: Driver): string {
  const lines = readFileSync(driver.path, 'utf8').split('\n');
  const last = lines.findIndex((line) => line.includes('steps++'));
  driver.breakpoints(last + 1);
  for (let hits = 0; hits < 6; hits++) driver.move('continue');
  const load = at(driver, /^reads steps/);
  const { query } = hullOf(driver, load, 'memory load');
  const window = { from: 2 * (query[0] - 4), to: 2 * (query[0] + 11) };
  return hullDrawing(
    hullOf(driver, load, 'memory load', window),
    'Memory: the latest write to an address wins; squares are the writes before it',
  );
}

/** The course of add.c, from its first line until it prints, looked at from where it reads `b`. */
function course(driver: Driver): string {
  const steps: TraceStep[] = [];
  let seen: Attention | undefined;
  for (;;) {
    const [{ line }] = driver.frames();
    const attention: Attention = driver.ask('stepformer/attention');
    steps.push({ token: attention.token, line });
    if (told(attention).startsWith('reads b (5)')) seen = attention;
    if (line >= 7 && attention.sentence[0].text.startsWith('call')) break;
    driver.move('next', { granularity: 'instruction' });
  }
  const wrote = seen?.heads.find(({ role }) => role === 'memory load')?.target;
  if (!seen || !wrote) throw new RangeError('add.c does not read b');
  return timeDrawing({
    title: 'A recording of add.c: stepping back moves the position, nothing else',
    source: readFileSync(ADD, 'utf8').split('\n').slice(3, 7),
    firstLine: 4,
    steps,
    position: seen.token,
    reads: [{ token: wrote.token, value: 'b = 5' }],
  });
}

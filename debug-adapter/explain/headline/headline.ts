/**
 * A trace line in C's terms, for people who know C and nothing of this machine: "reads `b` (5) – written by `int b = 5;` on
 * line 5, 5 instructions ago". The sentence of the instruction itself (engine/trace/sentence.ts) says how.
 */
import { type Circuit, OPCODES } from '../../../engine/isa/opcodes.ts';
import { hexadecimal } from '../../../engine/trace/addresses.ts';
import type { HeadlinePart } from '../../protocol/protocol.ts';
import { operatorOf, takesFrameBase } from '../operation.ts';
import { between } from './between.ts';
import { doesOf } from './statement.ts';
import { steps } from './steps.ts';
import { type HeadlineSource, Telling } from './telling.ts';

export type { HeadlineSource } from './telling.ts';

/** The headline of a trace line; empty for a program without sources, whose instructions are all there is to tell. */
export function headline(source: HeadlineSource, line: number): HeadlinePart[] {
  const { debuggee, recording } = source;
  if (debuggee.code.files.size === 0) return [];
  const telling = new Telling(source, line);
  tell(telling);
  return telling.parts.map((part) => recording.followed(part));
}

/** What is told of complete lines alone, by circuit. */
const WAYS: Partial<Record<Circuit, (telling: Telling) => void>> = { load, store, halt: end };

function tell(telling: Telling): void {
  const { source, moment, opcode, frames } = telling;
  const isWhole = moment.line < source.recording.lines;
  const isInC = source.debuggee.codeOffset(frames[0]) !== undefined;
  const way = isWhole ? WAYS[opcode.circuit] : undefined;
  if (opcode.circuit !== 'halt' && isInC && between(telling)) return;
  if (way) way(telling);
  else if (!isInC) workInside(telling);
  else if (begins(telling)) return;
  else if (isWhole && operatorOf(opcode)) compute(telling);
  else steps(telling);
}

function load(telling: Telling): void {
  const { moment, imm } = telling;
  const address = (moment.stack(moment.stackDepth - 1) + imm) >>> 0;
  const part = telling.partAt(address);
  telling.say('reads ');
  if (part) telling.part(part, moment);
  else {
    telling.say(`${bytes(telling)} of memory at ${hexadecimal(address)} (`);
    const { behind } = telling;
    telling.number(behind, behind.stackDepth - 1);
    telling.say(')');
  }
  // Zeros that a program's data begins with are in no token: of all bytes the one that was written last.
  const { access = 1 } = telling.opcode;
  writer(telling, Math.max(...Array.from({ length: access }, (_, i) => moment.memoryWrite(address + i))));
}

function store(telling: Telling): void {
  const { moment, imm } = telling;
  const address = (moment.stack(moment.stackDepth - 2) + imm) >>> 0;
  const part = telling.partAt(address);
  telling.say('writes ');
  if (part) telling.part(part, telling.behind);
  else {
    telling.number(moment, moment.stackDepth - 1);
    telling.say(` to ${bytes(telling)} of memory at ${hexadecimal(address)}`);
  }
  telling.here(', for ');
}

function bytes({ opcode: { access = 0 } }: Telling): string {
  return access === 1 ? 'a byte' : `${access} bytes`;
}

/** Who wrote what is read: a C line, and how long ago; a token of the prompt is there from the beginning. */
function writer(telling: Telling, token: number): void {
  const { recording } = telling.source;
  const line = token < 0 ? -1 : recording.lineOfToken(token);
  if (token < 0) telling.say(' – nothing has written it');
  else if (line < 0) telling.say(' – its value from the beginning');
  else {
    telling.say(' – written by ');
    telling.quote(telling.placeOf(recording.moment(line)), token);
    const ago = telling.moment.line - line;
    telling.say(`, ${ago === 1 ? 'one instruction' : `${ago.toLocaleString('en')} instructions`} ago`);
  }
}

function compute(telling: Telling): void {
  const { moment, behind, opcode } = telling;
  const top = moment.stackDepth - 1;
  const operator = operatorOf(opcode);
  const isTest = opcode.circuit === 'compare';
  const isUnsigned = opcode.signed === false;
  const result = behind.stackBits(behind.stackDepth - 1);
  const place = isTest || typeof result === 'bigint' ? undefined : placeAt(telling, result >>> 0);
  telling.say(place ? 'works out where ' : isTest ? 'compares ' : 'computes ');
  if (place) {
    telling.code(place);
    telling.say(' lies: ');
  } else named(telling, top, operator);
  telling.number(moment, top - 1, isUnsigned);
  telling.say(` ${operator} `);
  telling.number(moment, top, isUnsigned);
  telling.say(isTest ? ': ' : ' = ');
  if (isTest) telling.say(result ? 'true' : 'false', { value: String(result), token: behind.stackWrite(top - 1) });
  else telling.number(behind, behind.stackDepth - 1, isUnsigned);
  telling.here(', for ');
}

/** "`a + b`: " where an operand was just read and has a name. */
function named(telling: Telling, top: number, operator = ''): void {
  const names = [top - 1, top].map((index) => nameOf(telling, index));
  if (names.every((name) => name === undefined)) return;
  const spelled = names.map(
    (name, i) => name ?? telling.numberAt(telling.moment, top - 1 + i, telling.opcode.signed === false),
  );
  telling.code(spelled.join(` ${operator} `));
  telling.say(telling.opcode.circuit === 'compare' ? ', ' : ': ');
}

/** What C calls that which a value of the operand stack was read from. */
function nameOf(telling: Telling, index: number): string | undefined {
  const { recording, debuggee } = telling.source;
  const line = recording.lineOfToken(telling.moment.stackWrite(index));
  if (line < 0 || !recording.history.executes(line)) return undefined;
  const cursor = recording.cursorOf(line);
  const { circuit, access } = OPCODES[debuggee.program.ops[cursor]];
  if (circuit !== 'load') return undefined;
  const reading = recording.moment(line);
  return telling.partAt((reading.stack(reading.stackDepth - 1) + debuggee.program.imms[cursor]) >>> 0, access)?.name;
}

/** What lies where a result points, if the result is an address. */
function placeAt(telling: Telling, address: number): string | undefined {
  return telling.isAddress(address) ? telling.partAt(address, 1)?.name : undefined;
}

function end(telling: Telling): void {
  telling.say('has ended the program: exit code ');
  telling.say(String(telling.source.recording.end?.code ?? 0), { token: telling.moment.token });
}

function workInside(telling: Telling): void {
  telling.say('works inside ');
  telling.code(telling.frames[0].fn?.name ?? 'the library');
  if (telling.placeOf(telling.moment)) telling.here(', called by ');
  else telling.say(', outside of main');
}

/**
 * The first instruction of a C line: what the line is going to do, as far as its instructions say before a jump. False where
 * that is nothing that C has a name for.
 */
function begins(telling: Telling): boolean {
  if (!isFirstOfLine(telling)) return false;
  const does = doesOf(telling);
  if (does.length === 0 && !isFrameBase(telling)) return false;
  telling.say('begins ');
  telling.here('');
  does.forEach(({ verb, name, part }, i) => {
    telling.say(i === 0 ? ', which ' : i === does.length - 1 ? ' and ' : ', ');
    if (verb !== does[i - 1]?.verb) telling.say(`${verb} `);
    if (verb === 'reads' && part) telling.part(part, telling.moment);
    else telling.code(name);
  });
  if (does.length === 0) telling.say(`: looks up where the variables of ${telling.functionOf(telling.frames[0])} are`);
  return true;
}

function isFrameBase({ source, frames, moment, opcode, imm }: Telling): boolean {
  return takesFrameBase(source.debuggee, frames[0], moment, opcode, imm);
}

/** Whether the instruction before belongs to another line of C; behind a call that returns, a line goes on. */
function isFirstOfLine(telling: Telling): boolean {
  const { moment, source } = telling;
  const here = telling.placeOf(moment);
  if (!here || moment.line === 0) return here !== undefined;
  const last = source.recording.moment(moment.line - 1);
  const returns = last.callDepth > moment.callDepth;
  const before = telling.placeOf(returns ? source.recording.moment(last.callLine(last.callDepth)) : last);
  return before?.line !== here.line || before.file !== here.file;
}

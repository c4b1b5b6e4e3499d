/**
 * The state that the tokens of a trace say a program is in: what another sequence begins with, to go on where that one
 * ended. Globals, memory and input stand in its prompt; what is open, behind it (isa/state-lines.ts).
 */
import type { Edit } from '../isa/edit-lines.ts';
import { MEMORY_PAGES, PAGE_SIZE } from '../isa/limits.ts';
import { OPCODES } from '../isa/opcodes.ts';
import { type DataSegment, PAGES_CELL, type TokenProgram, widthOf } from '../isa/program.ts';
import type { OpenState } from '../isa/state-lines.ts';
import { withoutZeros } from '../toolchain/lower/data.ts';
import type { History } from '../trace/history.ts';
import type { Moment } from '../trace/moment.ts';
import { byteOf } from '../trace/notation.ts';

/** The program with the values of `moment` as its initial ones. O(bytes of memory). */
export function programAt(program: TokenProgram, moment: Moment): TokenProgram {
  return {
    ...program,
    globals: program.globals.map((global) => ({ ...global, ...presentValue(global, moment) })),
    data: [
      ...memoriesAt(program, moment).flatMap(({ base, bytes }) => withoutZeros(base * PAGE_SIZE, bytes)),
      ...storedAt(program, moment),
    ],
    pages: moment.memorySize / PAGE_SIZE,
  };
}

/** A global's value, as a program states it. */
export function presentValue({ type, cell }: TokenProgram['globals'][number], moment: Moment) {
  if (widthOf(type) === 4) return { initial: moment.cell(cell) };
  const bits = moment.wideCell(cell);
  return { initial: Number(bits & 0xffff_ffffn), high: Number(bits >> 32n) };
}

/** Each memory: the page it begins at, its pages, its bytes. */
export function memoriesAt({ memories = [{ base: 0, end: PAGES_CELL }] }: TokenProgram, moment: Moment) {
  return memories.map(({ base, end }) => {
    const pages = moment.cell(end) - base;
    return { base, pages, bytes: moment.bytes(base * PAGE_SIZE, pages * PAGE_SIZE) };
  });
}

/** The bytes of what is stored. */
function storedAt({ stored }: TokenProgram, moment: Moment): DataSegment[] {
  if (!stored) return [];
  const start = (MEMORY_PAGES - stored.pages) * PAGE_SIZE;
  return withoutZeros(start, moment.bytes(start, stored.pages * PAGE_SIZE));
}

/** What is open before a line. O(open calls times cells of a frame). */
export function openStateAt(history: History, line: number): OpenState {
  const { stride } = history.program;
  const moment = history.moment(line);
  const bytesAt = (value: number) =>
    Uint8Array.from({ length: moment.widthOf(value) }, (_, i) => byteOf(history.tokenAt(value + i)));
  const locals: Edit[] = [];
  for (let cell = stride; cell < stride * (moment.callDepth + 1); cell++) {
    const found = moment.cellWrite(cell);
    const bytes = found && bytesAt(found.value);
    if (bytes?.some((byte) => byte !== 0)) locals.push({ kind: 'local', place: cell, bytes });
  }
  return {
    cursor: history.cursorOf(line),
    calls: moment.calls.map((call) => history.cursorOf(call)),
    locals,
    stack: Array.from({ length: moment.stackDepth }, (_, i) => bytesAt(moment.stackWrite(i))),
  };
}

/** The input that was given before a line and not read, whether more may be given, and how many bytes were read. */
export function inputLeft(history: History, line: number): { bytes: Uint8Array; more: boolean; read: number } {
  const marks = Uint8Array.from(history.program.ops, (op) => Number(OPCODES[op].circuit === 'read'));
  const { input } = history;
  const limit = history.firstToken(line);
  let read = 0;
  for (let at = history.firstMarked(marks, 0, line); at >= 0; at = history.firstMarked(marks, at + 1, line)) read++;
  const bytes: number[] = [];
  for (let i = read, token = input.tokenOf(i); token >= 0 && token < limit; token = input.tokenOf(++i)) {
    bytes.push(byteOf(history.tokenAt(token)));
  }
  return { bytes: Uint8Array.from(bytes), more: input.end < 0 || input.end >= limit, read };
}

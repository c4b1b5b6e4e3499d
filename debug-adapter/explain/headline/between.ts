/**
 * What a function of C does before its first line and behind its last: it makes room for its variables on C's stack, takes its
 * arguments, and gives the room back.
 */
import { readVariable } from '../../../engine/debuginfo/index.ts';
import { OPCODES } from '../../../engine/isa/opcodes.ts';
import { hexadecimal, STACK_POINTER } from '../../../engine/trace/addresses.ts';
import { NO_LINE } from '../../recording/code-map.ts';
import type { Telling } from './telling.ts';

/** Tells it; false where the instruction is neither. */
export function between(telling: Telling): boolean {
  if (isEntry(telling)) {
    enter(telling);
    return true;
  }
  const back = restores(telling);
  if (back === undefined) return false;
  leave(telling, back);
  return true;
}

/** Whether no line of the function has begun: its first instructions have none. */
function isEntry({ source, frames }: Telling): boolean {
  const { code } = source.debuggee;
  const [{ fn, cursor }] = frames;
  if (!fn || code.lineKeys[cursor] !== NO_LINE) return false;
  return !code.starts.subarray(fn.start, cursor + 1).includes(1);
}

function enter(telling: Telling): void {
  const { moment, opcode, imm, source, frames } = telling;
  const { debuggee } = source;
  const [frame] = frames;
  const top = moment.stackDepth - 1;
  telling.say('enters ');
  telling.code(telling.functionOf(frame));
  const { circuit, variant } = opcode;
  const param = circuit === 'cell-set' && variant === 'local' && imm < (frame.fn?.params ?? 0);
  if (param) {
    telling.say(`: takes argument ${imm + 1}, `);
    telling.number(moment, top);
  } else if (circuit === 'store') {
    const address = (moment.stack(top - 1) + imm) >>> 0;
    const name = parameterAt(telling, address);
    telling.say(': puts ');
    telling.number(moment, top);
    telling.say(name ? ' into ' : ` at ${hexadecimal(address)}`);
    if (name) telling.code(name);
  } else if (circuit === 'sub') {
    telling.say(`: makes room for its variables, ${moment.stack(top)} bytes of the stack`);
  } else if (
    circuit === 'cell-set' &&
    debuggee.program.globals.find(({ cell }) => cell === imm)?.name === STACK_POINTER
  )
    telling.say(`: the stack goes down to ${hexadecimal(moment.stack(top))} now`);
  else telling.say(': prepares the room for its variables');
  telling.here(', called by ');
}

/** The parameter that will lie at an address: before the first line, debug information does not say so yet. */
function parameterAt({ source, frames, moment }: Telling, address: number): string | undefined {
  const { debuggee } = source;
  const [frame] = frames;
  const first = debuggee.code.sourceFunctionAt(frame.cursor)?.prologueEnd;
  if (!debuggee.debug || first === undefined) return undefined;
  const state = debuggee.state({ ...frame, moment });
  for (const variable of debuggee.debug.variablesAt(first, frame.inlined)) {
    const { place } = readVariable(variable, first, state);
    if (place.kind === 'memory' && place.address === address) return variable.name;
  }
  return undefined;
}

/** What circuits stand before the stack pointer is put back: where the variables are, plus their size. */
const RESTORING = ['cell-get', 'const', 'add', 'cell-set'] as const;

/** How far an instruction is in putting the stack pointer back, from 0; undefined where it does something else. */
function restores({ source, frames }: Telling): number | undefined {
  const { ops, imms, globals } = source.debuggee.program;
  const [{ cursor }] = frames;
  for (let first = cursor; first > cursor - RESTORING.length; first--) {
    const last = first + RESTORING.length - 1;
    if (!RESTORING.every((circuit, i) => OPCODES[ops[first + i]]?.circuit === circuit)) continue;
    if (OPCODES[ops[last]].variant === 'local') continue;
    if (globals.find(({ cell }) => cell === imms[last])?.name === STACK_POINTER) return cursor - first;
  }
  return undefined;
}

function leave(telling: Telling, step: number): void {
  const { moment, imm, frames } = telling;
  const name = telling.functionOf(frames[0]);
  telling.say('is about to leave ');
  telling.code(name);
  if (step === 0) telling.say(': looks up where its variables are');
  else if (step === 1) telling.say(`: they have ${imm} bytes of the stack`);
  else if (step === 2) telling.say(': works out where the stack was before');
  else
    telling.say(
      `: gives their room back, the stack begins at ${hexadecimal(moment.stack(moment.stackDepth - 1))} again`,
    );
  telling.here(', for ');
}

/** Traps that are an overflow of the stack: too many open calls, or too much in their frames in memory. */
import { functionAt } from '../isa/program.ts';
import type { End, History } from '../trace/history.ts';

/** The global that clang keeps the stack pointer in. The stack grows down to address 0. */
const STACK_POINTER = '__stack_pointer';

/** What overflowed, in words: in which function, how deep; undefined for an end that is something else. */
export function stackOverflow(end: End, history: History): string | undefined {
  const { program } = history;
  if (end.kind !== 'trap') return undefined;
  const moment = history.moment(end.line);
  const pointer = program.globals.find(({ name }) => name === STACK_POINTER);
  const isBelow = () => pointer !== undefined && moment.cell(pointer.cell) >>> 0 > pointer.initial;
  const isTooDeep = end.reason === 'call stack exhausted';
  if (!isTooDeep && !(end.reason === 'out of bounds memory access' && isBelow())) return undefined;
  const name = functionAt(program, history.cursorOf(end.line))?.name ?? 'a function';
  const calls = `${moment.callDepth.toLocaleString('en')} calls are open`;
  const limit = isTooDeep
    ? 'more cannot be'
    : `the stack has ${pointer?.initial.toLocaleString('en')} bytes (--stack-size, "stackSize")`;
  return `stack overflow in ${name}: ${calls}, and ${limit}`;
}

/** What an instruction is to somebody who reads C: an operator, or the way to where a function keeps its variables. */
import type { Opcode } from '../../engine/isa/opcodes.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';

/** How C writes what circuits compute, by circuit and variant. */
const OPERATORS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  rem: '%',
  and: '&',
  or: '|',
  xor: '^',
  'shift left': '<<',
  'shift right': '>>',
  'compare eq': '==',
  'compare ne': '!=',
  'compare lt': '<',
  'compare gt': '>',
  'compare le': '<=',
  'compare ge': '>=',
};

/** How C writes it; undefined for what it has no operator for. */
export function operatorOf({ circuit, variant }: Opcode): string | undefined {
  return OPERATORS[variant === undefined ? circuit : `${circuit} ${variant}`];
}

/** Whether an instruction of a frame takes the address that the variables of its function lie behind. */
export function takesFrameBase(
  debuggee: Debuggee,
  frame: Frame,
  moment: Moment,
  { circuit, variant }: Opcode,
  imm: number,
): boolean {
  if (circuit !== 'cell-get' || variant !== 'local') return false;
  const base = debuggee.code.sourceFunctionAt(frame.cursor)?.frameBase?.(debuggee.state(frame));
  return base !== undefined && base === moment.cell(frame.depth * debuggee.program.stride + imm);
}

/**
 * What a line of C is going to do, read off its instructions in the program, up to the first jump or call: which variables it
 * reads and writes, and what it calls. Addresses are known where they are the frame's, constants, or sums of such.
 */
import { OPCODES, type Opcode } from '../../../engine/isa/opcodes.ts';
import { jumpTarget } from '../../../engine/isa/program.ts';
import type { NamedPart } from '../naming.ts';
import { takesFrameBase } from '../operation.ts';
import type { Telling } from './telling.ts';

/** One thing that it does: "reads a". */
export interface Does {
  verb: 'reads' | 'writes' | 'calls';
  name: string;
  /** What is read or written. */
  part?: NamedPart;
}

/** More is no longer said in one sentence. */
const MOST = 4;

export function doesOf(telling: Telling): Does[] {
  const { code, program } = telling.source.debuggee;
  const [frame] = telling.frames;
  const key = code.lineKeys[frame.cursor];
  const does: Does[] = [];
  const add = (one: Does) => {
    // What it has written before it reads is not yet what is there now.
    const isKnown = does.some(({ verb, name }) => name === one.name && (verb === one.verb || verb === 'writes'));
    if (!isKnown) does.push(one);
  };
  /** Values that the line puts on the operand stack: numbers that are known beforehand. */
  const stack: (number | undefined)[] = [];
  for (let cursor = frame.cursor; cursor < program.ops.length && does.length < MOST; cursor++) {
    if (code.lineKeys[cursor] !== key) break;
    const opcode = OPCODES[program.ops[cursor]];
    const imm = program.imms[cursor];
    const operands = Array.from({ length: opcode.pops }, () => stack.pop());
    if (opcode.circuit === 'branch') {
      const callee = opcode.name === 'call' ? code.functionAt(jumpTarget(cursor, imm)) : undefined;
      if (callee && !callee.name.startsWith('(')) add({ verb: 'calls', name: callee.name });
      // What stands for an operator that the machine does not have is one.
      if (!callee?.name.startsWith('(')) break;
      stack.length = Math.max(stack.length - callee.params, 0);
      for (let i = 0; i < callee.results; i++) stack.push(undefined);
      continue;
    }
    if (opcode.circuit === 'load' || opcode.circuit === 'store') {
      const base = operands[opcode.pops - 1];
      const part = base === undefined ? undefined : telling.partAt((base + imm) >>> 0, opcode.access ?? 0);
      if (part) add({ verb: opcode.circuit === 'load' ? 'reads' : 'writes', name: part.name, part });
    }
    if (opcode.pushes > 0) stack.push(known(telling, opcode, imm, operands));
  }
  return does;
}

/** What an instruction gives, where that is known before it has run. */
function known(
  { source, frames, moment }: Telling,
  opcode: Opcode,
  imm: number,
  operands: readonly (number | undefined)[],
): number | undefined {
  const { debuggee } = source;
  if (opcode.circuit === 'const') return imm;
  if (opcode.circuit === 'add' && operands.every((operand) => operand !== undefined))
    return operands.reduce<number>((sum, operand) => (sum + (operand ?? 0)) | 0, 0);
  if (!takesFrameBase(debuggee, frames[0], moment, opcode, imm)) return undefined;
  return moment.cell(frames[0].depth * debuggee.program.stride + imm);
}

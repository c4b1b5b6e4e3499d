/**
 * The token program as disassembly. An instruction's address is its number in the program; what is asked for before
 * the first and behind the last is filled up with invalid ones, as the protocol wants.
 */
import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { instructionText, jumpTarget } from '../../engine/isa/program.ts';
import { reference } from '../breakpoints/placement.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { CodeMap } from '../recording/code-map.ts';

/** A reference to an instruction that is not taken for an address in memory. */
export function codeReference(cursor: number): string {
  return `${CODE}${reference(cursor)}`;
}

/** Whether a reference is one to instructions. */
export function isCodeReference(memoryReference: string): boolean {
  return memoryReference.startsWith(CODE);
}

const CODE = 'code:';

/** Instructions around a reference. @throws BadRequest for a reference that is none */
export function disassemble(
  code: CodeMap,
  { memoryReference, offset, instructionOffset, instructionCount }: ArgumentsOf<'disassemble'>,
): DebugProtocol.DisassembledInstruction[] {
  const number = isCodeReference(memoryReference) ? memoryReference.slice(CODE.length) : memoryReference;
  const start = Number(number);
  if (!Number.isSafeInteger(start) || number.trim() === '') {
    throw new BadRequest(`"${memoryReference}" is not the address of an instruction`);
  }
  const first = start + offset + instructionOffset;
  if (!Number.isSafeInteger(first)) throw new BadRequest('the offset is too large');
  return Array.from({ length: instructionCount }, (_, i) => instruction(code, first + i));
}

function instruction(code: CodeMap, cursor: number): DebugProtocol.DisassembledInstruction {
  const { program } = code;
  if (cursor < 0 || cursor >= program.ops.length) {
    return { address: BigInt(cursor).toString(), instruction: '(no instruction)', presentationHint: 'invalid' };
  }
  const fn = code.functionAt(cursor);
  const shown: DebugProtocol.DisassembledInstruction = {
    address: reference(cursor),
    instruction: targetText(code, cursor),
    instructionBytes: bytesText(program.ops[cursor], program.imms[cursor]),
  };
  if (fn && fn.start === cursor) shown.symbol = fn.name;
  const place = code.placeOf(cursor);
  if (place) {
    shown.location = { name: basename(place.file), path: place.file };
    shown.line = place.line;
    if (place.column > 0) shown.column = place.column;
  }
  return shown;
}

/** The instruction with what its operand means: a jump's target, a local's name, the function that a call calls. */
function targetText(code: CodeMap, cursor: number): string {
  const { program } = code;
  const text = instructionText(program, cursor);
  const { immediate, name, variant } = OPCODES[program.ops[cursor]];
  const imm = program.imms[cursor];
  if (immediate === 'jump') {
    const target = jumpTarget(cursor, imm);
    if (variant === 'call') return `${name} ${code.functionAt(target)?.name ?? reference(target)}`;
    return `${text}  ; ${reference(target)}`;
  }
  if (immediate === 'cell') {
    const cellName =
      variant === 'local'
        ? code.functionAt(cursor)?.localNames[imm]
        : program.globals.find(({ cell }) => cell === imm)?.name;
    return cellName ? `${text}  ; ${cellName}` : text;
  }
  return text;
}

function bytesText(op: number, imm: number): string {
  const bytes = [OPCODES[op].code ?? 0, imm & 0xff, (imm >>> 8) & 0xff, (imm >>> 16) & 0xff, imm >>> 24];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** An instruction that by itself means little in C: a step on the way of a C line. Each is told by what it is for. */
import { type Circuit, OPCODES } from '../../../engine/isa/opcodes.ts';
import { jumpTarget, type NumberType } from '../../../engine/isa/program.ts';
import { hexadecimal } from '../../../engine/trace/addresses.ts';
import { numberText } from '../../inspect/variables.ts';
import { operatorOf, takesFrameBase } from '../operation.ts';
import { typesOfOperator } from '../value-text.ts';
import type { Telling } from './telling.ts';

const WAYS: Partial<Record<Circuit, (telling: Telling) => void>> = {
  const: constant,
  'cell-get': take,
  'cell-set': keep,
  branch,
  select,
  eqz: negate,
  extend: convert,
  sign: convert,
  none: drop,
  return: goBack,
};

export function steps(telling: Telling): void {
  const isWhole = telling.moment.line < telling.source.recording.lines;
  const { circuit } = telling.opcode;
  const way = isWhole || circuit === 'const' || circuit === 'return' ? WAYS[circuit] : undefined;
  if (way) way(telling);
  else other(telling);
}

function other(telling: Telling): void {
  telling.say('does one step of ');
  telling.here('');
}

function constant(telling: Telling): void {
  const { source, frames, imm, opcode } = telling;
  const { program, loaded } = source.debuggee;
  const { cursor } = frames[0];
  if (opcode.advance === 2) {
    const bits = (BigInt(program.imms[cursor + 1] >>> 0) << 32n) | BigInt(imm >>> 0);
    telling.say(
      `takes the number ${numberText(bits, typeOfConstant(loaded.module.bytes[program.offsets[cursor]], 'i64'))}`,
    );
  } else if (placeOf(telling)) {
    telling.say('takes the address of ');
    telling.code(placeOf(telling) ?? '');
    telling.say(`, ${hexadecimal(imm)}`);
  } else {
    telling.say(
      `takes the number ${numberText(imm, typeOfConstant(loaded.module.bytes[program.offsets[cursor]], 'i32'))}`,
    );
  }
  telling.here(', for ');
}

/** Constants of floats are bits to the machine; the module says which they are. */
function typeOfConstant(operator: number | undefined, other: NumberType): NumberType {
  return operator === 0x43 ? 'f32' : operator === 0x44 ? 'f64' : other;
}

/** The variable or text that a constant points to; a number that stands in the line itself is that number. */
function placeOf(telling: Telling): string | undefined {
  const { imm, source, moment } = telling;
  const place = telling.placeOf(moment);
  const line = place && source.sources.line(place.file, place.line);
  if (!telling.isAddress(imm) || line?.includes(String(imm | 0))) return undefined;
  return telling.partAt(imm, 1)?.name ?? telling.textAt(imm);
}

/** A value of a wasm local or global that is no variable of C: what clang keeps for later. */
function take(telling: Telling): void {
  const { source, frames, moment, behind, opcode, imm } = telling;
  if (takesFrameBase(source.debuggee, frames[0], moment, opcode, imm)) {
    telling.say(`looks up where the variables of ${telling.functionOf(frames[0])} are`);
  } else {
    telling.say('takes the ');
    telling.number(behind, behind.stackDepth - 1);
    telling.say(' that was kept');
  }
  telling.here(', for ');
}

function keep(telling: Telling): void {
  telling.say('keeps ');
  telling.number(telling.moment, telling.moment.stackDepth - 1);
  telling.here(' for later, for ');
}

function branch(telling: Telling): void {
  const { opcode, moment, behind } = telling;
  if (opcode.variant === 'call') {
    call(telling);
    return;
  }
  const next = telling.placeOf(behind);
  const here = telling.placeOf(moment);
  const isSame = next?.line === here?.line && next?.file === here?.file;
  telling.say(isSame ? 'goes on in ' : 'goes on at ');
  telling.quote(next ?? here);
  if (opcode.pops === 0) return;
  telling.say(opcode.variant === 'table' ? ', by the value ' : ', as the condition is ');
  telling.number(moment, moment.stackDepth - 1);
}

function call(telling: Telling): void {
  const { source, frames, moment, opcode, imm } = telling;
  const [frame] = frames;
  const callee = opcode.name === 'call' ? source.debuggee.code.functionAt(jumpTarget(frame.cursor, imm)) : undefined;
  const top = moment.stackDepth - 1;
  const name = callee?.name ?? source.debuggee.debug?.functionInTable(moment.stack(top));
  if (name === undefined) {
    telling.say('calls a function through a pointer');
    telling.here(', for ');
    return;
  }
  const { operand } = typesOfOperator(name);
  const sign = operatorSign(name);
  if (callee && operand && sign && callee.params === 2) {
    telling.say('computes ');
    for (const index of [top - 1, top]) {
      const text = numberText(moment.stackBits(index), operand);
      telling.say(text, { value: text, token: moment.stackWrite(index) });
      if (index < top) telling.say(` ${sign} `);
    }
    telling.say(' in the function ');
  } else if (/^\(f(?:32|64)\.convert_/.test(name)) {
    telling.say('turns ');
    telling.number(moment, top, name.includes('_u'));
    telling.say(` into a ${name.startsWith('(f32') ? 'float' : 'double'} in the function `);
  } else telling.say('calls ');
  telling.code(name);
  telling.here(', for ');
}

/** How C writes the operator that a helper stands for: `+` of `(f64.add)`. */
function operatorSign(helper: string): string | undefined {
  const [, name] = /^\([if](?:32|64)\.(\w+?)(?:_[su])?\)$/.exec(helper) ?? [];
  const found = OPCODES.find((opcode) => opcode.name === `i32.${name}` || opcode.name === `i32.${name}_s`);
  return found && operatorOf(found);
}

function select(telling: Telling): void {
  const { moment, behind } = telling;
  const top = moment.stackDepth - 1;
  telling.say('chooses ');
  telling.number(behind, behind.stackDepth - 1);
  telling.say(' of ');
  telling.number(moment, top - 2);
  telling.say(' and ');
  telling.number(moment, top - 1);
  telling.say(', as the condition is ');
  telling.number(moment, top);
  telling.here(', for ');
}

function negate(telling: Telling): void {
  const { moment, behind } = telling;
  telling.say('computes !');
  telling.number(moment, moment.stackDepth - 1);
  telling.say(' = ');
  telling.number(behind, behind.stackDepth - 1);
  telling.here(', for ');
}

function convert(telling: Telling): void {
  const { moment, behind, opcode } = telling;
  telling.say('widens ');
  telling.number(moment, moment.stackDepth - 1);
  telling.say(` to ${opcode.bytes} bytes: `);
  telling.number(behind, behind.stackDepth - 1);
  telling.here(', for ');
}

function drop(telling: Telling): void {
  if (telling.opcode.pops === 0) {
    other(telling);
    return;
  }
  telling.say('leaves the value ');
  telling.number(telling.moment, telling.moment.stackDepth - 1);
  telling.here(' unused, at ');
}

function goBack(telling: Telling): void {
  const { moment, frames, source } = telling;
  const isWhole = moment.line < source.recording.lines;
  telling.say(`returns from ${telling.functionOf(frames[0])}`);
  if (isWhole && (frames[0].fn?.results ?? 0) > 0) {
    telling.say(' with ');
    telling.number(moment, moment.stackDepth - 1);
  }
  telling.here(', at ');
}

/** What each instruction does to the oracle's state and which tokens its line holds: control, variables, 32 bits. */
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { type Handler, JUMP, JUMP_POP } from './interpreter.ts';

const unary =
  (f: (a: number) => number): Handler =>
  (m) =>
    m.result(f(m.pop()) | 0, 1);

const binary =
  (f: (a: number, b: number) => number): Handler =>
  (m) => {
    const b = m.pop();
    const a = m.pop();
    m.result(f(a, b) | 0, 2);
  };

const compare = (f: (a: number, b: number) => boolean): Handler => binary((a, b) => (f(a, b) ? 1 : 0));
const compareUnsigned = (f: (a: number, b: number) => boolean): Handler =>
  binary((a, b) => (f(a >>> 0, b >>> 0) ? 1 : 0));

const divide =
  (signed: boolean, overflows: boolean, f: (a: number, b: number) => number): Handler =>
  (m) => {
    const b = m.pop();
    const a = m.pop();
    if (b === 0) m.stop(1);
    else if (overflows && a === -0x80000000 && b === -1) m.stop(2);
    else m.result((signed ? f(a, b) : f(a >>> 0, b >>> 0)) | 0, 2);
  };

/** Bytes of a + b (or a - b), each marked when a carry (or borrow) leaves it. */
const marked =
  (sign: 1 | -1): Handler =>
  (m) => {
    const b = m.pop();
    const a = m.pop();
    let carry = 0;
    for (let shift = 0; shift < 32; shift += 8) {
      const sum = ((a >>> shift) & 0xff) + sign * (((b >>> shift) & 0xff) + carry);
      carry = sum < 0 || sum > 0xff ? 1 : 0;
      m.emit((carry ? TOKEN.carryByte : TOKEN.byte) + (sum & 0xff));
    }
    m.push((a + sign * b) | 0);
    m.ended(2);
  };

const load =
  (access: number, unused: number): Handler =>
  (m, imm) => {
    const start = m.bounded(m.pop(), imm, access);
    if (start < 0) return;
    let value = 0;
    for (let i = access - 1; i >= 0; i--) value = (value << 8) | m.memory[start + i];
    m.result((value << unused) >> unused, 1);
  };

const store =
  (access: number): Handler =>
  (m, imm) => {
    const value = m.pop();
    const start = m.bounded(m.pop(), imm, access);
    if (start < 0) return;
    for (let i = 0; i < access; i++) m.memory[start + i] = value >>> (8 * i);
    m.bytes(value, access);
    m.silent(2);
  };

const jumpIf =
  (condition: (value: number) => boolean): Handler =>
  (m, imm) => {
    if (condition(m.pop())) m.branch(imm, JUMP_POP);
    else m.silent(1);
  };

const jump: Handler = (m, imm) => m.branch(imm, JUMP);

/** All that is not about values of eight bytes. */
export const BASIC: Record<string, Handler> = {
  unreachable: (m) => m.stop(0),
  nop: (m) => m.silent(0),
  if: jumpIf((value) => value === 0),
  else: jump,
  br: jump,
  br_if: jumpIf((value) => value !== 0),
  br_table: (m, imm) => m.branch(Math.min(m.pop() >>> 0, imm), JUMP_POP),
  return: (m) => {
    const to = m.returns[m.callDepth--];
    m.branch(to - m.cursor - 1, TOKEN.returnCommit);
  },
  call: (m, imm) => m.call(imm),
  call_indirect: (m, imm) => m.call(imm),
  halt: (m) => {
    m.emit(TOKEN.halt);
    m.end = 'halt';
  },
  trap: (m, imm) => m.stop(imm),
  frame: (m) => {
    throw new RangeError(`frame executed at cursor ${m.cursor}`);
  },
  drop: (m) => {
    m.discard();
    m.silent(1);
  },
  select: (m) => {
    const condition = m.pop();
    const second = m.pop();
    const first = m.pop();
    m.result(condition ? first : second, 3);
  },
  'local.get': (m, imm) => m.getCell(m.cell(imm), 4),
  'local.set': (m, imm) => {
    m.setCell(m.cell(imm));
    m.discard();
    m.silent(1);
  },
  'local.tee': (m, imm) => {
    m.setCell(m.cell(imm));
    m.silent(0);
  },
  'global.get': (m, imm) => m.getCell(imm, 4),
  'global.set': (m, imm) => {
    m.setCell(imm);
    m.discard();
    m.silent(1);
  },
  'i32.load': load(4, 0),
  'i32.load8_s': load(1, 24),
  'i32.load8_u': load(1, 0),
  'i32.load16_s': load(2, 16),
  'i32.load16_u': load(2, 0),
  'i32.store': store(4),
  'i32.store8': store(1),
  'i32.store16': store(2),
  'memory.size': (m, imm) => m.getCell(imm, 4),
  'i32.const': (m, imm) => m.result(imm | 0, 0),
  'i32.eqz': unary((a) => (a === 0 ? 1 : 0)),
  'i32.eq': compare((a, b) => a === b),
  'i32.ne': compare((a, b) => a !== b),
  'i32.lt_s': compare((a, b) => a < b),
  'i32.lt_u': compareUnsigned((a, b) => a < b),
  'i32.gt_s': compare((a, b) => a > b),
  'i32.gt_u': compareUnsigned((a, b) => a > b),
  'i32.le_s': compare((a, b) => a <= b),
  'i32.le_u': compareUnsigned((a, b) => a <= b),
  'i32.ge_s': compare((a, b) => a >= b),
  'i32.ge_u': compareUnsigned((a, b) => a >= b),
  'i32.clz': unary(Math.clz32),
  'i32.ctz': unary((a) => (a === 0 ? 32 : 31 - Math.clz32(a & -a))),
  'i32.popcnt': unary((a) => {
    let count = 0;
    for (let rest = a; rest !== 0; rest &= rest - 1) count++;
    return count;
  }),
  'i32.add': marked(1),
  'i32.sub': marked(-1),
  'i32.mul': binary(Math.imul),
  'i32.div_s': divide(true, true, (a, b) => Math.trunc(a / b)),
  'i32.div_u': divide(false, false, (a, b) => Math.floor(a / b)),
  'i32.rem_s': divide(true, false, (a, b) => a % b),
  'i32.rem_u': divide(false, false, (a, b) => a % b),
  'i32.and': binary((a, b) => a & b),
  'i32.or': binary((a, b) => a | b),
  'i32.xor': binary((a, b) => a ^ b),
  'i32.shl': binary((a, b) => a << (b & 31)),
  'i32.shr_s': binary((a, b) => a >> (b & 31)),
  'i32.shr_u': binary((a, b) => a >>> (b & 31)),
  'i32.rotl': binary((a, b) => (a << (b & 31)) | (a >>> (-b & 31))),
  'i32.rotr': binary((a, b) => (a >>> (b & 31)) | (a << (-b & 31))),
  'i32.extend8_s': unary((a) => (a << 24) >> 24),
  'i32.extend16_s': unary((a) => (a << 16) >> 16),
  read_byte: (m) => {
    if (m.inputRead < m.input.length) {
      const value = m.input[m.inputRead++];
      m.bytes(value);
      m.emit(TOKEN.readCommit);
      m.push(value);
      m.cursor++;
    } else if (m.inputEnds) {
      m.result(-1, 0);
    } else {
      m.emit(TOKEN.needInput);
      m.end = 'input';
    }
  },
  write_byte: (m) => {
    const value = m.pop() & 0xff;
    m.output.push(value);
    m.emit(TOKEN.out + value);
    m.cursor++;
  },
};

/** The oracle's instructions on values of eight bytes, by JavaScript's big integers. */
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import type { Handler, Interpreter } from './interpreter.ts';

const unsigned = (value: bigint) => BigInt.asUintN(64, value);
const signed = (value: bigint, bits = 64) => BigInt.asIntN(bits, value);

const unary =
  (f: (a: bigint) => bigint): Handler =>
  (m) =>
    m.resultWide(signed(f(m.popWide())), 1);

const binary =
  (f: (a: bigint, b: bigint) => bigint): Handler =>
  (m) => {
    const b = m.popWide();
    const a = m.popWide();
    m.resultWide(signed(f(a, b)), 2);
  };

const compare =
  (f: (a: bigint, b: bigint) => boolean): Handler =>
  (m) => {
    const b = m.popWide();
    const a = m.popWide();
    m.result(f(a, b) ? 1 : 0, 2);
  };

const compareUnsigned = (f: (a: bigint, b: bigint) => boolean): Handler =>
  compare((a, b) => f(unsigned(a), unsigned(b)));

/** Bytes of a + b (or a - b), each marked when a carry (or borrow) leaves it. */
const marked =
  (sign: 1 | -1): Handler =>
  (m) => {
    const b = m.popWide();
    const a = m.popWide();
    let carry = 0;
    for (let shift = 0n; shift < 64n; shift += 8n) {
      const sum = Number((a >> shift) & 0xffn) + sign * (Number((b >> shift) & 0xffn) + carry);
      carry = sum < 0 || sum > 0xff ? 1 : 0;
      m.emit((carry ? TOKEN.carryByte : TOKEN.byte) + (sum & 0xff));
    }
    m.pushWide(signed(a + BigInt(sign) * b));
    m.ended(2);
  };

const load =
  (access: number, isSigned: boolean): Handler =>
  (m, imm) => {
    const start = m.bounded(m.pop(), imm, access);
    if (start < 0) return;
    let value = 0n;
    for (let i = access - 1; i >= 0; i--) value = (value << 8n) | BigInt(m.memory[start + i]);
    m.resultWide(isSigned || access === 8 ? signed(value, 8 * access) : value, 1);
  };

const store =
  (access: number): Handler =>
  (m, imm) => {
    const value = m.popWide();
    const start = m.bounded(m.pop(), imm, access);
    if (start < 0) return;
    for (let i = 0; i < access; i++) {
      const byte = Number((value >> BigInt(8 * i)) & 0xffn);
      m.memory[start + i] = byte;
      m.emit(TOKEN.byte + byte);
    }
    m.silent(2);
  };

/** Ones in the 64 digits of `a`, most significant first. */
const digits = (a: bigint) => unsigned(a).toString(2).padStart(64, '0');
const before = (text: string) => BigInt(text.includes('1') ? text.indexOf('1') : 64);
const rotated = (a: bigint, left: bigint) => (unsigned(a) << left) | (unsigned(a) >> (64n - left));

/** Instructions that take or give values of eight bytes. */
export const WIDE: Record<string, Handler> = {
  'select.i64': (m: Interpreter) => {
    const condition = m.pop();
    const second = m.popWide();
    const first = m.popWide();
    m.resultWide(condition ? first : second, 3);
  },
  'local.get.i64': (m, imm) => m.getCell(m.cell(imm), 8),
  'global.get.i64': (m, imm) => m.getCell(imm, 8),
  'i64.load': load(8, false),
  'i64.load8_s': load(1, true),
  'i64.load8_u': load(1, false),
  'i64.load16_s': load(2, true),
  'i64.load16_u': load(2, false),
  'i64.load32_s': load(4, true),
  'i64.load32_u': load(4, false),
  'i64.store': store(8),
  'i64.store8': store(1),
  'i64.store16': store(2),
  'i64.store32': store(4),
  'i64.const': (m, imm) => m.constantWide(imm | 0),
  'i64.high': (m) => {
    throw new RangeError(`second half of a constant executed at cursor ${m.cursor}`);
  },
  'i64.eqz': (m) => m.result(m.popWide() === 0n ? 1 : 0, 1),
  'i64.eq': compare((a, b) => a === b),
  'i64.ne': compare((a, b) => a !== b),
  'i64.lt_s': compare((a, b) => a < b),
  'i64.lt_u': compareUnsigned((a, b) => a < b),
  'i64.gt_s': compare((a, b) => a > b),
  'i64.gt_u': compareUnsigned((a, b) => a > b),
  'i64.le_s': compare((a, b) => a <= b),
  'i64.le_u': compareUnsigned((a, b) => a <= b),
  'i64.ge_s': compare((a, b) => a >= b),
  'i64.ge_u': compareUnsigned((a, b) => a >= b),
  'i64.clz': unary((a) => before(digits(a))),
  'i64.ctz': unary((a) => before([...digits(a)].reverse().join(''))),
  'i64.popcnt': unary((a) => BigInt([...digits(a)].filter((digit) => digit === '1').length)),
  'i64.add': marked(1),
  'i64.sub': marked(-1),
  'i64.mul': binary((a, b) => a * b),
  'i64.and': binary((a, b) => a & b),
  'i64.or': binary((a, b) => a | b),
  'i64.xor': binary((a, b) => a ^ b),
  'i64.shl': binary((a, b) => a << (b & 63n)),
  'i64.shr_s': binary((a, b) => a >> (b & 63n)),
  'i64.shr_u': binary((a, b) => unsigned(a) >> (b & 63n)),
  'i64.rotl': binary((a, b) => rotated(a, b & 63n)),
  'i64.rotr': binary((a, b) => rotated(a, -b & 63n)),
  'i64.extend8_s': unary((a) => signed(a, 8)),
  'i64.extend16_s': unary((a) => signed(a, 16)),
  'i64.extend32_s': unary((a) => signed(a, 32)),
  'i32.wrap_i64': (m) => m.result(Number(signed(m.popWide(), 32)), 1),
  'i64.extend_i32_s': (m) => m.resultWide(BigInt(m.pop()), 1),
  'i64.extend_i32_u': (m) => m.resultWide(BigInt(m.pop() >>> 0), 1),
  divlu: (m) => {
    const b = BigInt(m.pop() >>> 0);
    const d = BigInt(m.pop() >>> 0);
    const r = BigInt(m.pop() >>> 0);
    if (b === 0n) m.stop(1);
    else if (r >= b)
      throw new RangeError(`divlu of ${r}, ${d} by ${b} at cursor ${m.cursor}: the quotient is too large`);
    else m.result(Number(((r << 32n) | d) / b) | 0, 3);
  },
};

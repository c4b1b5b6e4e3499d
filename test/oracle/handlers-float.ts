/**
 * The oracle's instructions on floats: comparisons and choices by JavaScript's own floats, and the parts of arithmetic by big
 * integers, from what the opcode table says of them.
 */
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import type { Handler, Interpreter } from './interpreter.ts';

/** A format: bytes, bits of the fraction, bias of the exponent, and an operand's bits. */
interface Format {
  readonly bytes: 4 | 8;
  readonly fraction: number;
  readonly bias: number;
  pop(m: Interpreter): bigint;
  result(m: Interpreter, bits: bigint, pops: number): void;
}

const FORMATS: Readonly<Record<'f32' | 'f64', Format>> = {
  f32: {
    bytes: 4,
    fraction: 23,
    bias: 127,
    pop: (m) => BigInt.asUintN(32, BigInt(m.pop())),
    result: (m, bits, pops) => m.result(Number(BigInt.asIntN(32, bits)), pops),
  },
  f64: {
    bytes: 8,
    fraction: 52,
    bias: 1023,
    pop: (m) => BigInt.asUintN(64, m.popWide()),
    result: (m, bits, pops) => m.resultWide(bits, pops),
  },
};

const view = new DataView(new ArrayBuffer(8));

const numberOf = ({ bytes }: Format, bits: bigint): number => {
  if (bytes === 4) view.setUint32(0, Number(bits));
  else view.setBigUint64(0, bits);
  return bytes === 4 ? view.getFloat32(0) : view.getFloat64(0);
};

const signOf = ({ bytes }: Format, bits: bigint) => Number(bits >> BigInt(8 * bytes - 1));
const without = ({ bytes }: Format, bits: bigint) => BigInt.asUintN(8 * bytes - 1, bits);
const signed = (format: Format, magnitude: bigint, sign: number) =>
  magnitude | (BigInt(sign) << BigInt(8 * format.bytes - 1));

/** A float's number is significand · 2^(exponent - fraction bits). */
function parts(format: Format, bits: bigint) {
  const { fraction, bias, bytes } = format;
  const stored = Number(without(format, bits) >> BigInt(fraction));
  const low = BigInt.asUintN(fraction, bits);
  const significand = stored === 0 ? low : low | (1n << BigInt(fraction));
  const exponent = Math.max(stored, 1) - bias;
  const special = stored === 2 ** (8 * bytes - 1 - fraction) - 1;
  const missing = fraction + 1 - (significand === 0n ? 0 : significand.toString(2).length);
  return {
    sign: signOf(format, bits),
    significand,
    exponent,
    /** With the leading bit where it belongs. */
    raised: { significand: significand << BigInt(missing), exponent: exponent - missing },
    nan: Number(special && low !== 0n),
    infinite: Number(special && low === 0n),
    zero: Number(significand === 0n),
  };
}

type Parts = ReturnType<typeof parts>;

const scale = (exponent: number, kind: number, sign: number) =>
  (sign * 2 ** 31 + kind * 2 ** 16 + exponent + 2 ** 14) | 0;

const compare =
  (format: Format, f: (a: number, b: number) => boolean): Handler =>
  (m) => {
    const b = numberOf(format, format.pop(m));
    const a = numberOf(format, format.pop(m));
    m.result(Number(f(a, b)), 2);
  };

const choose =
  (format: Format, f: (a: number, b: number) => number): Handler =>
  (m) => {
    const b = format.pop(m);
    const a = format.pop(m);
    const [first, second] = [numberOf(format, a), numberOf(format, b)];
    const chosen = f(first, second);
    const nan = ((1n << BigInt(8 * format.bytes - format.fraction)) - 1n) << BigInt(format.fraction - 1);
    if (Number.isNaN(chosen)) format.result(m, without(format, nan), 2);
    else format.result(m, Object.is(chosen, first) ? a : b, 2);
  };

/** Byte tokens, low byte first. */
const put = (m: Interpreter, value: bigint, count: number) => {
  for (let i = 0; i < count; i++) m.emit(TOKEN.byte + Number((value >> BigInt(8 * i)) & 0xffn));
};

/** Fourteen bytes of a number; the seventh is 1 if it would be 0 and the number does not end there. */
const putLong = (m: Interpreter, value: bigint, top: bigint) => {
  put(m, value, 6);
  const high = value >> 48n;
  const isLost = BigInt.asUintN(48, value) !== 0n && BigInt.asUintN(8, high) === 0n;
  m.resultWide(BigInt.asIntN(64, high + (isLost ? 1n : 0n) + top), 2);
};

/** A number of `bits` below the point, rounded; the byte of its lowest bit and the seven below it; `beside` is added. */
const putRounded = (
  m: Interpreter,
  format: { readonly bytes: number; result(m: Interpreter, bits: bigint, pops: number): void },
  [value, bits]: readonly [bigint, number],
  up: (more: bigint, odd: boolean) => boolean,
  beside = 0n,
  pops = 1,
) => {
  const raised = bits < 7 ? value << BigInt(7 - bits) : value;
  const point = BigInt(Math.max(7, bits));
  put(m, raised >> (point - 7n), 1);
  const kept = raised >> point;
  // 0, 1 below a half, 2 at a half, 3 above.
  const rest = BigInt.asUintN(Number(point), raised) * 2n;
  const half = 1n << point;
  const more = rest === 0n ? 0n : rest < half ? 1n : rest === half ? 2n : 3n;
  let carry = up(more, (kept & 1n) === 1n) ? 1 : 0;
  let sum = 0n;
  for (let shift = 0n; shift < BigInt(8 * format.bytes); shift += 8n) {
    const byte = Number((kept >> shift) & 0xffn) + Number((beside >> shift) & 0xffn) + carry;
    carry = byte >> 8;
    m.emit((carry ? TOKEN.carryByte : TOKEN.byte) + (byte & 0xff));
    sum |= BigInt(byte & 0xff) << shift;
  }
  if (format.bytes === 8) m.pushWide(BigInt.asIntN(64, sum));
  else m.push(Number(BigInt.asIntN(32, sum)));
  m.ended(pops);
};

const nearest = (more: bigint, odd: boolean) => more === 3n || (more === 2n && odd);

/** Two floats, the one below first. */
const pair = (format: Format, m: Interpreter): [Parts, Parts, bigint, bigint] => {
  const b = format.pop(m);
  const a = format.pop(m);
  return [parts(format, a), parts(format, b), without(format, a), without(format, b)];
};

const scales = (format: Format): Record<string, Handler> => ({
  scale: (m) => {
    const a = parts(format, format.pop(m));
    m.result(scale(a.raised.exponent + 8, 4 * a.nan + a.infinite, a.sign), 1);
  },
  scale_root: (m) => {
    const a = parts(format, format.pop(m));
    const kind = 4 * (a.nan + (a.sign & (1 - a.zero))) + a.infinite;
    const exponent = Math.floor(a.raised.exponent / 2) + (format.bytes === 8 ? 8 : 33) - 2 ** 13 * a.zero;
    m.result(scale(exponent, kind, a.sign), 1);
  },
  scale_product: (m) => {
    const [a, b] = pair(format, m);
    const kind = 4 * (a.nan + b.nan + (a.infinite & b.zero) + (a.zero & b.infinite)) + a.infinite + b.infinite;
    m.result(scale(a.raised.exponent + b.raised.exponent + 1, kind, a.sign ^ b.sign), 2);
  },
  scale_quotient: (m) => {
    const [a, b] = pair(format, m);
    const kind = 4 * (a.nan + b.nan + (a.infinite & b.infinite) + (a.zero & b.zero)) + a.infinite + b.zero;
    const exponent = a.raised.exponent - b.raised.exponent + 8 - 2 ** 13 * b.infinite;
    m.result(scale(exponent, kind, a.sign ^ b.sign), 2);
  },
  scale_sum: (m) => {
    const [a, b, first, second] = pair(format, m);
    const kind = 4 * (a.nan + b.nan + (a.infinite & b.infinite & (a.sign ^ b.sign))) + a.infinite + b.infinite;
    const sign = first > second ? a.sign : first < second ? b.sign : a.sign & b.sign;
    m.result(scale(Math.max(a.exponent, b.exponent) + 1, kind, sign), 2);
  },
});

const significands = (format: Format): Record<string, Handler> => ({
  significand: (m) => {
    const { raised } = parts(format, format.pop(m));
    m.resultWide(raised.significand << BigInt(55 - format.fraction), 1);
  },
  radicand: (m) => {
    const { raised } = parts(format, format.pop(m));
    m.resultWide(raised.significand << BigInt(60 - format.fraction + (Math.abs(raised.exponent) % 2)), 1);
  },
  greater: (m) => {
    const [a, b, first, second] = pair(format, m);
    m.resultWide((first > second ? a : b).significand << BigInt(62 - format.fraction), 2);
  },
  lesser: (m) => {
    const [a, b, first, second] = pair(format, m);
    const { significand } = first > second ? b : a;
    const apart = Math.min(56, Math.abs(a.exponent - b.exponent));
    putLong(m, significand << BigInt(110 - format.fraction - apart), a.sign === b.sign ? 0n : 1n << 63n);
  },
});

/** The integers that floats are rounded to, as magnitudes: no more than a few of their bits are above or below 64 and one. */
const rounded =
  (format: Format, up: (more: bigint, odd: boolean, sign: number) => boolean): Handler =>
  (m) => {
    const { significand, exponent, sign } = parts(format, format.pop(m));
    const least = format.bytes === 8 ? -16 : -48;
    const bits = Math.max(least, Math.min(format.fraction - exponent, format.fraction + 7));
    const value: [bigint, number] = bits < 0 ? [significand << BigInt(-bits), 0] : [significand, bits];
    putRounded(m, FORMATS.f64, value, (more, odd) => up(more, odd, sign));
  };

const pack =
  ({ bytes, fraction, bias, result }: Format): Handler =>
  (m) => {
    const significand = BigInt.asUintN(64, m.popWide());
    const from = m.pop();
    const kind = (from >>> 16) & 0xff;
    const length = significand === 0n ? 0 : significand.toString(2).length;
    const exponent = (from & 0xffff) - 2 ** 14 + bias - (64 - length);
    const most = 2 ** (8 * bytes - 1 - fraction) - 1;
    const beside = (stored: number, sign: number) =>
      (BigInt(stored) << BigInt(fraction)) | (BigInt(sign) << BigInt(8 * bytes - 1));
    const sign = from < 0 ? 1 : 0;
    const half = 1n << BigInt(fraction - 1);
    const format = { bytes, result };
    const never = () => false;
    if (kind >= 4) putRounded(m, format, [0n, 7], never, beside(most, 0) | half, 2);
    else if (kind > 0 || (exponent >= most && length > 0)) putRounded(m, format, [0n, 7], never, beside(most, sign), 2);
    else {
      const lacking = Math.max(0, 1 - exponent);
      const bits = Math.min(length - 1 - fraction + lacking, 70);
      const value: [bigint, number] = bits < 0 ? [significand << BigInt(-bits), 0] : [significand, bits];
      putRounded(m, format, value, nearest, beside(length === 0 ? 0 : Math.max(exponent - 1, 0), sign), 2);
    }
  };

const named = (type: 'f32' | 'f64'): Record<string, Handler> => {
  const format = FORMATS[type];
  const unary =
    (f: (bits: bigint) => bigint): Handler =>
    (m) =>
      format.result(m, f(format.pop(m)), 1);
  const handlers: Record<string, Handler> = {
    eq: compare(format, (a, b) => a === b),
    ne: compare(format, (a, b) => a !== b),
    lt: compare(format, (a, b) => a < b),
    gt: compare(format, (a, b) => a > b),
    le: compare(format, (a, b) => a <= b),
    ge: compare(format, (a, b) => a >= b),
    min: choose(format, Math.min),
    max: choose(format, Math.max),
    abs: unary((a) => without(format, a)),
    neg: unary((a) => signed(format, without(format, a), 1 - signOf(format, a))),
    copysign: (m) => {
      const b = format.pop(m);
      const a = format.pop(m);
      format.result(m, signed(format, without(format, a), signOf(format, b)), 2);
    },
    ...scales(format),
    ...significands(format),
    round_trunc: rounded(format, () => false),
    round_floor: rounded(format, (more, _, sign) => more > 0n && sign === 1),
    round_ceil: rounded(format, (more, _, sign) => more > 0n && sign === 0),
    round_nearest: rounded(format, nearest),
    pack: pack(format),
  };
  return Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [`${type}.${name}`, handler]));
};

/** Bytes of a + sign · b, each marked when a carry (or borrow) leaves it. */
const marked = (m: Interpreter, a: bigint, b: bigint, sign: 1 | -1) => {
  let carry = 0;
  for (let shift = 0n; shift < 64n; shift += 8n) {
    const sum = Number((a >> shift) & 0xffn) + sign * (Number((b >> shift) & 0xffn) + carry);
    carry = sum < 0 || sum > 0xff ? 1 : 0;
    m.emit((carry ? TOKEN.carryByte : TOKEN.byte) + (sum & 0xff));
  }
  m.pushWide(BigInt.asIntN(64, a + BigInt(sign) * b));
  m.ended(2);
};

const unsigned = (value: bigint) => BigInt.asUintN(64, value);

/** All that is about floats. */
export const FLOAT: Record<string, Handler> = {
  ...named('f32'),
  ...named('f64'),
  'scale.integer': (m) => m.result(scale(63, 0, m.popWide() < 0n ? 1 : 0), 1),
  'significand.product': (m) => {
    const b = BigInt.asUintN(56, m.popWide());
    const a = BigInt.asUintN(56, m.popWide());
    putLong(m, a * b, 0n);
  },
  'significand.sum': (m) => {
    const b = m.popWide();
    const a = m.popWide();
    marked(m, a, BigInt.asUintN(63, b), b < 0n ? -1 : 1);
  },
  'significand.signed': (m) => {
    const b = m.popWide();
    const a = m.popWide();
    if (b < 0n) marked(m, 0n, a, -1);
    else m.resultWide(a, 2);
  },
  'significand.digit': (m) => {
    const g = unsigned(m.popWide());
    const r = unsigned(m.popWide());
    const divisor = BigInt.asUintN(32, g >> 24n);
    m.resultWide(r / ((divisor === 0n ? 2n ** 31n : divisor) + 1n), 2);
  },
  'significand.near_root': (m) => {
    const radicand = m.popWide();
    const at = (k: number) => 4 * Math.floor(Math.sqrt(k * 2 ** 49));
    const [k, more] = [Number(radicand >> 51n), Number(BigInt.asUintN(11, radicand >> 40n))];
    const slope = 4 * Math.floor((at(k + 1) - at(k)) / 8192);
    m.resultWide(BigInt(at(k) + slope * more) << 24n, 1);
  },
  'significand.mean': (m) => {
    const near = unsigned(m.popWide());
    const radicand = unsigned(m.popWide());
    m.resultWide((near >> 26n) + radicand / ((near >> 24n) + 1n), 2);
  },
  'significand.rest': (m) => {
    const g = m.popWide();
    const q = m.popWide();
    const r = g === 0n ? 0n : m.popWide();
    if (g === 0n) m.discard();
    m.resultWide(BigInt.asIntN(64, (r << 24n) - q * g), 3);
  },
  'significand.tail': (m) => {
    const g = unsigned(m.popWide());
    const r = unsigned(m.popWide());
    m.resultWide(r === 0n ? 0n : r < g ? 1n : r === g ? 2n : 3n, 2);
  },
};

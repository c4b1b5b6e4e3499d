/** Sequences that reach every entry of the embedding that a program can reach: bytes, output, tables. */
import { type Item, i32, i64, type Script } from '../assemble.ts';

const drop: Item = ['drop'];
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Every shift amount from `from` to `to`, left and right, by a loop. */
function shifts(wide: boolean, from: number, to: number): Script {
  const type = wide ? 'i64' : 'i32';
  const get: Item = [wide ? 'local.get.i64' : 'local.get', 1];
  const amount: Item[] = wide ? [['local.get', 0], ['i64.extend_i32_u']] : [['local.get', 0]];
  return {
    name: `${type}: shifts by ${from} to ${to}`,
    items: [
      ['call', 'main'],
      ['halt'],
      'main:',
      ...(wide ? i64(-0x0123456789abcdefn) : i32(-0x01234567)),
      ['local.set', 1],
      ...i32(from),
      ['local.set', 0],
      'loop:',
      get,
      ...amount,
      [`${type}.shl`],
      drop,
      get,
      ...amount,
      [`${type}.shr_u`],
      drop,
      ['local.get', 0],
      ...i32(1),
      ['i32.add'],
      ['local.tee', 0],
      ...i32(to),
      ['i32.lt_u'],
      ['br_if', 'loop'],
      ['return'],
    ],
    extras: { stride: 2 },
  };
}

/** Carries of a product: what the division heads find when these are multiplied, as the machine's recipe says. */
function carriesOf(a: bigint, b: bigint): number[] {
  const bytes = (x: bigint) => range(0, 8).map((k) => Number((x >> BigInt(8 * k)) & 0xffn));
  const [x, y] = [bytes(a), bytes(b)];
  const carries: number[] = [];
  for (let c = 0, carry = 0; c < 8; c++) {
    const column = range(0, c + 1).reduce((sum, k) => sum + x[k] * y[c - k], carry);
    carry = Math.floor(column / 256);
    carries.push(carry);
  }
  return carries;
}

/** Factors whose products have every carry from `from` to `to` somewhere, in a few hundred products. */
function factors(from: number, to: number): [bigint, bigint][] {
  const missing = new Set(range(from, to));
  const found: [bigint, bigint][] = [];
  const ones = (1n << 64n) - 1n;
  const repeated = (byte: number) => BigInt(byte) * 0x0101010101010101n;
  // The bytes of one factor alike, those of the other 255 but for one: the last column grows in small steps.
  for (let byte = 255; byte > 0 && missing.size > 0; byte--) {
    for (const less of range(0, 256).map((i) => (i * 73) % 256)) {
      const pair: [bigint, bigint] = [ones - BigInt(less), repeated(byte)];
      const carries = carriesOf(...pair).filter((carry) => missing.has(carry));
      if (carries.length === 0) continue;
      for (const carry of carries) missing.delete(carry);
      found.push(pair);
    }
  }
  return found;
}

/** Largest carry of a product of eight bytes; what stands in the table beyond is never reached. */
export const LARGEST_CARRY = Math.max(
  ...carriesOf(-1n, -1n),
  ...factors(1900, 2048).flatMap((pair) => carriesOf(...pair)),
);

function products(from: number, to: number): Script {
  const items = factors(from, to).flatMap(([a, b]): Item[] => [...i64(a), ...i64(b), ['i64.mul'], drop]);
  return { name: `products with carries from ${from} to ${to}`, items: [...items, ['halt']] };
}

/** Bit counts of every byte, and of every power of two and its predecessor. */
const counts: Script = {
  name: 'bit counts of every byte',
  items: [
    ...range(0, 64).flatMap((k): Item[] => [...i32(4 * k * 0x01010101 + 0x03020100), ['i32.popcnt'], drop]),
    ...range(1, 256).flatMap((k): Item[] => [...i32(k), ['i32.ctz'], drop]),
    ...range(0, 32).flatMap((k): Item[] => [...i32(2 ** k), ['i32.clz'], drop, ...i32(2 ** k - 1), ['i32.clz'], drop]),
    ...range(1, 64).flatMap((k): Item[] => [...i64((1n << BigInt(k)) - 1n), ['i64.clz'], drop]),
    ...range(0, 8).flatMap((k): Item[] => [
      ...i64(0x8fn << BigInt(8 * k)),
      ['i64.clz'],
      drop,
      ...i64(0x90n << BigInt(8 * k)),
      ['i64.ctz'],
      drop,
    ]),
    ['halt'],
  ],
};

/** Quotients of every digit, and bits of every pair of nibbles. */
const digits: Script = {
  name: 'digits and nibbles',
  items: [
    ...range(0, 128).flatMap((k): Item[] => [
      ...i32(2 * ((2 * k) | ((2 * k + 1) << 8) | ((255 - 2 * k) << 16))),
      ...i32(2),
      ['i32.div_u'],
      drop,
    ]),
    ...range(0, 32).flatMap((k): Item[] => {
      const a = k * 0x08080808 + 0x07040201;
      return [
        ...i32(a),
        ...i32(0x0f1e2d3c ^ (a << 3)),
        ['i32.and'],
        drop,
        ...i32(a),
        ...i32(a >>> 5),
        ['i32.xor'],
        drop,
      ];
    }),
    ...range(0, 16).flatMap((k): Item[] => {
      const row = i64(BigInt(k) * 0x1111111111111111n);
      return [
        ...row,
        ...i64(0x0123456789abcdefn),
        ['i64.and'],
        drop,
        ...row,
        ...i64(0x0123456789abcdefn),
        ['i64.xor'],
        drop,
      ];
    }),
    ['halt'],
  ],
};

/** Every byte as it comes out, with a value below it that must stay, and as it is stored. */
const output: Script = {
  name: 'every byte of output, and stored',
  items: [
    ...range(0, 256).flatMap((k): Item[] => [...i32(-1 - k), ...i32(k), ['write_byte'], ['i32.extend16_s'], drop]),
    ...range(0, 64).flatMap((k): Item[] => [
      ...i32(4 * k),
      ...i32(4 * k * 0x01010101 + 0x03020100),
      ['i32.store'],
      ...i32(4 * k),
      ['i32.load'],
      drop,
    ]),
    ['halt'],
  ],
  extras: { pages: 1 },
};

/** Every byte, without and with a carry, as the last of a signed number, and in its nibbles. */
function bytes(from: number, to: number): Script {
  return {
    name: `bytes ${from} to ${to}, with and without carry`,
    items: [
      ...range(from, to).flatMap((k): Item[] => {
        const x = (k << 24) | (k << 16) | (k << 8) | k;
        // (x + 1) - 1 as an addition of -1: a carry out of every byte.
        const carried: Item[] = [...i32(((k << 24) | (k << 16) | (k << 8) | (k + 1)) >>> 0), ...i32(-1), ['i32.add']];
        return [
          ...i32(x),
          ...i32(0x5a3c9687),
          ['i32.xor'],
          drop,
          ...carried,
          ...i32(0x5a3c9687),
          ['i32.xor'],
          drop,
          ...carried,
          ...i32(0x01010101),
          ['i32.add'],
          drop,
          ...i32(x),
          ...i32(0x40000000),
          ['i32.lt_s'],
          drop,
          ...i32(x),
          ...i32(-1),
          ['i32.add'],
          ...i32(0x40000000),
          ['i32.lt_s'],
          drop,
        ];
      }),
      ['halt'],
    ],
  };
}

/** As above: all entries of the embedding. */
export const TABLE_SUITE: readonly Script[] = [
  counts,
  digits,
  output,
  ...[0, 64, 128, 192].map((from) => bytes(from, from + 64)),
  ...[0, 64, 128, 192].flatMap((from) => [shifts(false, from, from + 64), shifts(true, from, from + 64)]),
  ...[0, 256, 1024, 1300, 1500, 1700, 1850].map((from, i, all) => products(from, all[i + 1] ?? 2048)),
];

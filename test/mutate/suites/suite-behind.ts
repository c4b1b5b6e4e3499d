/**
 * Sequences for what stands just before or beside: operations behind lines of every kind, limits met exactly, numbers
 * whose high bytes count, values of eight bytes under those of four.
 */

import { LIMITS, MEMORY_PAGES, PAGE_SIZE } from '../../../engine/isa/limits.ts';
import { OPCODES } from '../../../engine/isa/opcodes.ts';
import { edit, goOn, type Item, i32, i64, type Script } from '../assemble.ts';

const drop: Item = ['drop'];
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const NUMERIC = OPCODES.filter(({ name, code }) => code !== undefined && code >= 0x45 && /^i(32|64)\./.test(name));
const isWide = ({ operand }: (typeof OPCODES)[number]) => operand === 8;
const word = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
const READ = [0x95, 0x02, 0xf1, 0x13];

/** Every operation of four bytes, and everything else that takes a value, just behind `read_byte`. */
const read: Script = {
  name: 'behind input',
  items: [
    ['call', 'main'],
    ['halt'],
    'main:',
    ...[-0x1234568, 0x7d6c5b4a].flatMap((value) =>
      NUMERIC.filter((row) => !isWide(row) && row.pops === 2).flatMap(({ name }): Item[] => [
        ...i32(value),
        ['read_byte'],
        [name],
        drop,
      ]),
    ),
    ...NUMERIC.filter((row) => !isWide(row) && row.pops === 1).flatMap(({ name }): Item[] => [
      ['read_byte'],
      [name],
      drop,
    ]),
    ['read_byte'],
    ['i64.extend_i32_s'],
    drop,
    ...i32(3),
    ...i32(4),
    ['read_byte'],
    ['select'],
    drop,
    ['read_byte'],
    ['local.tee', 0],
    ['local.set', 1],
    ['local.get', 0],
    ['local.get', 1],
    ['i32.add'],
    drop,
    ...i32(0x100),
    ['read_byte'],
    ['i32.store'],
    ['read_byte'],
    ['i32.load', 0x80],
    drop,
    ['read_byte'],
    ['br_if', 'on'],
    ['nop'],
    'on:',
    ['read_byte'],
    ['if', 'else'],
    ['nop'],
    'else:',
    ['read_byte'],
    ['br_table', 1],
    ['br', 'first'],
    ['br', 'second'],
    'first:',
    ['nop'],
    'second:',
    ['read_byte'],
    ['write_byte'],
    ['return'],
  ],
  extras: { stride: 2, pages: 1 },
  input: range(0, 80).map((i) => READ[i % READ.length]),
};

/** Stores with values on the stack below what they take: those are on top behind them. */
const below: Script = {
  name: 'values below a store',
  items: [
    ['call', 'main'],
    ['halt'],
    'main:',
    ...i32(0x01020305),
    ...i32(0x100),
    ...i32(7),
    ['i32.store'],
    ...i32(0x01010109),
    ['i32.add'],
    ...i64(0x0102030405060708n),
    ...i32(0x108),
    ...i64(0x1112131415161718n),
    ['i64.store'],
    ...i64(0x2122232425262728n),
    ['i64.add'],
    drop,
    ['write_byte'],
    ['return'],
  ],
  extras: { pages: 1 },
};

/** Pairs in both orders: the sign of either, a difference in the high bytes or in the low ones alone. */
const orders: Script = {
  name: 'comparisons in both orders',
  items: [
    ['call', 'main'],
    ['halt'],
    'main:',
    ...(
      [
        [-3n, -7n],
        [5n, 3n],
        [-1n, 1n],
        [0x10000n, 0xffffn],
        [-0x80000000n, -0x7fffffffn],
        [-0x80000000n, 0x7fffffffn],
      ] as const
    ).flatMap(([a, b]): Item[] =>
      [
        [a, b],
        [b, a],
        [a, a],
      ].flatMap(([x, y]): Item[] => [...i32(Number(x)), ...i32(Number(y)), ['call', 'narrow']]),
    ),
    ...(
      [
        [-1n, -2n],
        [0x5_0000_0002n, 0x5_0000_0001n],
        [-0x5_0000_0002n, -0x5_0000_0001n],
        [0x5_0000_0000n, 0x6_0000_0000n],
        [-0x5_0000_0000n, 0x5_0000_0000n],
        [-0x5_0000_0000n, -0x6_0000_0000n],
        [-(1n << 63n), (1n << 63n) - 1n],
      ] as const
    ).flatMap(([a, b]): Item[] =>
      [
        [a, b],
        [b, a],
        [a, a],
      ].flatMap(([x, y]): Item[] => [...i64(x), ...i64(y), ['call', 'wide']]),
    ),
    ['return'],
    ...[false, true].flatMap((wide): Item[] => {
      const get = (index: number): Item => [wide ? 'local.get.i64' : 'local.get', index];
      return [
        wide ? 'wide:' : 'narrow:',
        ['local.set', 1],
        ['local.set', 0],
        ...NUMERIC.filter((row) => isWide(row) === wide && row.circuit === 'compare').flatMap(({ name }): Item[] => [
          get(0),
          get(1),
          [name],
          drop,
        ]),
        ['return'],
      ];
    }),
  ],
  extras: { stride: 2 },
};

/** Negative dividends by their bytes: zero, one and 255 in each of the lower three, by divisors that divide or do not. */
const dividends: Script = {
  name: 'signed dividends',
  items: [0x80, 0xfe].flatMap((top): Item[] =>
    range(0, 27).flatMap((pattern): Item[] => {
      const bytes = [pattern % 3, Math.floor(pattern / 3) % 3, Math.floor(pattern / 9)].map(
        (digit) => [0, 1, 255][digit],
      );
      const value = (top << 24) | (bytes[2] << 16) | (bytes[1] << 8) | bytes[0];
      return [1, 2, -3].flatMap((by): Item[] => [
        ...i32(value),
        ...i32(by),
        ['i32.div_s'],
        drop,
        ...i32(value),
        ...i32(by),
        ['i32.rem_s'],
        drop,
      ]);
    }),
  ),
};

/** Numbers of pages whose bytes all count: the last byte of memory is there, and the first behind it is not. */
const PAGES = [1, 0x2d, 0x100, 0x101, 0x1ff, MEMORY_PAGES].filter((pages) => pages <= MEMORY_PAGES);
const ends = (pages: number): Item[] => [
  ...i32(pages * PAGE_SIZE - 1),
  ['i32.load8_u'],
  drop,
  ...i32(pages * PAGE_SIZE),
  ['i32.load8_u'],
  ...i32(pages * PAGE_SIZE - 0x304),
  ...i32(-7),
  ['i32.store', 0x300],
  ...i32(pages * PAGE_SIZE - 0x303),
  ...i32(-7),
  ['i32.store', 0x300],
];
const pages: Script = {
  name: 'numbers of pages',
  items: [
    ...i64(-0x0102030405060709n),
    ...i32(3),
    ['global.set', 0],
    ['memory.size'],
    drop,
    ...ends(3),
    ...PAGES.flatMap((count): Item[] => [...i32(count), ['global.set', 0], ...ends(count)]),
    ...PAGES.flatMap((count): Item[] => [['halt'], ['memory.size'], drop, ...ends(count)]),
    ['halt'],
  ],
  extras: { pages: 1 },
  host: [
    ...range(0, 2 + 2 * PAGES.length).map(() => goOn()),
    ...PAGES.flatMap((count) => [[...edit('global', 0, word(count)), ...goOn()], goOn(), goOn()]),
  ],
};

/** Cells of frames so large that every byte of their size counts, edited by their number. */
const STRIDE = 0x10203;
const frames: Script = {
  name: 'cells of large frames, edited',
  items: [
    ['call', 'main'],
    ['halt'],
    'main:',
    ...i64(-0x0102030405060708n),
    ['local.set', 3],
    ['halt'],
    ['local.get', 5],
    drop,
    ['local.get', 6],
    drop,
    ['call', 'deeper'],
    ['return'],
    'deeper:',
    ['halt'],
    ['local.get', 5],
    drop,
    // What an earlier frame at this depth wrote is not there any more, whatever its size.
    ['local.get.i64', 3],
    drop,
    ['call', 'sets'],
    ['call', 'gets'],
    ['return'],
    'sets:',
    ...i64(-0x1112131415161718n),
    ['local.set', 3],
    ['return'],
    'gets:',
    ['local.get.i64', 3],
    drop,
    ['local.get', 3],
    drop,
    ['return'],
  ],
  extras: { stride: STRIDE },
  host: [
    [...edit('local', STRIDE + 5, [1, 2, 3, 0x84]), ...edit('local', STRIDE + 6, [0x91, 2, 3, 4]), ...goOn()],
    [...edit('local', 2 * STRIDE + 5, [0x55, 2, 3, 4]), ...goOn()],
  ],
};

/** Frames that would take a few cells more than there are, behind values whose bytes are as large. */
const EXCESS = Math.ceil((LIMITS.cells + 1) / 3);
const exhausted = (name: 'call' | 'call_indirect'): Script => ({
  name: `no cells for another frame, by ${name}`,
  items: [
    ['call', 'f'],
    ['halt'],
    'f:',
    ...i64(0x7f7f7f7f7f7f7f7fn),
    [name, 'g'],
    ...i64(0x0101010101010101n),
    [name, 'g'],
    ...i32(0x7f7f7f7f),
    [name, 'g'],
    ['return'],
    'g:',
    ['return'],
  ],
  extras: { stride: EXCESS },
  host: range(0, 3).map(() => goOn()),
});

/** Bytes of memory that the prompt and edits write one after the other, at addresses that begin as others do. */
const addresses: Script = {
  name: 'addresses that begin like others',
  items: [
    ...[255, 254, 1, 0x100, 0x1ff, 0xffff, 0x1fe, 2].flatMap((address): Item[] => [
      ...i32(address),
      ['i32.load8_u'],
      drop,
    ]),
    ['halt'],
    ...[255, 254, 1, 0x100, 0x1ff, 0xffff, 0x1fe, 2].flatMap((address): Item[] => [
      ...i32(address),
      ['i32.load8_u'],
      drop,
    ]),
    ['halt'],
  ],
  extras: {
    pages: 1,
    data: [
      { address: 254, bytes: Uint8Array.of(0x77, 0x78) },
      { address: 0x1fe, bytes: Uint8Array.of(0x79, 0x7a) },
      { address: 1, bytes: Uint8Array.of(0x11, 0x12) },
      { address: 0x10000 - 1, bytes: Uint8Array.of(0x13) },
    ],
  },
  host: [[...edit('memory', 1, [0x21]), ...edit('memory', 2, [0x22, 0x23]), ...goOn()]],
};

/** More entries in a table than a byte can count, and indices about their number. */
const table: Script = {
  name: 'a table of 513 entries',
  items: [
    ...[0x1ff, 0x200, 0x201, 0x202, 0, 255, 0x400, 0x10000, 0x1000000].flatMap((index): Item[] => [
      ...i32(index),
      ['call', 'pick'],
    ]),
    ['call', 'end'],
    'pick:',
    ['br_table', 0x201],
    ...range(0, 0x202).map((i): Item => ['br', `t${i % 2}`]),
    't0:',
    ['nop'],
    't1:',
    ['return'],
    'end:',
    ['halt'],
  ],
};

/** A stack of more than 256 values, and one of them edited. */
const tall: Script = {
  name: 'a tall stack, edited',
  items: [
    ...range(0, 260).flatMap((i): Item[] => i32(i)),
    ['halt'],
    ['i32.sub'],
    ['i32.sub'],
    ['i32.sub'],
    ['i32.sub'],
    ['halt'],
  ],
  host: [[...edit('stack', 258, [0x81, 2, 3, 4]), ...edit('stack', 3, [9, 9, 9, 9]), ...goOn()]],
};

/** Every operation just behind an edit of its operands. */
function edited(wide: boolean): Script {
  const rows = NUMERIC.filter((row) => isWide(row) === wide);
  const push = (value: number): Item[] => (wide ? i64(BigInt(value)) : i32(value));
  const [top, second] = wide
    ? [
        [0x12, 0xf1, 3, 0x94, 0, 0, 0x17, 0x88],
        [0x91, 0xa2, 0xb3, 4, 5, 0xe6, 7, 0x98],
      ]
    : [
        [0x12, 0xf1, 3, 0x94],
        [0x91, 0xa2, 0xb3, 4],
      ];
  return {
    name: `operations of ${wide ? 'eight' : 'four'} bytes behind an edit`,
    items: [
      ...rows.flatMap(({ name, pops }): Item[] => [
        ...push(5),
        ...(pops === 2 ? push(6) : []),
        ['halt'],
        [name],
        drop,
        ...push(-1),
        ...(pops === 2 ? push(-2) : []),
        ['halt'],
        [name],
        drop,
      ]),
      ['halt'],
    ],
    host: rows.flatMap(({ pops }) => [
      pops === 2
        ? [...goOn(), ...edit('stack', 2, top), ...edit('stack', 1, second)]
        : [...goOn(), ...edit('stack', 1, top)],
      pops === 2
        ? [...goOn(), ...edit('stack', 1, second), ...edit('stack', 2, top)]
        : [...goOn(), ...edit('stack', 1, second)],
    ]),
  };
}

export const BEHIND: readonly Script[] = [
  read,
  below,
  orders,
  { ...dividends, items: [...dividends.items, ['halt']] },
  pages,
  frames,
  exhausted('call'),
  exhausted('call_indirect'),
  addresses,
  table,
  tall,
  edited(false),
  edited(true),
];

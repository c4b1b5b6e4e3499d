/** The oracle's own notation, line by line, and its arithmetic against V8's WebAssembly. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPCODES, type Opcode, opcodeNamed } from '../../engine/isa/opcodes.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { type Extras, type Line, programOf, wide } from './build.ts';
import { expectedTrace, Interpreter } from './interpreter.ts';
import { type Exported, instantiate, trapReason } from './native.ts';

const text = (lines: readonly Line[], extras: Extras = {}, input = '') =>
  Array.from(expectedTrace(programOf(lines, extras), Buffer.from(input)), (token) => VOCABULARY[token]).join(' ');

test('results, carries, output and halt are written in the notation', () => {
  assert.equal(
    text([['i32.const', 3], ['i32.const', -4], ['i32.add'], ['write_byte'], ['halt']]),
    '03 00 00 00 commit(+1,sts=1,bt=0) fc ff ff ff commit(+1,sts=1,bt=0) ff ff ff ff commit(-1,sts=1,bt=0) out(ff) halt',
  );
  assert.match(text([['i32.const', 0x38], ['i32.const', -1], ['i32.add'], ['halt']]), / 37' 00' 00' 00' commit\(-1,/);
  assert.match(text([['i32.const', 0x100], ['i32.const', 1], ['i32.sub'], ['halt']]), / ff' 00 00 00 commit\(-1,/);
  assert.match(text([['i32.const', 0], ['i32.const', 1], ['i32.sub'], ['halt']]), / ff' ff' ff' ff' commit\(-1,/);
});

test('variables, memory, select and input', () => {
  const set = text([
    ['i32.const', 7],
    ['local.set', 0],
    ['local.get', 0],
    ['local.tee', 0],
    ['drop'],
    ['nop'],
    ['halt'],
  ]);
  assert.ok(
    set.endsWith(
      'commit(-1,sts=0,bt=0) 07 00 00 00 commit(+1,sts=1,bt=0) commit(0,sts=0,bt=0) commit(-1,sts=0,bt=0) commit(0,sts=0,bt=0) halt',
    ),
    set,
  );
  const memory = text(
    [
      ['i32.const', 2],
      ['i32.const', 0x8182],
      ['i32.store16', 1],
      ['i32.const', 3],
      ['i32.load8_s'],
      ['memory.size', 0],
      ['halt'],
    ],
    { pages: 3 },
  );
  assert.ok(
    memory.endsWith(
      '82 81 commit(-2,sts=0,bt=0) 03 00 00 00 commit(+1,sts=1,bt=0) 82 ff ff ff commit(0,sts=1,bt=0) 03 00 00 00 commit(+1,sts=1,bt=0) halt',
    ),
    memory,
  );
  assert.match(
    text([['i32.const', 1], ['i32.const', 2], ['i32.const', 0], ['select'], ['halt']]),
    / 02 00 00 00 commit\(-2,sts=1,bt=0\) halt$/,
  );
  assert.equal(
    text([['read_byte'], ['read_byte'], ['halt']], {}, 'A'),
    '41 00 00 00 read_commit ff ff ff ff commit(+1,sts=1,bt=0) halt',
  );
});

test('branches, calls and returns', () => {
  assert.equal(text([['br', 1], ['unreachable'], ['halt']]), 'branch_taken 01 00 00 00 commit(0,sts=0,bt=1) halt');
  assert.ok(text([['i32.const', 1], ['if', 5], ['halt']]).endsWith('commit(-1,sts=0,bt=0) halt'));
  assert.ok(
    text([['i32.const', 1], ['br_if', 1], ['nop'], ['halt']]).endsWith(
      'branch_taken 01 00 00 00 commit(-1,sts=0,bt=1) halt',
    ),
  );
  assert.ok(
    text([['i32.const', 9], ['br_table', 1], ['unreachable'], ['br', 0], ['halt']]).includes(
      'branch_taken 01 00 00 00 commit(-1,sts=0,bt=1) branch_taken 00 00 00 00 commit(0,sts=0,bt=1) halt',
    ),
  );
  assert.equal(
    text([['call', 1], ['halt'], ['return']]),
    'branch_taken 01 00 00 00 call_commit branch_taken fe ff ff ff return_commit halt',
  );
});

test('a frame starts with zero locals however deep the last one left them', () => {
  const dirty: Line[] = [
    ['call', 2],
    ['call', 1],
    ['halt'],
    ['local.get', 0],
    ['i32.const', 5],
    ['local.set', 0],
    ['return'],
  ];
  const interpreter = new Interpreter(programOf(dirty));
  interpreter.run();
  assert.deepEqual([...interpreter.stack.subarray(0, interpreter.depth)], [0, 0]);
});

test('traps stand in place of a line', () => {
  const ends: [string, Line[], Extras?][] = [
    ['trap(unreachable)', [['unreachable']]],
    ['trap(undefined element)', [['trap', 4]]],
    ['trap(integer divide by zero)', [['i32.const', -0x80000000], ['i32.const', 0], ['i32.div_s']]],
    ['trap(integer overflow)', [['i32.const', -0x80000000], ['i32.const', -1], ['i32.div_s']]],
    [
      'trap(out of bounds memory access)',
      [
        ['i32.const', -1],
        ['i32.load8_u', -1],
      ],
      { pages: 1 },
    ],
    ['trap(out of bounds memory access)', [['i32.const', 65533], ['i32.load']], { pages: 1 }],
    ['trap(out of bounds memory access)', [['i32.const', 65535], ['i32.const', 0], ['i32.store16']], { pages: 1 }],
    ['trap(call stack exhausted)', [['call', -1]]],
    ['trap(call stack exhausted)', [['call', -1]], { stride: 2 ** 25 }],
  ];
  for (const [end, lines, extras] of ends)
    assert.ok(text(lines, extras).endsWith(` ${end}`) || text(lines, extras) === end, end);
  assert.ok(text([['i32.const', 65532], ['i32.load'], ['halt']], { pages: 1 }).endsWith('halt'));
});

/** A module that exports `f`: the numeric operator `code` on its one or two parameters. */
function numericModule({ code, pops, bytes, operand }: Opcode): Uint8Array {
  const gets = pops === 1 ? [0x20, 0] : [0x20, 0, 0x20, 1];
  const body = [0, ...gets, code!, 0x0b];
  const type = (width: number) => (width === 8 ? 0x7e : 0x7f);
  const types = [1, 0x60, pops, ...Array(pops).fill(type(operand ?? 4)), 1, type(bytes)];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const exports = [7, 5, 1, 1, 0x66, 0, 0];
  const module = [...header, 1, types.length, ...types, 3, 2, 1, 0, ...exports];
  return Uint8Array.from([...module, 10, body.length + 2, 1, body.length, ...body]);
}

const edges = [
  0, 1, 2, 31, 32, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, -0x80000000, -1, -2, -128,
];
let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
  return seed >> (seed & 15);
};
const narrowValues = [...edges, ...Array.from({ length: 12 }, random)].map(BigInt);
const wideValues = [
  ...[63n, 64n, 65n, 0xffff_ffffn, 0x1_0000_0000n, 0x7fff_ffff_ffff_ffffn, -0x8000_0000_0000_0000n, -0x8000_0001n],
  ...edges.map(BigInt),
  ...Array.from({ length: 8 }, () => BigInt.asIntN(64, (BigInt(random()) << 31n) ^ BigInt(random()))),
];
/** Of integers: floats have tests of their own. */
const isNumeric = ({ code, float }: Opcode) => code !== undefined && code >= 0x45 && !float;

test('every numeric instruction agrees with V8 on edge and random operands', () => {
  const numeric = OPCODES.filter(isNumeric);
  assert.equal(numeric.length, 31 + 31);
  for (const row of numeric) {
    const { name, pops, bytes, operand } = row;
    const f = instantiate(numericModule(row)).f as Exported;
    const values = operand === 8 ? wideValues : narrowValues;
    const argument = (value: bigint) => (operand === 8 ? value : Number(value));
    const constant = (value: bigint): Line[] => (operand === 8 ? wide(value) : [['i32.const', Number(value)]]);
    for (const a of values) {
      for (const b of pops === 1 ? [0n] : values) {
        const operands = pops === 1 ? constant(a) : [...constant(a), ...constant(b)];
        const interpreter = new Interpreter(programOf([...operands, [name], ['halt']]));
        interpreter.run();
        let expected: ReturnType<Exported> | string;
        try {
          expected = pops === 1 ? f(argument(a)) : f(argument(a), argument(b));
        } catch (error) {
          expected = trapReason(error as Error);
        }
        const words = `${name} ${a} ${b}`;
        if (typeof expected === 'string') {
          assert.equal(interpreter.trap, expected, words);
          continue;
        }
        assert.equal(interpreter.end, 'halt', words);
        assert.equal(bytes === 8 ? interpreter.popWide() : interpreter.pop(), expected, words);
        const tokens = interpreter.trace.subarray(-2 - bytes, -2);
        const written = Buffer.from([...tokens].map((token) => Number.parseInt(VOCABULARY[token], 16)));
        assert.equal(bytes === 8 ? written.readBigInt64LE() : written.readInt32LE(), expected, `${words}: bytes`);
      }
    }
  }
});

test('values of eight bytes are written in the notation', () => {
  const value = 0x0102_0304_0506_0708n;
  assert.equal(
    text([...wide(value), ...wide(0xfan), ['i64.add'], ['halt']]),
    '08 07 06 05 04 03 02 01 commit(+1,sts=1,bt=0,adv=2) fa 00 00 00 00 00 00 00 commit(+1,sts=1,bt=0,adv=2) ' +
      "02' 08 06 05 04 03 02 01 commit(-1,sts=1,bt=0) halt",
  );
  const memory = text(
    [
      ['i32.const', 1],
      ...wide(value),
      ['i64.store32'],
      ['i32.const', 0],
      ['i64.load16_s', 3],
      ['i32.wrap_i64'],
      ['halt'],
    ],
    { pages: 1 },
  );
  assert.ok(
    memory.endsWith(
      '08 07 06 05 commit(-2,sts=0,bt=0) 00 00 00 00 commit(+1,sts=1,bt=0) 06 05 00 00 00 00 00 00 commit(0,sts=1,bt=0) 06 05 00 00 commit(0,sts=1,bt=0) halt',
    ),
    memory,
  );
  const variables = text(
    [
      ...wide(-1n),
      ['local.set', 2],
      ['local.get.i64', 2],
      ['global.get.i64', 1],
      ['local.get.i64', 3],
      ['i32.const', 1],
      ['select.i64'],
      ['halt'],
    ],
    { stride: 4, globals: [value] },
  );
  assert.ok(
    variables.endsWith(
      'commit(-1,sts=0,bt=0) ff ff ff ff ff ff ff ff commit(+1,sts=1,bt=0) 08 07 06 05 04 03 02 01 commit(+1,sts=1,bt=0) 00 00 00 00 00 00 00 00 commit(+1,sts=1,bt=0) 01 00 00 00 commit(+1,sts=1,bt=0) 08 07 06 05 04 03 02 01 commit(-2,sts=1,bt=0) halt',
    ),
    variables,
  );
  assert.match(
    text([['i32.const', 3], ['i32.const', 5], ['i32.const', 7], ['divlu'], ['halt']]),
    / 6e db b6 6d commit\(-2,sts=1,bt=0\) halt$/,
  );
});

test('every instruction takes and gives what its row of the opcode table says', () => {
  for (const name of ['i32.add', 'select', 'i32.load', 'i32.store8', 'drop', 'local.get', 'read_byte', 'write_byte']) {
    const { pops, pushes, bytes } = opcodeNamed(name)!;
    const interpreter = new Interpreter(
      programOf([...Array.from({ length: 4 }, (): Line => ['i32.const', 1]), [name], ['halt']], { pages: 1 }),
    );
    for (let i = 0; i < 4; i++) interpreter.step();
    const before = interpreter.tokens;
    interpreter.step();
    assert.equal(interpreter.depth, 4 - pops + pushes, name);
    assert.equal(interpreter.tokens - before, bytes + 1, name);
  }
});

/** The oracle's own notation, line by line, and its arithmetic against V8's WebAssembly. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPCODES, opcodeNamed } from '../../engine/isa/opcodes.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { type Extras, type Line, programOf } from './build.ts';
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
function numericModule(code: number, params: number): Uint8Array {
  const gets = params === 1 ? [0x20, 0] : [0x20, 0, 0x20, 1];
  const body = [0, ...gets, code, 0x0b];
  const type = [1, 0x60, params, ...Array(params).fill(0x7f), 1, 0x7f];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const exports = [7, 5, 1, 1, 0x66, 0, 0];
  const bytes = [...header, 1, type.length, ...type, 3, 2, 1, 0, ...exports];
  return Uint8Array.from([...bytes, 10, body.length + 2, 1, body.length, ...body]);
}

test('every numeric instruction agrees with V8 on edge and random operands', () => {
  const edges = [
    0, 1, 2, 31, 32, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, -0x80000000, -1, -2, -128,
  ];
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return seed >> (seed & 15);
  };
  const values = [...edges, ...Array.from({ length: 12 }, random)];
  const numeric = OPCODES.filter(({ name, code }) => name.startsWith('i32.') && code !== undefined && code >= 0x45);
  assert.equal(numeric.length, 31);
  for (const { name, code, pops } of numeric) {
    const f = instantiate(numericModule(code!, pops)).f as Exported;
    for (const a of values) {
      for (const b of pops === 1 ? [0] : values) {
        const operands: Line[] =
          pops === 1
            ? [['i32.const', a]]
            : [
                ['i32.const', a],
                ['i32.const', b],
              ];
        const interpreter = new Interpreter(programOf([...operands, [name], ['halt']], { exitCode: true }));
        interpreter.run();
        let expected: ReturnType<Exported> | string;
        try {
          expected = pops === 1 ? f(a) : f(a, b);
        } catch (error) {
          expected = trapReason(error as Error);
        }
        if (typeof expected === 'number') assert.equal(interpreter.exitCode, expected, `${name} ${a} ${b}`);
        else assert.equal(interpreter.trap, expected, `${name} ${a} ${b}`);
        if (interpreter.end === 'halt') {
          const bytes = [...interpreter.trace.subarray(-6, -2)].map((token) => Number.parseInt(VOCABULARY[token], 16));
          assert.equal(Buffer.from(bytes).readInt32LE(), expected, `${name} ${a} ${b}: bytes`);
        }
      }
    }
  }
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

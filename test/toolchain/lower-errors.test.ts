/** Modules that cannot run: what the message says, and that no bytes whatever crash or hang the toolchain. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { lower, type Places } from '../../engine/toolchain/lower/lower.ts';
import { PROGRAMS } from './lower-programs.ts';
import { wasmOf } from './wat.ts';

async function errorOf(wat: string, places: Places = {}): Promise<PlacedError> {
  const wasm = await wasmOf(wat, false);
  try {
    lower(decode(wasm, places.file), places);
  } catch (error) {
    assert.ok(error instanceof PlacedError, String(error));
    return error;
  }
  assert.fail('it was lowered');
}

const main = (body: string, more = '') => `(module ${more} (func $main (export "main") (result i32) ${body}))`;

test('every unsupported construct is a problem with function, line and offset', async () => {
  const error = await errorOf(
    main(
      '(drop (i32.atomic.rmw.add (call $f (v128.const i64x2 1 2)) (i32.const 1))) (i32.const 1)',
      '(func $f (param v128) (result i32) (i32.atomic.load (i32.const 0))) (memory 1 1 shared)',
    ),
    { file: 'x.wasm', sourceOf: (offset) => ({ file: 'dir/x.c', line: offset }) },
  );
  assert.deepEqual(
    error.problems.map(({ message, place }) => `${place.function}: ${message.split(': ')[1]}`),
    ['main: i32.atomic.rmw.add (threads).', 'f: i32.atomic.load (threads).'],
  );
  for (const { place } of error.problems) {
    assert.equal(place.file, 'dir/x.c');
    assert.ok(place.line! > 0 && place.line! < 60, 'counted from the code section');
    assert.ok(place.offset! > place.line!, 'counted from the start of the file');
  }
  const [first] = error.toString().split('\n');
  assert.match(
    first,
    /^dir\/x\.c:\d+: .*i32\.atomic\.rmw\.add \(threads\)\. \(function main, wasm offset 0x[0-9a-f]+\)$/,
  );
});

test('without debug information the place is the file', async () => {
  const error = await errorOf(main('(i32.atomic.load (i32.const 1))', '(memory 1 1 shared)'), { file: 'x.wasm' });
  const { offset, ...place } = error.place;
  assert.deepEqual(place, { file: 'x.wasm', function: 'main' });
  assert.ok(offset! > 8);
});

test('at most twenty problems are listed as text, the rest counted', async () => {
  const names = [
    'i32.atomic.load',
    'i64.atomic.load',
    'i32.atomic.load8_u',
    'i32.atomic.load16_u',
    'i64.atomic.load32_u',
  ];
  for (const operator of ['add', 'sub', 'and', 'or', 'xor', 'xchg']) {
    for (const width of ['i32.atomic.rmw', 'i64.atomic.rmw', 'i32.atomic.rmw8', 'i32.atomic.rmw16']) {
      names.push(`${width}.${operator}${/\d\d?$/.test(width.slice(14)) ? '_u' : ''}`);
    }
  }
  const code = names.map((name) => {
    const value = name.includes('.rmw') ? ` (${name.slice(0, 3)}.const 1)` : '';
    return `(drop (${name} (i32.const 0)${value}))`;
  });
  const error = await errorOf(main(`${code.join(' ')} (i32.const 1)`, '(memory 1 1 shared)'));
  assert.equal(error.problems.length, 29, 'each instruction');
  assert.equal(error.toString().split('\n').length, 21);
  assert.match(error.toString(), /and 9 more$/);
});

const REFUSED: readonly [string, RegExp, string][] = [
  [
    'what WASI does not have',
    /import wasi_snapshot_preview1\.sock_open/,
    main('(call $w (i32.const 1))', '(import "wasi_snapshot_preview1" "sock_open" (func $w (param i32) (result i32)))'),
  ],
  [
    'another import',
    /import env\.trace \(only stepformer's write_byte, write_error, read_byte, WASI's preview 1, and of AssemblyScript's env/,
    main('(call $w) (i32.const 1)', '(import "env" "trace" (func $w))'),
  ],
  [
    'an import of another type',
    /stepformer\.write_byte of type \(i64\) -> \(\) \(its type is \(i32\) -> \(\)\)/,
    main('(call $w (i64.const 1)) (i32.const 1)', '(import "stepformer" "write_byte" (func $w (param i64)))'),
  ],
  ['an imported memory', /imported memory env\.memory/, main('(i32.const 1)', '(import "env" "memory" (memory 1))')],
  ['an imported table', /imported table env\.t/, main('(i32.const 1)', '(import "env" "t" (table 1 funcref))')],
  ['an imported global', /imported global env\.g/, main('(i32.const 1)', '(import "env" "g" (global i32))')],
  [
    'two memories beyond the limit',
    /memory of 600 pages.*512, 32 MiB for each of 2/,
    main('(i32.const 1)', '(memory 1) (memory 600)'),
  ],
  [
    'a memory beyond the limit',
    /memory of 2000 pages, 125 MiB \(the limit is 1024, 64 MiB\)/,
    main('(i32.const 1)', '(memory 2000)'),
  ],
  [
    'a stored table beyond the limit',
    /a table of 70000 elements \(the limit is 65536 elements\)/,
    main('(table.size 0)', '(table 70000 funcref)'),
  ],
  [
    'a table of references to exceptions',
    /a table of type exnref \(references to exceptions\)/,
    main('(ref.is_null (table.get 0 (i32.const 0)))', '(table 1 exnref)'),
  ],
  [
    "WASI's draft, where preview 1 has larger structures",
    /the import wasi_unstable\.fd_filestat_get \(of WASI's draft of 2019, from which preview 1 differs there/,
    main(
      '(call $stat (i32.const 1) (i32.const 0))',
      '(import "wasi_unstable" "fd_filestat_get" (func $stat (param i32 i32) (result i32)))',
    ),
  ],
  ['no entry', /exports no function `_start` or `main`/, '(module (func (export "run")))'],
  [
    'an entry with parameters',
    /entry main has type \(i32, i32\) -> \(i32\)/,
    '(module (func (export "main") (param i32 i32) (result i32) (i32.const 1)))',
  ],
  [
    'an entry with other results',
    /entry main has type \(\) -> \(i64\)/,
    '(module (func (export "main") (result i64) (i64.const 1)))',
  ],
];

for (const [name, pattern, wat] of REFUSED) {
  test(`refused: ${name}`, async () => {
    assert.match((await errorOf(wat)).message, pattern);
  });
}

test('a table or a stack of absurd size is refused or cheap', async () => {
  const big = await wasmOf(main('(call_indirect (result i32) (i32.const 5))', '(table 10000000 funcref)'));
  assert.ok(lower(decode(big)).ops.length < 20);
  const far = errorOf(
    main('(call_indirect (result i32) (i32.const 5))', '(table 10000000 funcref) (elem (i32.const 9999999) $main)'),
  );
  assert.match((await far).message, /table element 9999999 \(the limit is 65536 elements\)/);
  // Each of many branches drops many values: the program would be 10^8 instructions long.
  const values = '(i32.const 1) '.repeat(10000);
  const branches = '(br_if 0 (i32.const 2) (i32.const 0)) '.repeat(10000);
  const blowUp = errorOf(main(`${values} ${branches} (return)`));
  assert.match((await blowUp).message, /instructions/);
});

test('what is not a module says so', () => {
  for (const [bytes, pattern] of [
    [[], /empty/],
    [[1, 2, 3], /does not start with/],
    [Buffer.from('int main(void) { return 0; }'), /does not start with/],
    [[0, 0x61, 0x73, 0x6d, 13, 0, 1, 0], /version 1/],
    [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 0x80], /malformed: it ends early/],
    [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1], /runs past the end/],
    [[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 7, 1, 0x60, 0xff, 0xff, 0xff, 0xff, 0x0f], /malformed: it ends early/],
  ] as const) {
    assert.throws(
      () => decode(Uint8Array.from(bytes), 'a.wasm'),
      (error) => error instanceof PlacedError && pattern.test(error.message) && error.place.file === 'a.wasm',
    );
  }
});

test('truncated and damaged modules give a program or a PlacedError, quickly', async () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const outcome = (bytes: Uint8Array) => {
    try {
      return lower(decode(bytes));
    } catch (error) {
      if (error instanceof PlacedError) return undefined;
      throw new Error(`${Buffer.from(bytes).toString('hex')}`, { cause: error });
    }
  };
  let survived = 0;
  let refused = 0;
  for (const { wat } of PROGRAMS) {
    const wasm = await wasmOf(wat);
    for (let length = 0; length < wasm.length; length += 1 + (wasm.length >> 5)) outcome(wasm.subarray(0, length));
    for (let i = 0; i < 60; i++) {
      const damaged = wasm.slice();
      for (let n = random(3); n >= 0; n--) damaged[8 + random(wasm.length - 8)] = random(2) ? random(256) : 0xff;
      const program = outcome(damaged);
      if (program) survived++;
      else refused++;
    }
  }
  assert.ok(survived > 100 && refused > 100, `${survived} ${refused}`);
});

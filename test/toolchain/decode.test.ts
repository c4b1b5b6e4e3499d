/** The decoder: the operators that wabt sees, each at its byte; and what is said of bytes that are no module. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import loadWabt from 'wabt';
import { PlacedError } from '../../engine/errors.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { OPERATORS, operatorName, PREFIX_BITS } from '../../engine/toolchain/decode/operators.ts';
import { parseScript, type Source } from '../../engine/wast/script.ts';
import { watToWasm } from '../../engine/wat/wat.ts';
import { PROGRAMS } from './lower-programs.ts';
import { wasmOf } from './wat.ts';

/** Modules with what the machine does not have: it is read all the same. */
const PROPOSALS = [
  `(module (memory 1) (func (drop (v128.load8_lane offset=7 2 (i32.const 0) (v128.const i32x4 1 2 3 4)))
    (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (v128.const i64x2 1 2) (v128.const f32x4 1 2 3 4)))
    (drop (i64x2.extract_lane 1 (i32x4.trunc_sat_f64x2_s_zero (f64x2.splat (f64.const nan:0x123)))))))`,
  '(module (memory 1 1 shared) (func (drop (i64.atomic.rmw8.cmpxchg_u offset=3000000000 (i32.const 0) (i64.const 1) (i64.const 2))) (atomic.fence)))',
  '(module (tag $e (param i32)) (func (try (do (throw $e (i32.const 1))) (catch $e drop (rethrow 0)) (catch_all))))',
  '(module (func $f (return_call $f)))',
  `(module (table $t 2 funcref) (table $u 2 externref) (elem $p funcref (ref.func $f) (ref.null func)) (data $d "abc") (memory 1)
    (func $f (param externref) (drop (select (result externref) (local.get 0) (ref.null extern) (i32.const 3)))
      (table.init $t $p (i32.const 0) (i32.const 0) (i32.const 0)) (table.set $u (i32.const 0) (local.get 0))
      (memory.init $d (i32.const 0) (i32.const 0) (i32.const 0)) (data.drop $d) (elem.drop $p)
      (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (memory.copy (i32.const 0) (i32.const 0) (i32.const 0))
      (drop (table.grow $u (ref.null extern) (table.size $t))) (call_indirect $t (param externref) (local.get 0) (i32.const 1))))`,
];

const FEATURES = { simd: true, threads: true, exceptions: true, tail_call: true, multi_memory: true };

/** Names of the operators of each function, as wabt prints them; it leaves out the `end` of a function. */
async function printed(wasm: Uint8Array): Promise<string[][]> {
  const wabt = await loadWabt();
  const module = wabt.readWasm(wasm, { readDebugNames: false, ...FEATURES });
  const functions: string[][] = [];
  let isInside = false;
  try {
    for (const line of module.toText({ foldExprs: false, inlineExport: false }).split('\n')) {
      if (/^ {2}\(/.test(line)) isInside = /^ {2}\(func/.test(line);
      if (/^ {2}\(func/.test(line)) functions.push([]);
      const name = /^ {4,}([a-z][\w.]*)/.exec(line)?.[1];
      if (name && isInside) functions.at(-1)?.push(name);
    }
  } finally {
    module.destroy();
  }
  return functions;
}

async function checkModule(wasm: Uint8Array, name: string): Promise<number> {
  const expected = await printed(wasm);
  const { functions } = decode(wasm);
  assert.equal(functions.length, expected.length, name);
  let count = 0;
  for (const [i, { codes, offsets }] of functions.entries()) {
    const names = [...codes].map(operatorName);
    assert.equal(names.pop(), 'end', name);
    assert.deepEqual(names, expected[i], `${name}, function ${i}`);
    for (const [j, code] of codes.entries()) {
      // Codes with a prefix are the prefix and a number behind it.
      const bits = [...PREFIX_BITS].find(([prefix, shift]) => code >>> shift === prefix)?.[1] ?? 0;
      assert.equal(wasm[offsets[j]], code >>> bits, `${name}: byte of ${operatorName(code)}`);
      if (bits > 0) assert.equal(wasm[offsets[j] + 1] & 0x7f, code & 0x7f, name);
    }
    count += codes.length;
  }
  return count;
}

test('operators are those that wabt reads, each at its byte', async () => {
  let operators = 0;
  for (const { name, wat } of PROGRAMS) operators += await checkModule(await wasmOf(wat), name);
  for (const wat of PROPOSALS) operators += await checkModule(await binaryOf(wat), wat);
  assert.ok(operators > 800, `${operators}`);
});

async function binaryOf(wat: string): Promise<Uint8Array> {
  const wabt = await loadWabt();
  const module = wabt.parseWat('test.wat', wat, FEATURES);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

test("modules of the specification's scripts", async () => {
  const folder = join(import.meta.dirname, '../wast/scripts');
  let modules = 0;
  for (const file of readdirSync(folder)) {
    for (const command of parseScript(readFileSync(join(folder, file), 'utf8'), file)) {
      if (command.kind !== 'module' || command.source.kind !== 'text') continue;
      // With the memories of data segments, which wabt's writer leaves out.
      await checkModule(await watToWasm(moduleText(command.source), file), `${file}:${command.line}`);
      modules++;
    }
  }
  assert.ok(modules > 20, `${modules}`);
});

const moduleText = ({ text }: Extract<Source, { kind: 'text' }>) =>
  text.startsWith('(module') ? text : `(module ${text})`;

test('no encoding has two operators', () => {
  assert.equal(new Set(OPERATORS.map(({ code }) => code)).size, OPERATORS.length);
});

/** A module of one section; `bytes` is its payload. */
const sectionOf = (id: number, ...bytes: number[]) => [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, id, bytes.length, ...bytes];
const FUNCTION = [...sectionOf(1, 1, 0x60, 0, 0), 3, 2, 1, 0];
/** With one function of these operators. */
const bodyOf = (...bytes: number[]) => [...FUNCTION, 10, bytes.length + 3, 1, bytes.length + 1, 0, ...bytes];

const DAMAGED: readonly (readonly [name: string, bytes: readonly number[], message: RegExp, offset: number])[] = [
  ['a type that is none', sectionOf(1, 1, 0x61), /not a function type/, 11],
  ['a list longer than its section', sectionOf(1, 2, 0x60, 0, 0), /ends early/, 14],
  ['a section longer than its list', sectionOf(1, 1, 0x60, 0, 0, 0), /longer than what is in it/, 14],
  ['a section beyond the file', [...sectionOf(1, 0), 3, 9, 0], /section 3 of 9 bytes runs past the end/, 11],
  ['a number of six bytes', sectionOf(3, 0x80, 0x80, 0x80, 0x80, 0x80, 0), /more than 5 bytes/, 10],
  ['a number of 33 bits', sectionOf(3, 0xff, 0xff, 0xff, 0xff, 0x1f), /more than 32 bits/, 10],
  ['an unknown kind of import', sectionOf(2, 1, 0, 0, 9), /unknown kind 9/, 13],
  ['unknown limits', sectionOf(5, 1, 0x11, 0), /unknown flags 17/, 11],
  ['an operator that is none', bodyOf(0xef, 0x0b), /no operator 0xef/, 23],
  ['one behind a prefix', bodyOf(0xfc, 0x40, 0x0b), /no operator 0xfc40/, 23],
  ['a constant that does not end', bodyOf(0x41, 0x80), /ends early/, 25],
  ['a constant of 33 bits', bodyOf(0x41, 0x80, 0x80, 0x80, 0x80, 0x08, 0x0b), /more than 32 bits/, 24],
  ['a table longer than its function', bodyOf(0x0e, 0x7f, 0x00), /ends early/, 26],
  ['a body without function', [...sectionOf(1, 1, 0x60, 0, 0), 10, 4, 1, 2, 0, 0x0b], /a body has no function/, 18],
  ['a function without body', FUNCTION, /a function has no body/, 0],
  ['a name longer than its section', sectionOf(7, 1, 9, 0x61), /9 bytes are announced, and 1 are there/, 12],
  ['an initial value that does not end', sectionOf(6, 1, 0x7f, 0, 0x41, 1), /ends early/, 15],
  ['more locals than memory', [...FUNCTION, 10, 10, 1, 8, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b], /locals/, 28],
];

for (const [name, bytes, message, offset] of DAMAGED) {
  test(`malformed: ${name}`, () => {
    assert.throws(
      () => decode(Uint8Array.from(bytes), 'a.wasm'),
      (error) => {
        assert.ok(error instanceof PlacedError, String(error));
        assert.match(error.message, message);
        assert.deepEqual(error.place, { file: 'a.wasm', offset });
        return true;
      },
    );
  });
}

test('constants keep their bits: numbers at the ends of their ranges, payloads of NaNs', async () => {
  const wasm = await wasmOf(`(module
    (global i32 (i32.const -0x80000000)) (global i64 (i64.const 0x7fffffff_fffffffe)) (global i64 (i64.const -0x80000000_00000000))
    (global f32 (f32.const nan:0x200001)) (global f64 (f64.const -nan:0x4000000000001))
    (func (drop (i64.const -1)) (drop (i64.const 0x123456789abcdef0)) (drop (i32.const 0x7fffffff))))`);
  const { globals, functions } = decode(wasm);
  assert.deepEqual(
    globals.map(({ initial }) => {
      const [step] = initial.steps ?? [];
      return step?.kind === 'bits' ? [step.low, step.high] : undefined;
    }),
    [
      [-0x80000000, 0],
      [-2, 0x7fffffff],
      [0, -0x80000000],
      [0x7fa00001, 0],
      [1, 0xfff40000 | 0],
    ],
  );
  const [{ immediates, highs }] = functions;
  assert.deepEqual([immediates[0], highs[0]], [-1, -1]);
  assert.deepEqual([immediates[2], highs[2]], [0x9abcdef0 | 0, 0x12345678]);
  assert.equal(immediates[4], 0x7fffffff);
});

test('a name section that is damaged costs names only', async () => {
  const wasm = await wasmOf(
    '(module (func $one (param $x i32) (local $y i64)) (global $g i32 (i32.const 1)) (func $two))',
  );
  const whole = decode(wasm);
  assert.deepEqual(
    [...whole.names.functions],
    [
      [0, 'one'],
      [1, 'two'],
    ],
  );
  assert.deepEqual(
    [...(whole.names.locals.get(0) ?? [])],
    [
      [0, 'x'],
      [1, 'y'],
    ],
  );
  assert.deepEqual([...whole.names.globals], [[0, 'g']]);
  const { start, end } = whole.sections.at(-1)!;
  for (let at = start; at < end; at++) {
    const damaged = wasm.slice();
    damaged[at] = 0xff;
    assert.equal(decode(damaged).functions.length, 2, `byte ${at - start}`);
  }
});

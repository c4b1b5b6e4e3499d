/**
 * The trace against V8, event by event: every program of the table agrees to its end, as do programs made for what the
 * two could see differently; and a trace that is wrong in one place differs there.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Comparison } from '../../engine/divergence/comparison.ts';
import { MARK, Sites } from '../../engine/divergence/sites.ts';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { instructionText, type TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { History } from '../../engine/trace/history.ts';
import { KIND, KINDS } from '../../engine/trace/notation.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { TABLE } from '../programs/table.ts';
import { each, PROGRAMS } from '../toolchain/programs/exceptions.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

const compiler = new Compiler();
after(() => compiler.dispose());

const MOST_TOKENS = 1_200_000;

/** What a right model says of a program. */
function traceOf(program: TokenProgram, input: Uint8Array): Uint16Array {
  const oracle = new Interpreter(program, input);
  oracle.run(MOST_TOKENS);
  return oracle.trace;
}

interface Outcome {
  readonly history: History;
  /** `line: text` of the difference, or why nothing was compared. */
  readonly found: string | undefined;
  readonly line: number;
}

/** Compares a trace, in steps as a debugger does. */
function compare(wasm: Uint8Array, program: TokenProgram, input: Uint8Array, tokens: ArrayLike<number>): Outcome {
  const history = new History(program, encodePrompt(program, input));
  history.append(tokens);
  const comparison = new Comparison(decode(wasm), history);
  try {
    for (let to = 1; to < history.lines; to += 5000) comparison.upTo(to);
    comparison.upTo(history.lines);
    const { difference, ended } = comparison;
    return { history, found: difference?.text ?? ended, line: difference?.line ?? -1 };
  } finally {
    comparison.close();
  }
}

for (const row of TABLE) {
  test(`${row.name} does in the oracle what it does in V8`, async () => {
    const { program, wasm, input } = await row.load(compiler);
    const { found, line } = compare(wasm, program, input, traceOf(program, input));
    assert.equal(found, undefined, `line ${line}: ${found}`);
  });
}

/** A program in which everything happens that is compared. */
const EVERYTHING = `(module
  (import "stepformer" "write_byte" (func $write (param i32)))
  (import "stepformer" "write_error" (func $error (param i32)))
  (import "stepformer" "read_byte" (func $read (result i32)))
  (memory (export "memory") 1)
  (table funcref (elem $pair $twice))
  (type $unary (func (param i64) (result i64)))
  (global $count (mut i32) (i32.const 3))
  (global $wide (mut i64) (i64.const 0))
  (global $float (mut f64) (f64.const 0))
  (func $pair (param f32 i64) (result i32 i64)
    (return (i32.trunc_f32_s (local.get 0)) (local.get 1)))
  (func $twice (type $unary)
    (if (result i64) (i64.eqz (local.get 0))
      (then (i64.const 7))
      (else (i64.mul (local.get 0) (i64.const 2)))))
  (func $row (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $c (local.get 0)))
      (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30))
  (func $main (export "main") (result i32)
    (local $i i32)
    (global.set $wide (i64.const 70002))
    (loop $again
      (i32.store8 offset=16 (i32.const 4) (i32.sub (i32.const 700) (global.get $count)))
      (i64.store16 (i32.const 40) (i64.const -2))
      (i64.store (i32.const 48) (call_indirect (type $unary) (i64.extend_i32_u (global.get $count)) (i32.const 1)))
      (f64.store (i32.const 56) (f64.div (f64.convert_i32_s (global.get $count)) (f64.const 8)))
      (f32.store (i32.const 64) (f32.const 1.5))
      (global.set $count (i32.sub (global.get $count) (i32.const 1)))
      (call $write (i32.add (global.get $count) (i32.const 65)))
      (drop (call $row (global.get $count)))
      (br_if $again (i32.gt_s (global.get $count) (i32.const 0))))
    (block $out
      (block $in (result i32)
        (drop (br_if $in (i32.const 5) (global.get $count)))
        (br $out))
      (call $error))
    (call $pair (f32.const 3) (i64.const 70004))
    (global.set $wide)
    (global.set $float (f64.load (i32.const 56)))
    (local.set $i)
    (i32.store (i32.const 80) (call $read))
    (local.get $i)))`;

/** The tokens with another one where `line` says something that is compared, which must be wrong; undefined if it does not. */
function wronged(history: History, line: number, mark: number): Uint16Array | undefined {
  const tokens = history.tokensFrom(history.promptLength, history.firstToken(line + 1));
  const at = history.firstToken(line) - history.promptLength;
  const kind = KINDS[tokens[at]];
  if (kind === KIND.branchTaken) {
    // One instruction further: any jump that is not the right one is as wrong.
    tokens[at + 1] = TOKEN.byte + (((tokens[at + 1] - TOKEN.byte) & 0xff) ^ 1);
  } else if (mark & MARK.store) {
    tokens[at] = TOKEN.byte + ((tokens[at] - TOKEN.byte) ^ 1);
  } else if (mark & MARK.output) {
    tokens[at] ^= 1;
  } else {
    return undefined;
  }
  return tokens;
}

test('a store, a branch or a byte of output that is wrong is found at its line', async () => {
  const wasm = await wasmOf(EVERYTHING);
  const program = await programOf(wasm);
  const input = Buffer.from('*');
  const { history, found } = compare(wasm, program, input, traceOf(program, input));
  assert.equal(found, undefined);
  const { marks } = new Sites(program, decode(wasm));
  const seen = new Set<string>();
  for (let line = 0; line < history.lines; line++) {
    const cursor = history.cursorOf(line);
    const { name } = OPCODES[program.ops[cursor]];
    if (marks[cursor] === 0 || seen.has(name)) continue;
    const tokens = wronged(history, line, marks[cursor] & ~MARK.entry);
    if (!tokens) continue;
    const wrong = compare(wasm, program, input, tokens);
    assert.equal(wrong.line, line, `${name} in line ${line}: ${wrong.found}`);
    seen.add(name);
  }
  for (const name of ['i64.store16', 'i32.store8', 'i64.store', 'br', 'br_if', 'if', 'return', 'write_byte']) {
    assert.ok(seen.has(name), `${name} was not made wrong`);
  }
});

/** What of vectors is compared: halves of arguments, results, globals and stores, lanes that are stored, NaNs. */
const VECTORS = `(module
  (memory 1)
  (global $g (mut v128) (v128.const i64x2 1 2))
  (func $swap (param i32 v128 v128) (result v128 i32 v128) (local v128)
    (local.set 3 (local.get 1))
    (return (local.get 2) (local.get 0) (local.get 3)))
  (func $nans (result v128)
    (f32x4.add (f64x2.sqrt (v128.const f64x2 -1 4)) (f32x4.mul (v128.const f32x4 inf 1 2 nan) (v128.const f32x4 0 1 2 3))))
  (func (export "main") (result i32)
    (call $swap (i32.const 3) (v128.const i32x4 1 2 3 4) (v128.const i32x4 5 6 7 8))
    (global.set $g)
    (drop)
    (drop)
    (v128.store offset=4 (i32.const 12) (global.get $g))
    (v128.store8_lane offset=1 15 (i32.const 40) (call $nans))
    (v128.store64_lane 1 (i32.const 48) (global.get $g))
    (v128.store (i32.const 64) (call $nans))
    (i32.load (i32.const 24))))`;

test('of vectors both halves are compared, and a wrong one is found', async () => {
  const wasm = await wasmOf(VECTORS);
  const program = await programOf(wasm);
  const input = new Uint8Array();
  const { history, found } = compare(wasm, program, input, traceOf(program, input));
  assert.equal(found, undefined);
  const { marks } = new Sites(program, decode(wasm));
  let stores = 0;
  for (let line = 0; line < history.lines; line++) {
    const tokens = marks[history.cursorOf(line)] & MARK.store && wronged(history, line, MARK.store);
    if (!tokens) continue;
    assert.equal(compare(wasm, program, input, tokens).line, line);
    stores++;
  }
  assert.equal(stores, 6);
});

test('a value that is wrong is found where it is an address, set, given or returned, and said', async () => {
  const wasm = await wasmOf(EVERYTHING);
  const program = await programOf(wasm);
  const input = Buffer.from('*');
  const tokens = traceOf(program, input);
  const { history } = compare(wasm, program, input, tokens);
  /** The difference when the value of the first line of an instruction is another. */
  const changed = (text: string): string => {
    for (let line = 0; line < history.lines; line++) {
      if (instructionText(program, history.cursorOf(line)) !== text) continue;
      const wrong = tokens.slice();
      const at = history.firstToken(line) - history.promptLength;
      wrong[at] = TOKEN.byte + ((wrong[at] - TOKEN.byte) ^ 1);
      return compare(wasm, program, input, wrong).found ?? 'none';
    }
    return `no ${text}`;
  };
  assert.equal(changed('i32.const 4'), 'the model stored 185 at 0x15, V8 stored 185 at 0x14');
  assert.equal(changed('i64.extend_i32_u'), 'the model called twice with 2 as argument 1, V8 with 3');
  assert.equal(changed('i64.const 70004'), 'the model called pair with 70005 as argument 2, V8 with 70004');
  assert.equal(changed('i64.const 70002'), 'the model set wide to 70003, V8 to 70002');
  assert.equal(changed('i32.const 30'), 'the model returned 31 from row, V8 returned 30');
});

for (const [name, wat] of [
  ...PROGRAMS,
  ['an exception that nothing catches', each('(call $throws (local.get $x)) (i32.const 1)')],
  [
    'globals that begin as functions',
    `(module (import "stepformer" "write_byte" (func $put (param i32)))
      (global $wide i64 (i64.const -5000000000)) (global $f funcref (ref.func $seven)) (global $none funcref (ref.null func))
      (table $t 1 funcref)
      (func $six (result i32) (i32.const 6)) (func $seven (result i32) (i32.const 7))
      (func (export "main") (result i32)
        (table.set $t (i32.const 0) (global.get $f)) (call $put (i32.wrap_i64 (global.get $wide)))
        (i32.add (call_indirect $t (result i32) (i32.const 0)) (ref.is_null (global.get $none)))))`,
  ],
] as const) {
  test(`compared to the end: ${name}`, async () => {
    const wasm = await wasmOf(wat);
    const program = await programOf(wasm);
    const none = new Uint8Array();
    const { history, found, line } = compare(wasm, program, none, traceOf(program, none));
    assert.equal(found, undefined, `line ${line}: ${found}`);
    assert.ok(history.end);
  });
}

test('a wrong end differs', async () => {
  const wasm = await wasmOf('(module (func (export "main") (result i32) (i32.const 6)))');
  const program = await programOf(wasm);
  const tokens = traceOf(program, new Uint8Array());
  const ends = (token: number) => compare(wasm, program, new Uint8Array(), [...tokens.slice(0, -1), token]).found;
  assert.equal(ends(TOKEN.halt), undefined);
  assert.equal(ends(TOKEN.trap + 1), 'the model trapped (integer divide by zero), V8 ended with exit code 6');
});

/** Calls itself so many times, with locals that V8 keeps on its stack. */
const recursion = (calls: number) => `(module
  (func $down (param $n i32) (result i32) (local i64 i64 i64 i64 f64 f64 f64 f64)
    (if (result i32) (i32.eqz (local.get $n))
      (then (i32.const 0))
      (else (i32.add (i32.const 1) (call $down (i32.sub (local.get $n) (i32.const 1)))))))
  (func (export "main") (result i32) (call $down (i32.const ${calls}))))`;

test('there is room in V8 for as many calls as in the machine, and what is deeper is no difference', async () => {
  for (const [calls, reason] of [
    [16_000, undefined],
    [20_000, 'call stack exhausted'],
  ] as const) {
    const wasm = await wasmOf(recursion(calls));
    const program = await programOf(wasm);
    const none = new Uint8Array();
    const { history, found } = compare(wasm, program, none, traceOf(program, none));
    assert.equal(history.end?.reason, reason);
    assert.equal(found, undefined);
  }
});

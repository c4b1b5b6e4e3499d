/** Runs over several contexts are what they are in one: tokens, values, output, ends, wherever a context is full. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { TraceFile } from '../../engine/cli/trace-file.ts';
import { PlacedError } from '../../engine/errors.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { type ContextRun, checkState, contextLength } from '../../engine/run/contexts.ts';
import type { Given } from '../../engine/run/run.ts';
import { stackOverflow } from '../../engine/run/stack-overflow.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { TABLE } from '../programs/table.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';
import { assertIsOracle, assertSame, runLong } from './long.ts';

const compiler = new Compiler();
after(() => compiler.dispose());

/** Tokens of the longest line. */
const LINE = 15;
/** Programs are run as far as so many tokens. */
const MOST = 150_000;
/** After so many contexts of the smallest size, one takes all that is left. */
const SMALLEST = 5;

/** A bit of everything that a machine holds, in few lines. */
const ALL = `(module
  (import "stepformer" "read_byte" (func $get (result i32)))
  (import "stepformer" "write_byte" (func $put (param i32)))
  (import "stepformer" "write_error" (func $complain (param i32)))
  (type $binary (func (param i64 i64) (result i64)))
  (memory 1 3)
  (data (i32.const 8) "\\05\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\07")
  (global $wide (mut i64) (i64.const -2))
  (global $real (mut f64) (f64.const 0.5))
  (table funcref (elem $sum $product))
  (func $sum (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func $product (param i64 i64) (result i64) (local $fresh i64)
    (local.set $fresh (i64.add (local.get $fresh) (i64.mul (local.get 0) (local.get 1))))
    (local.get $fresh))
  (func $down (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (i32.const 3) (call $down (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.load8_u (i32.const 30)))))
  (func (export "main") (result i32) (local $i i32) (local $x f32) (local $big i64)
    (local.set $big (i64.const 0x123456789abcdef0))
    (global.set $real (f64.const -1.25))
    (loop $again
      (i64.store (i32.const 100)
        (call_indirect (type $binary) (local.get $big) (global.get $wide) (i32.and (local.get $i) (i32.const 1))))
      (i32.store8 (i32.const 9) (local.get $i))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2))))
    (drop (memory.grow (i32.const 1)))
    (i32.store (i32.const 70000) (i32.const 77))
    (block $b (block $a (br_table $a $b (i32.const 0))) (call $complain (i32.const 33)))
    (call $put (call $get))
    (call $put (call $get))
    (drop (call $get))
    (local.set $x (f32.const 1.5))
    (i32.store8 (i32.const 8) (i32.const 0))
    (i32.add (i32.add (call $down (i32.const 2)) (memory.size)) (i32.load (i32.const 70000)))))`;

const all = await programOf(await wasmOf(ALL));

const oracleOf = (program: TokenProgram, input: Uint8Array = new Uint8Array(), most = Number.POSITIVE_INFINITY) => {
  const oracle = new Interpreter(program, input);
  oracle.run(most);
  return oracle;
};

describe('contexts', () => {
  test('a boundary at every line of a small program, and inside of lines', (t) => {
    const input = Buffer.from('ab');
    const oracle = oracleOf(all, input);
    const { run } = runLong(all, { input, length: () => Number.POSITIVE_INFINITY });
    const { history, promptLength } = run;
    assert.equal(oracle.lines, history.lines);
    for (let line = 1; line < history.lines; line++) {
      const at = history.firstToken(line) - promptLength + (line % 3);
      const length = (state: number, contexts: number) => (contexts === 0 ? state + at : Number.POSITIVE_INFINITY);
      const long = runLong(all, { input, length });
      assertIsOracle(long, oracle, `full after ${line} lines, ${at} tokens`);
      assert.equal(long.run.count, at < oracle.tokens ? 2 : 1);
    }
    t.diagnostic(`${oracle.tokens} tokens, ${oracle.lines} lines`);
  });

  test('a context for each line or two of it', (t) => {
    const input = Buffer.from('ab');
    const long = runLong(all, { input, length: (state) => state + LINE });
    assertIsOracle(long, oracleOf(all, input), 'smallest contexts');
    assert.ok(long.run.count > 50, `${long.run.count} contexts`);
    t.diagnostic(`${long.run.count} contexts, ${long.run.carriedTokens} tokens carried over`);
  });

  test('the plain pass goes on just so', () => {
    const input = Buffer.from('ab');
    const length = (state: number, contexts: number) => (contexts < 3 ? state + 150 : Number.POSITIVE_INFINITY);
    const long = runLong(all, { input, attention: 'hull', length });
    assert.equal(long.run.count, 4);
    assertIsOracle(long, oracleOf(all, input), 'plain pass');
  });

  for (const row of TABLE) {
    test(row.name, async () => {
      const { program, input } = await row.load(compiler);
      const most = row.name === 'examples/sudoku.c' ? 2 ** 20 + 2 ** 18 : MOST;
      const oracle = oracleOf(program, input, most);
      const budget = oracle.end === 'budget' ? oracle.tokens : Number.POSITIVE_INFINITY;
      const smallest = (state: number, contexts: number) =>
        contexts < SMALLEST ? state + Math.max(LINE, Math.floor(oracle.tokens / SMALLEST)) : Number.POSITIVE_INFINITY;
      const lengths = [smallest, (state: number) => Math.max(2 ** 16, 2 * state), () => 2 ** 20];
      for (const [i, length] of lengths.entries()) {
        if (i > 0 && oracle.tokens < length(0, 0)) continue;
        const long = runLong(program, { input, budget, length });
        assertIsOracle(long, oracle, `${row.name}, length ${i}`);
        if (oracle.tokens > 2 * LINE) assert.ok(long.run.count > 1, `length ${i}: ${long.run.count}`);
      }
    });
  }
});

describe('across a boundary', async () => {
  const deep = (depth: number) => `(module (memory 1) (global $g (mut i32) (i32.const 0))
    (func $down (param $n i32) (param $w i64) (result i64)
      (global.set $g (i32.add (global.get $g) (i32.const 1)))
      (if (result i64) (i32.eqz (local.get $n)) (then (local.get $w))
        (else (i64.add (i64.extend_i32_u (local.get $n))
          (call $down (i32.sub (local.get $n) (i32.const 1)) (i64.add (local.get $w) (i64.const 0x100000001)))))))
    (func (export "main") (result i32)
      (i32.wrap_i64 (i64.shr_u (call $down (i32.const ${depth}) (i64.const 1)) (i64.const 3)))))`;

  test('thousands of open calls, with their locals and operands', async () => {
    const program = await programOf(await wasmOf(deep(5000)));
    const oracle = oracleOf(program);
    const half = Math.floor(oracle.tokens / 2);
    const length = (state: number, contexts: number) => (contexts < 2 ? state + half - 7 : Number.POSITIVE_INFINITY);
    const long = runLong(program, { length });
    assertIsOracle(long, oracle, 'deep');
    assert.ok(long.run.carriedTokens > 5000 * 20, `${long.run.carriedTokens}`);
  });

  test('calls that become too many trap as they do in one context, and are told as an overflow', async () => {
    const program = await programOf(await wasmOf(deep(20_000)));
    const oracle = oracleOf(program);
    assert.equal(oracle.trap, 'call stack exhausted');
    const length = (state: number, contexts: number) => (contexts < 3 ? state + 300_000 : Number.POSITIVE_INFINITY);
    const { run, stop, tokens } = runLong(program, { length });
    assertSame(tokens, oracle.trace, 'overflow');
    assert.ok(run.count > 1 && stop.kind === 'ended');
    assert.match(`${stackOverflow(stop.end, run.history)}`, /stack overflow in down: 16,38\d calls are open/);
  });

  test('input that is given when it is wanted', () => {
    for (const typed of [[Buffer.from('ab')], [Buffer.from('a'), Buffer.from('bc')], []]) {
      const whole = runLong(all, { typed, length: () => Number.POSITIVE_INFINITY });
      const parts = runLong(all, { typed, length: (state) => state + LINE });
      assertSame(parts.tokens, whole.tokens, `typed ${typed.length}`);
      assert.ok(parts.run.count > 30);
      assert.deepEqual(parts.run.output.of('output'), whole.run.output.of('output'));
    }
  });

  test('bytes of input have their numbers of the run, in what is kept of it', async () => {
    // Between two pieces there is more than a context.
    const program = await programOf(
      await wasmOf(`(module (import "stepformer" "read_byte" (func $get (result i32))) (memory 1)
        (func (export "main") (result i32) (local $c i32) (local $i i32)
          (loop $more
            (local.set $i (i32.const 9))
            (loop $wait (br_if $wait (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
            (i32.store (i32.add (local.tee $c (call $get)) (i32.const 1)) (local.get $c))
            (br_if $more (i32.ge_s (local.get $c) (i32.const 0))))
          (i32.const 0)))`),
    );
    const typed = ['a', 'bcd', 'e'].map((text) => Buffer.from(text));
    const kept = (length: (state: number) => number) => {
      const file = join(tmpdir(), `stepformer-${process.pid}.trace`);
      const trace = new TraceFile(file);
      const given: Given[] = [];
      const keep = (run: ContextRun) => {
        trace.write(run);
        given.push(...run.givenTokens);
      };
      const { run, tokens } = runLong(program, { typed, length, leaving: keep });
      keep(run);
      trace.close();
      const text = readFileSync(file, 'utf8');
      rmSync(file);
      return { text, tokens, given, position: run.position, contexts: run.count };
    };
    const { contexts: one, ...whole } = kept(() => Number.POSITIVE_INFINITY);
    const { contexts: many, ...parts } = kept((state) => state + 60);
    assert.deepEqual(parts, whole);
    assert.ok(one === 1 && many > 5, `${many}`);
    assert.match(whole.text, /^input 04 00 00 00 65 edit_commit$/m);
    assert.equal(whole.given.length, 4);
  });

  test('the budget is of the run, wherever its contexts end', () => {
    for (const budget of [1, 14, 15, 16, 299, 300, 301]) {
      const { run, stop, tokens } = runLong(all, { budget, length: (state) => state + 30 });
      assert.deepEqual(stop, { kind: 'budget', tokens: budget });
      assert.deepEqual([run.generated, tokens.length], [budget, budget]);
    }
  });
});

describe('what does not fit', async () => {
  const program = await programOf(await wasmOf('(module (func (export "main") (loop (br 0))))'));

  test('a context that has no room for a line ends the run, with what there is', () => {
    const { run, stop } = runLong(program, { length: (state, contexts) => state + (contexts === 0 ? 100 : 2) });
    assert.ok(stop.kind === 'failed' && stop.error instanceof PlacedError);
    assert.match(stop.error.message, /no line/);
    assert.ok(run.generated > 80);
    run.advance(1000);
    assert.equal(run.stop, stop);
  });

  test('a state that no prompt can hold is refused with both numbers', () => {
    const data = [{ address: 0, bytes: new Uint8Array(2 ** 25) }];
    checkState({ ...program, data: [] }, 100);
    assert.throws(() => checkState({ ...program, data }, 100), /33,554,432 bytes .* 33,554,432 tokens/s);
  });

  test('contexts are twenty times as long as what they state again, up to the limit of positions', () => {
    assert.deepEqual(
      [10, 2 ** 20, 2 ** 22].map((state) => contextLength(state)),
      [2 ** 24, 20 * 2 ** 20, 2 ** 26],
    );
    assert.equal(
      contextLength(encodePrompt(program, new Uint8Array()).length, 2 ** 12),
      20 * encodePrompt(program, new Uint8Array()).length,
    );
  });
});

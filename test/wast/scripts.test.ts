/** Scripts of the specification's form run in the model, and what is said of claims that do not hold. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { type RunnerOptions, runScript } from '../../engine/wast/runner.ts';
import { modelFiles } from '../../engine/weights/build.ts';

let options: RunnerOptions;
let model: Model;

before(async () => {
  model = Model.load(modelFiles());
  options = { generator: () => Kernel.create(model), helpers: await loadHelpers(), budget: 60_000_000 };
});

/** Our own scripts, and the specification's where they are at hand. */
const FOLDERS = [join(import.meta.dirname, 'scripts'), process.env.WAST_DIR ?? join(process.cwd(), '../shared/wast')];

for (const folder of FOLDERS.filter(existsSync)) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.wast'))) {
    test(`${name}: every claim holds`, async (context) => {
      const { passed, failures, skipped } = await runScript(readFileSync(join(folder, name), 'utf8'), name, options);
      assert.deepEqual(failures, []);
      assert.deepEqual(skipped, []);
      assert.ok(passed > 0);
      context.diagnostic(`${passed} claims`);
    });
  }
}

const TEN = '(module (func (export "ten") (result i32) (i32.const 10)) (func (export "trap") (unreachable)))';

test('claims that do not hold are failures, with line, what was expected and what came', async () => {
  const script = `${TEN}
(assert_return (invoke "ten") (i32.const 10))
(assert_return (invoke "ten") (i32.const 11))
(assert_return (invoke "ten") (i64.const 10))
(assert_return (invoke "ten"))
(assert_return (invoke "trap"))
(assert_trap (invoke "ten") "unreachable")
(assert_trap (invoke "trap") "integer overflow")
(assert_exhaustion (invoke "ten") "call stack exhausted")
(assert_unlinkable (module (func)) "unknown import")
(invoke "trap")`;
  const report = await runScript(script, 'x.wast', options);
  assert.equal(report.passed, 1);
  assert.equal(report.failed, 9);
  assert.deepEqual(report.skipped, []);
  assert.deepEqual(
    report.failures.map(({ line }) => line),
    [3, 4, 5, 6, 7, 8, 9, 10, 11],
  );
  assert.deepEqual(report.failures[0], { line: 3, expected: 'i32 11', got: 'i32 10' });
  assert.deepEqual(report.failures[3], { line: 6, expected: 'no results', got: 'trap: unreachable' });
});

test('claims about NaNs look at their payload', async () => {
  const script = `(module (func (export "f") (result f32) (f32.const nan:0x200000)))
(assert_return (invoke "f") (f32.const nan:0x200000))
(assert_return (invoke "f") (f32.const nan:canonical))
(assert_return (invoke "f") (f32.const nan:arithmetic))
(assert_return (invoke "f") (f32.const -nan:0x200000))`;
  const { passed, failed } = await runScript(script, 'x.wast', options);
  assert.deepEqual({ passed, failed }, { passed: 1, failed: 3 });
});

test('what the machine cannot have is skipped, with the reason', async () => {
  const script = `(module (memory 1 1 shared) (func (export "f") (result i32) (i32.atomic.load (i32.const 0))))
(assert_return (invoke "f") (ref.i31))
(assert_return (invoke "f"))
${TEN}
(assert_return (invoke "ten") (ref.i31))
(assert_return (invoke "eleven") (i32.const 11))
(assert_return (get "ten") (i32.const 10))
(module (import "env" "ten" (func $ten (result i32))) (func (export "g") (result i32) (call $ten)))
(assert_return (invoke "g") (i32.const 10))`;
  const { passed, failed, skipped } = await runScript(script, 'x.wast', options);
  assert.deepEqual({ passed, failed }, { passed: 0, failed: 0 });
  const reasons = [
    /threads/,
    /ref.i31/,
    /line 1 cannot be run: .*threads/,
    /ref.i31/,
    /function "eleven"/,
    /global "ten"/,
  ];
  reasons.push(/unknown import env.ten/, /line 8/);
  assert.equal(skipped.length, reasons.length);
  for (const [i, reason] of reasons.entries()) assert.match(skipped[i].reason, reason);
});

test('a claim that needs more memory than the machine has is skipped, and no other', async () => {
  const script = `(module $m (memory (export "m") 0) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
(assert_return (invoke "grow" (i32.const 0x10001)) (i32.const -1))
(assert_return (invoke "grow" (i32.const 2)) (i32.const 1))
(assert_return (invoke "grow" (i32.const 0)) (i32.const 2))
(assert_return (invoke "grow" (i32.const 1100)) (i32.const 2))
(assert_return (invoke "grow" (i32.const 0)) (i32.const 1102))
(register "m")
(module (memory (import "m" "m") 0) (func (export "size") (result i32) (memory.size)))
(assert_return (invoke "size") (i32.const 1102))`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', options);
  assert.equal(passed, 2);
  assert.deepEqual(failures, [{ line: 3, expected: 'i32 1', got: 'i32 0' }]);
  const reason = 'memory was to grow to 1102 pages, and the machine has 1024';
  assert.deepEqual(
    skipped,
    [5, 6, 9].map((line) => ({ line, reason })),
  );
});

test('modules of version 1.0 and of others are told apart', async () => {
  const script = `(assert_invalid (module (type (func (result i32 i32)))) "invalid result arity")
(assert_invalid (module (func (block (result f64) (block (result f32) (unreachable) (br_table 0 1 (i32.const 1))) (drop) (f64.const 0)) (drop))) "type mismatch")
(assert_invalid (module (func (block (block (br_table 0 1 2 (i32.const 1)))))) "it is valid")
(module (table $t 2 funcref) (elem $t (i32.const 0) $f) (elem $t (i32.const 1) $f) (func $f (result i32) (i32.const 4))
  (func (export "f") (result i32) (call_indirect (result i32) (i32.const 1))))
(assert_return (invoke "f") (i32.const 4))
(module (func (param (ref null func))))
(module (func (param (ref i31))))
(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))
(module binary "\\00asm\\01\\00\\00\\00\\04\\04\\01\\70\\00\\00\\09\\08\\01\\80\\80\\00\\41\\00\\0b\\00")
(assert_return (invoke "g"))`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', options);
  assert.deepEqual(failures, []);
  assert.equal(passed, 3);
  const reasons = [
    /wabt takes/,
    /typed function references/,
    /garbage collection/,
    /threads/,
    /no exported function "g"/,
  ];
  assert.equal(skipped.length, reasons.length);
  for (const [i, reason] of reasons.entries()) assert.match(skipped[i].reason, reason);
});

test('what is skipped makes nothing else fail', async () => {
  const script = `(module $m (memory (export "mem") 1) (global $g (mut i32) (i32.const 1))
  (func (export "load") (result i32) (i32.load8_u (i32.const 0)))
  (func (export "next") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g)))
(register "m" $m)
(assert_return (invoke "next") (i32.const 2))
(assert_unlinkable (module (import "m" "next" (func))) "incompatible import type")
(module $n (import "m" "next" (func $f (result i32)))
  (func (export "again") (result i32) (i32.atomic.load (call $f))) (memory 1 1 shared))
(assert_return (invoke $m "next") (i32.const 3))
(assert_return (invoke $n "again") (i32.const 4))
(invoke $n "again")
(assert_return (invoke $m "next") (i32.const 5))
(module $j (import "m" "next" (func $f (result i32))) (func (export "again") (result i32) (call $f)))
(assert_return (invoke $j "again") (i32.const 6))
(module $k (memory (export "mem") 1) (func (export "load") (result i32) (i32.load8_u (i32.const 0))))
(register "k" $k)
(assert_return (invoke $k "load") (i32.const 0))
(module (memory (import "k" "mem") 1) (table (export "t") 100000 externref) (data (i32.const 0) "z")
  (func (export "f") (drop (table.size 0))))
(assert_return (invoke $k "load") (i32.const 122))
(module $v (memory 1 1 shared) (func (export "v") (result i32) (i32.atomic.load (i32.const 0))))
(register "v" $v)
(assert_unlinkable (module (import "v" "v" (func (result i32)))) "incompatible import type")
(module (import "v" "v" (func (result i32))))`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', options);
  assert.deepEqual(failures, []);
  assert.deepEqual(
    { passed, lines: skipped.map(({ line }) => line) },
    { passed: 4, lines: [7, 10, 11, 12, 14, 18, 20, 21, 22, 23, 24] },
  );
});

test('a call beyond the budget of tokens is a failure, and what is asked of that instance then is not run', async () => {
  const script = `(module $a (func (export "loop") (loop (br 0))) (func (export "f")) (global (export "g") i32 (i32.const 4)))
(assert_return (invoke "f"))
(assert_return (invoke "loop"))
(assert_return (invoke "f"))
(assert_return (get "g") (i32.const 4))
(register "a")
(module (import "a" "f" (func)))
(module (func $s (loop (br 0))) (start $s) (func (export "f")))
(assert_return (invoke "f"))
(module (func (export "f")))
(assert_return (invoke "f"))`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', { ...options, budget: 5000 });
  const got = 'the budget of 5,000 tokens is used up';
  assert.deepEqual(failures, [
    { line: 3, expected: 'no results', got },
    { line: 8, expected: 'an instance', got },
  ]);
  const reasons = skipped.map(({ line, reason }) => `${line}: ${reason}`);
  const after3 = `not run: the call of line 3 did not end (${got})`;
  assert.deepEqual(reasons, [
    `4: ${after3}`,
    `5: ${after3}`,
    `6: ${after3}`,
    `7: it imports from a: ${after3}`,
    `9: not run: the call of line 8 did not end (${got})`,
  ]);
  assert.equal(passed, 2);
});

test('alternatives may be vectors, which are two values', async () => {
  const script = `(module (func (export "f") (param v128) (result i32 v128) (i32.const 5) (local.get 0)))
(assert_return (invoke "f" (v128.const i32x4 1 2 3 4)) (i32.const 5) (either (v128.const i32x4 1 2 3 5) (v128.const i32x4 1 2 3 4)))
(assert_return (invoke "f" (v128.const i32x4 1 2 3 4)) (either (i32.const 4) (i32.const 5)) (v128.const i32x4 1 2 3 4))
(assert_return (invoke "f" (v128.const i64x2 1 2)) (i32.const 5) (either (v128.const i64x2 1 3) (v128.const i64x2 2 2)))
(assert_return (invoke "f" (v128.const i64x2 1 2)) (either (v128.const i64x2 1 2)))`;
  const { passed, failures } = await runScript(script, 'x.wast', options);
  assert.equal(passed, 2);
  assert.deepEqual(
    failures.map(({ line }) => line),
    [4, 5],
  );
});

test('identifiers in quotes and annotations: as everywhere in text, and in the script itself', async () => {
  const script = String.raw`(@a (b "(") ";;") ((@x) module (@"y z" ;;)
) $"a b" (func $"f f" (export "f") (result i32) (i32.const 4)) (func $f_f (export "g") (result i32) (call $"f f")))
(module $"c" (func $"d" (export "d") (result i32) (i32.const 5)) (func (export "e") (result i32) (call $d)))
(assert_return (invoke $"\61 b" "g") (i32.const 4))
(assert_return (invoke $c "e") (i32.const 5))
(assert_malformed (module quote "(func $)") "empty identifier")
(assert_malformed (module quote "(@a ä)") "illegal character")
(assert_malformed (module quote "(func (block $l (i32.const 0) (br_table $\"l\"0)))") "unknown operator")
(assert_malformed (module quote "(func (block $l (i32.const 0) (br_table $\"l\"$l)))") "unknown operator")
(assert_malformed (module quote "(@\"\\ef\")") "malformed UTF-8 encoding")
(assert_malformed (module quote "(@a (func)") "unclosed annotation")
(module quote "(@a (func $))")`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', options);
  assert.deepEqual({ passed, failures, skipped }, { passed: 8, failures: [], skipped: [] });
});

test('instances of a definition have a state each; a table may begin with nothing', async () => {
  const script = `(module definition $M (global (export "g") (mut i32) (i32.const 0))
  (table (export "t") 2 funcref (ref.null func)) (func (export "set") (global.set 0 (i32.const 1)) (table.set (i32.const 1) (ref.func 0))))
(module instance $I $M)
(module instance $J $M)
(register "I" $I)
(register "J" $J)
(module (import "I" "set" (func)) (import "J" "t" (table 2 funcref)) (func (export "f") (result i32) (call 0) (ref.is_null (table.get (i32.const 1)))))
(assert_return (invoke "f") (i32.const 1))
(assert_return (get $I "g") (i32.const 1))
(assert_return (get $J "g") (i32.const 0))`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', options);
  assert.deepEqual({ passed, failures, skipped }, { passed: 3, failures: [], skipped: [] });
});

test('what is said to be wrong and is refused for what is not supported is not judged', async () => {
  const script = `(assert_invalid (module (type $s (struct)) (func (struct.get $s 0 (i32.const 0)))) "unknown field")
(assert_malformed (module quote "(func (param (ref null $t)))") "unknown type")
(assert_invalid (module (memory 1) (func (i64.add128) (i32.add))) "type mismatch")
(assert_invalid (module (memory i64 1) (func (drop (i32.load (i32.const 0))))) "type mismatch")
(assert_invalid (module (func (i32.add))) "type mismatch")
(assert_invalid (module (table 1 funcref) (table 1 funcref)) "multiple tables")
(assert_invalid (module (memory 1) (memory 1)) "multiple memories")
(assert_invalid (module (func $f) (table funcref (elem $f)) (func (call_indirect))) "type mismatch")`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', options);
  assert.deepEqual(failures, []);
  assert.deepEqual(
    skipped.map(({ line, reason }) => `${line} ${/uses ([^,]*),/.exec(reason)?.[1]}`),
    ['1 garbage collection', '2 typed function references', '3 wide arithmetic'],
  );
  assert.equal(passed, 5);
});

test('a reason names the proposal and the line, where that is another one than the command begins in', async () => {
  const script = `(module
  (func (param (ref null func))))
(module (table 2 funcref (ref.func 0)) (func))
(register "a")
(module (import "a" "f" (func)))
(assert_return (invoke "f") (ref.struct))
(assert_trap (invoke "f" (ref.null any)) "")`;
  const { skipped } = await runScript(script, 'x.wast', options);
  const reasons = [
    /^line 2: .*typed function references, which is not supported/,
    /^the module uses tables with an initial value \(typed function references\), which is not supported/,
    /^the module of line 3 cannot be run: .*initial value/,
    /^it imports from a: the module of line 3 cannot be run: .*initial value/,
    /^there is no value \(ref.struct\) here: garbage collection, which is not supported/,
    /^there is no value \(ref.null any\) here: garbage collection, which is not supported/,
  ];
  assert.equal(skipped.length, reasons.length);
  for (const [i, reason] of reasons.entries()) assert.match(skipped[i].reason, reason);
});

test('a command that is not understood is skipped by itself', async () => {
  const script = `${TEN}
(assert_return (invoke "ten") (i32.const ten))
(assert_return (invoke ten) (i32.const 10))
(assert_return_any (invoke "ten"))
(assert_return (invoke "ten") (i32.const 10))
(assert_trap (invoke "trap"))
(assert_trap (invoke "ten"))`;
  const { passed, failures, skipped } = await runScript(script, 'x.wast', options);
  assert.equal(passed, 2);
  assert.deepEqual(failures, [{ line: 7, expected: 'a trap', got: 'i32 10' }]);
  assert.deepEqual(skipped, [
    { line: 2, reason: 'ten is no i32 in (i32.const ...) of line 2' },
    { line: 3, reason: 'a string is expected in (invoke ...) of line 3' },
    { line: 4, reason: 'there is no assert_return_any here' },
  ]);
});

test('what is no script is an error with its line and column', async () => {
  const cases: [string, RegExp][] = [
    ['(module\n(func)', /without its `\)`/],
    ['(module))', /without its `\(`/],
    ['(module)\n"', /string/],
    ['(module)\nword', /command in parentheses/],
  ];
  for (const [script, pattern] of cases) {
    await assert.rejects(
      runScript(script, 'x.wast', options),
      (error: Error & { place?: { line?: number; column?: number } }) => {
        assert.match(error.message, pattern);
        assert.ok(error.place?.line && error.place.column, script);
        return true;
      },
    );
  }
});

test('the plain forward pass says the same', async () => {
  const reference = { ...options, generator: () => new Transformer(model, 'hull') };
  const script = `(module (memory 1) (global $g (export "g") (mut i64) (i64.const 1))
  (func (export "store") (param i32 i64) (i64.store (local.get 0) (local.get 1)) (global.set $g (local.get 1)))
  (func (export "load") (param i32) (result i64) (i64.load (local.get 0))))
(assert_return (invoke "store" (i32.const 8) (i64.const -5)))
(assert_trap (invoke "store" (i32.const 65533) (i64.const -6)) "out of bounds memory access")
(assert_return (invoke "load" (i32.const 8)) (i64.const -5))
(assert_return (get "g") (i64.const -5))`;
  const { passed, failures } = await runScript(script, 'x.wast', reference);
  assert.deepEqual(failures, []);
  assert.equal(passed, 4);
});

/** The operators of a text against those of its bytes, one by one, and the names of what is declared. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { OPERATORS, operatorName } from '../../engine/toolchain/decode/operators.ts';
import { parseScript } from '../../engine/wast/script.ts';
import { readFunctions } from '../../engine/wat/functions.ts';
import { watToWasm } from '../../engine/wat/wat.ts';

const NAMES = new Set(OPERATORS.map(({ name }) => name));
const read = (text: string) => readFunctions(text, (word) => NAMES.has(word));

/** Operators of each function of the text and of the bytes that wabt makes of it. */
async function both(text: string, name: string) {
  const { functions } = decode(await watToWasm(text, name), name);
  const bytes = functions.map(({ codes }) => [...codes].map(operatorName));
  return { bytes, text: read(text).functions.map(({ operators }) => operators.map((operator) => operator.name)) };
}

/** Our own scripts, and the specification's where they are at hand. */
const FOLDERS = [
  join(import.meta.dirname, '../wast/scripts'),
  process.env.WAST_DIR ?? join(process.cwd(), '../shared/wast'),
];

for (const folder of FOLDERS.filter(existsSync)) {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.wast'))) {
    test(`${name}: the operators of every module's text are those of its bytes`, async (context) => {
      let operators = 0;
      for (const command of parseScript(readFileSync(join(folder, name), 'utf8'), name)) {
        if (command.kind !== 'module' || command.source.kind !== 'text') continue;
        const { text: source } = command.source;
        const found = await both(source, `${name}:${command.line}`).catch((error) => {
          if (error instanceof PlacedError) return undefined;
          throw error;
        });
        if (!found) continue;
        assert.deepEqual(found.text, found.bytes, `${name}:${command.line}`);
        operators += found.text.flat().length;
      }
      assert.ok(operators > 0);
      context.diagnostic(`${operators} operators`);
    });
  }
}

/** Every way of writing that changes the order or the number of operators. */
const FORMS = `(module $forms
  (import "env" "a" (func $a (param i32)))
  (func $b (import "env" "b") (result i32))
  (import "env" "g" (global $g i32))
  (type $two (func (param i32 i32) (result i32 i32)))
  (table 1 funcref)
  (memory (export "memory") 1)
  (global $h (mut i64) (i64.const 7))
  (elem (i32.const 0) func $folded)
  (func $folded (export "folded") (export "again") (param $x i32) (param f32 f32) (result i32)
    (local $y i32) (local i64 i64) (local $z f64)
    ;; (i32.const 1) in a comment (; and (drop) here ;)
    (if (result i32) (i32.eqz (local.get $x)) (then (i32.const 1)) (else (i32.add (local.get $x) (call $b)))))
  (func (if (i32.const 1) (then)) (if (i32.const 1) (then) (else)) (if (i32.const 0) (then) (else nop)))
  (func $flat (result i32)
    i32.const 1 if (result i32) i32.const 2 else i32.const 3 end
    i32.const 1 if else end
    block $l (result i32) loop $m i32.const 0 br 1 end unreachable end drop
    (block $n (br_table $n 0 0 (i32.const 1)))
    (select (result i32) (i32.const 1) (i32.const 2) (i32.const 3)) drop)
  (func (type $two) (call_indirect (type $two) (local.get 0) (local.get 1) (i32.const 0)))
  (func (result f32 f64) f32.const nan:0x200000 (f64.const -inf) return)
  (func (if (block (result i32) (call $a (i32.const 2)) (i32.const 1)) (then (loop (br_if 0 (i32.const 0))))))
  (func (param i32) (i32.store offset=4 align=1 (i32.const 0) (memory.grow (i32.const 0)))
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) memory.size drop)
  (func))`;

/** The same of exceptions: folded, what catches is parts of a `try` and clauses of a `try_table`. */
const THROWING = `(module (tag $t (param i32)) (tag $none)
  (func $folded (result i32)
    (try $l (result i32) (do (throw $t (i32.const 1))) (catch $t (rethrow $l)) (catch_all (i32.const 3))))
  (func (try (do (try $in (do (throw $none)) (delegate 0)) (nop)) (catch_all)) (try (do)) (try (do nop) (delegate 0)) nop)
  (func $flat (result i32)
    try (result i32) i32.const 1 catch $t try nop delegate 0 catch_all i32.const 2 end)
  (func (block $all (try_table (catch $none $all) (catch_all 0) (call $folded) (drop))))
  (func block $all try_table (catch $none $all) (catch_all 0) (try (do nop) (catch $none nop)) end end))`;

test('exceptions, folded, flat and mixed', async () => {
  const found = await both(THROWING, 'throwing.wat');
  assert.deepEqual(found.text, found.bytes);
  assert.equal(found.text.length, 5);
});

test('folded, flat and mixed forms, inline imports and exports, comments, empty elses', async () => {
  const found = await both(FORMS, 'forms.wat');
  assert.deepEqual(found.text, found.bytes);
  assert.equal(found.text.length, 8);
});

test('names of functions, parameters, locals and globals, with holes for those without', () => {
  const { functions, globals } = read(FORMS);
  const [folded] = functions;
  assert.equal(folded.name, '$folded');
  assert.deepEqual(folded.parameters, ['$x', '', '']);
  assert.deepEqual(folded.locals, ['$y', '', '', '$z']);
  assert.deepEqual(globals, ['$g', '$h']);
});

test('an operator stands where it is written; the end of a list is its parenthesis', () => {
  const text = '(func (param i32) (if (local.get 0)\n  (then nop)))';
  const places = read(text).functions[0].operators.map(({ name, start, end }) => [name, text.slice(start, end)]);
  assert.deepEqual(places, [
    ['local.get', 'local.get'],
    ['if', 'if'],
    ['nop', 'nop'],
    ['end', ')'],
    ['end', ')'],
  ]);
});

test('text in the middle of being typed gives something, and no error', () => {
  for (let length = 0; length < FORMS.length; length += 7)
    assert.ok(read(FORMS.slice(0, length)).functions.length >= 0);
});

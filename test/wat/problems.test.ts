/** Mistakes in WebAssembly text: all of them are found, each at its place, and nothing that follows from them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { watToWasm } from '../../engine/wat/wat.ts';
import { PROGRAMS } from '../toolchain/lower-programs.ts';

/** `line:column message` of each problem. */
async function problemsOf(text: string): Promise<string[]> {
  try {
    await watToWasm(text, 'a.wat');
    return [];
  } catch (error) {
    assert.ok(error instanceof PlacedError, String(error));
    for (const { place } of error.problems) assert.equal(place.file, 'a.wat');
    return error.problems.map(({ message, place }) => `${place.line}:${place.column} ${message}`);
  }
}

function expectProblems(found: readonly string[], expected: readonly RegExp[]): void {
  assert.equal(found.length, expected.length, found.join('\n'));
  for (const [i, pattern] of expected.entries()) assert.match(found[i], pattern);
}

test('five mistakes in five functions', async () => {
  const text = `(module
  (func $instruction i32.cost 3 drop)
  (func $local (drop (local.get $nowhere)))
  (func $callee (call $nobody))
  (func $types (drop (i32.add (i32.const 1) (f64.const 2))))
  (func $open (drop (i32.const 1))
  (func (export "main") nop)
)`;
  expectProblems(await problemsOf(text), [
    /^2:22 .*i32\.cost/,
    /^3:33 undefined local variable "\$nowhere"/,
    /^4:23 undefined function variable "\$nobody"/,
    /^5:23 type mismatch in i32\.add/,
    /^6:3 a `\(` without its `\)`/,
  ]);
});

test('five mistakes in one function', async () => {
  const text = `(func (export "main") (result i32)
  i32.cost 3
  local.get $nowhere
  call $nobody
  (if (i32.const 1) (then (br $away)))
  (drop (i64.eqz (i32.const 1)))
  i32.const 5)`;
  expectProblems(await problemsOf(text), [
    /^2:3 .*i32\.cost/,
    /^3:13 .*"\$nowhere"/,
    /^4:8 .*"\$nobody"/,
    /^5:31 undefined label variable "\$away"/,
    /^6:10 type mismatch in i64\.eqz/,
  ]);
});

test('mistakes outside of functions, and none in what uses them', async () => {
  const text = `(module
  (type $t (func (param i33)))
  (fnc $unknown)
  (memory 1 many)
  (global $g i32 (i32.const))
  (data (i32.const 0) "a\\zz")
  (func $wrong (param i31) (result i32) (i32.const 1))
  (func $typed (type $t) nop)
  (func (export "main") (call $unknown) (call $wrong (global.get $g)) (call $typed (i32.const 1)) (call 99))
)`;
  expectProblems(await problemsOf(text), [
    /^2:25 .*i33/,
    /^3:4 .*fnc/,
    /^4:13 .*many/,
    /^5:28 .*numeric literal/,
    /^6:23 bad escape/,
    /^7:23 .*i31/,
    /^9:105 function variable out of range/,
  ]);
});

test('blocks and parentheses that do not match do not hide the functions behind them', async () => {
  const text = `(module
  (func $a block nop)
  (func $b nop end)
  (func $c else)
  (func $d (block $x nop end $y))
  (func $e (if (i32.const 1)))
  (func $f nop))
  (func $g drop)
)`;
  expectProblems(await problemsOf(text), [
    /^2:21 .*expected end/,
    /^3:16 unexpected token end/,
    /^4:12 unexpected token else/,
    /^5:26 unexpected token end/,
    /^6:29 unexpected token \)/,
    /^7:16 a `\)` without its `\(`/,
    /^8:12 type mismatch in drop/,
  ]);
});

test('definitions that are there twice', async () => {
  const text = `(module
  (func $f) (func $f (param i32))
  (export "a" (func $f)) (export "a" (func $f))
  (func (export "main") (call $f) (i32.const 1))
)`;
  expectProblems(await problemsOf(text), [/^2:14 redefinition/, /^3:27 duplicate export/, /^4:\d+ type mismatch/]);
});

test('a name that is wrong in one space of names says nothing of another', async () => {
  const text = `(module
  (global $x i33 (i32.const 0)) (func $x (param i33)) (func $y) (toString $z)
  (global $y i32 (i64.const 1))
  (func (export "main") (call $y) (drop (global.get $y)) (drop) (call $x))
)`;
  expectProblems(await problemsOf(text), [
    /^2:\d+ .*i33/,
    /^2:\d+ .*i33/,
    /^2:65 /,
    /^3:19 type mismatch/,
    /^4:59 type mismatch in drop/,
  ]);
});

test('strings and comments without end', async () => {
  expectProblems(await problemsOf('(module (data "abc)\n (func drop))'), [
    /^1:15 a string that does not end/,
    /^2:8 type mismatch/,
  ]);
  expectProblems(await problemsOf('(module (func drop)\n) (; x'), [
    /^1:15 type mismatch/,
    /^2:3 a comment that does not end/,
  ]);
});

test('columns count UTF-16 units whatever stands before', async () => {
  const text = '(module (func (export "äöü𝄞") (drop (local.get $a))) (; 𝄞 ;) (func $b drop))';
  const found = await problemsOf(text);
  expectProblems(found, [/"\$a"/, /type mismatch in drop/]);
  assert.deepEqual(
    found.map((problem) => problem.split(' ')[0]),
    [`1:${text.indexOf('$a') + 1}`, `1:${text.lastIndexOf('drop') + 1}`],
  );
});

test('a module of thousands of mistakes is answered, with a hundred of them', async () => {
  const functions = Array.from({ length: 3000 }, (_, i) => `(func (drop (local.get $x${i})) (bogus))`);
  const found = await problemsOf(`(module\n${functions.join('\n')})`);
  assert.ok(found.length === 100, `${found.length}`);
});

test('a mistake put into any function of a program is found in its line', async () => {
  let tried = 0;
  for (const { name, wat } of PROGRAMS) {
    const place = /\b(?:i32\.const|local\.get|i32\.add|nop|drop)\b/.exec(wat);
    if (!place) continue;
    const broken = `${wat.slice(0, place.index)}i32.cost${wat.slice(place.index + place[0].length)}`;
    const found = await problemsOf(broken);
    const line = wat.slice(0, place.index).split('\n').length;
    assert.ok(
      found.some((problem) => problem.startsWith(`${line}:`)),
      `${name}: ${found.join('\n')}`,
    );
    tried++;
  }
  assert.ok(tried > 30, `${tried}`);
});

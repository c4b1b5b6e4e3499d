/** WebAssembly text in the language server: wabt's errors, what the machine cannot run, hovers and the outline. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Diagnostic } from 'vscode-languageserver/node';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { operatorName } from '../../engine/toolchain/decode/operators.ts';
import { scanWat } from '../../engine/wat/scanner.ts';
import { watFunctions } from '../../extension/language-server/wat-functions.ts';
import { PROGRAMS } from '../toolchain/lower-programs.ts';
import { wasmOf } from '../toolchain/wat.ts';
import { Client } from './client.ts';

let client: Client;
before(async () => {
  client = await Client.source();
});
after(async () => {
  assert.equal(await client.end(), 0);
  assert.deepEqual(client.logged, []);
});

let documents = 0;
async function open(text: string, suffix = 'wat') {
  const uri = `file:///text-${documents++}.${suffix}`;
  return { uri, diagnostics: await client.open(uri, 'wat', text) };
}

const short = ({ range, message, severity }: Diagnostic) =>
  `${severity === 1 ? 'error' : 'warning'} ${range.start.line}:${range.start.character}-${range.end.character} ${message}`;

const GOOD = `(module
  (import "stepformer" "write_byte" (func $put (param i32)))
  (func $three (result i32) i32.const 3)
  (func (export "_start") (call $put (i32.add (call $three) (i32.const -0x20)))))
`;

test('a module that runs has no diagnostics', async () => {
  assert.deepEqual((await open(GOOD)).diagnostics.map(short), []);
});

test("wabt's errors are at the word they are about", async () => {
  const { uri, diagnostics } = await open('(module\n  (func (export "main")\n    i32.cost 3))');
  assert.equal(diagnostics.length, 1);
  assert.match(short(diagnostics[0]), /^error 2:4-12 .*unexpected token i32\.cost/);
  await client.change(uri, 2, 4, 12, 'i32.const');
  assert.match(short((await client.diagnostics(uri))[0]), /^error \d:\d+-\d+ type mismatch/);
  await client.change(uri, 2, 13, 16, ' 3 drop)');
  assert.deepEqual(await client.diagnostics(uri), []);
});

test('every mistake of a text is a diagnostic at its word', async () => {
  const { diagnostics } = await open(`(module
  (func (i32.cost 3))
  (func (drop (local.get $nowhere)))
  (func (call $nobody))
  (func (drop (i32.add (i32.const 1) (f64.const 2))))
  (func (drop))
)`);
  assert.deepEqual(
    diagnostics.map((diagnostic) => short(diagnostic).split(' ').slice(0, 2).join(' ')),
    ['error 1:9-17', 'error 2:25-33', 'error 3:14-21', 'error 4:15-22', 'error 5:9-13'],
  );
});

test('what of several imports and instructions the machine does not have is each at its own', async () => {
  const { diagnostics } = await open(`(module
  (import "env" "one" (global i32))
  (func $two (import "env" "two"))
  (import "env" "three" (memory 1))
  (elem func $two)
  (table 1 funcref)
  (func (export "main") (drop (table.size 0)) (call $two) (call $two)))`);
  assert.deepEqual(
    diagnostics.map((diagnostic) =>
      short(diagnostic)
        .replace(/ This program needs .*: | \(only .*/g, ' ')
        .trimEnd(),
    ),
    [
      'warning 1:16-21 the imported global env.one.',
      'warning 3:16-23 the imported memory env.three.',
      'warning 6:47-51 the import env.two',
    ],
  );
});

test('columns count characters, not bytes', async () => {
  const { diagnostics } = await open('(module (; äöü𝄞 ;) (func i32.cost))');
  assert.match(short(diagnostics[0]), /^error 0:26-34 /);
  assert.deepEqual((await open('(module (func (export "main")) (func (export "äöü𝄞")))')).diagnostics, []);
});

test('what the machine does not have is a warning at its instruction', async () => {
  const text = `(module (func $f (export "main")
    (block (if (i32.const 1) (then nop) (else)))
    (drop (i32.add (i32.const 1) (i32.atomic.load (i32.const 0)))))
    (memory 1 1 shared))`;
  const refused = await open(text);
  assert.equal(refused.diagnostics.length, 1);
  assert.match(short(refused.diagnostics[0]), /threads/);

  const wasi = await open(`(module (import "env" "other" (func $other))
  (func (export "main") call $other))`);
  assert.equal(wasi.diagnostics.length, 1);
  assert.match(short(wasi.diagnostics[0]), /^warning 1:24-28 .*: the import env\.other /);

  const none = await open('(module (func $f))');
  assert.match(short(none.diagnostics[0]), /^warning 0:1-7 .*exports no function/);
});

test('a global that nobody can compute is a warning where it is read', async () => {
  const { diagnostics } = await open(`(module
  (import "env" "base" (global $base i32)) (global $derived i32 (global.get $base))
  (func $unused nop)
  (func (export "main") (result i32)
    (if (result i32) (i32.const 0) (then (i32.const 1)) (else
      (global.get $derived)))))`);
  const found = diagnostics.map(short);
  assert.ok(
    found.some((text) => /^warning 5:7-17 .*global variable/.test(text)),
    found.join('\n'),
  );
});

/** Forms that the toolchain's programs do not have. */
const MORE = [
  '(module (func (export "main") (if (i32.const 1) (then nop) (else)) i32.const 1 if nop else end))',
  '(func $a (param i32) (result i32) (if (result i32) (local.get 0) (then (i32.const 1)) (else i32.const 2))) (func (export "main"))',
  '(module (import "a" "b" (func)) (func $c (import "a" "c")) (func (export "main") (; nop ;) (loop $l (block nop))))',
].map((wat, i) => ({ name: `form ${i}`, wat }));

test("operators of the text are the module's, one for one", async () => {
  let operators = 0;
  for (const { name, wat } of [...PROGRAMS, ...MORE]) {
    const wasm = decode(await wasmOf(wat));
    const functions = watFunctions(wat, scanWat(wat));
    assert.equal(functions.length, wasm.functions.length, name);
    for (const [i, fn] of wasm.functions.entries()) {
      const words = functions[i].operators.map(({ start, end }) => wat.slice(start, end));
      const expected = [...fn.codes].map((code) => operatorName(code));
      // Folded blocks and functions end with a parenthesis, and `select` has two encodings.
      const same = words.map((word, j) => (word === ')' ? 'end' : expected[j]?.startsWith(word) ? expected[j] : word));
      assert.deepEqual(same, expected, `${name}, function ${i}`);
      operators += words.length;
    }
  }
  assert.ok(operators > 500);
});

test('hovers: instructions from the table, structure, numbers; nothing in comments and strings', async () => {
  const { uri } = await open(`(module (func (export "i32.add") ;; i32.add
    (block (drop (i32.add (i32.const 0xffff_fff0) (i32.const 65)))) (f32x4.add)
    end))`);
  const at = (line: number, character: number) => client.hover(uri, line, character);
  const add = await at(1, 18);
  assert.ok(add?.text.startsWith('**`i32.add`** Adds modulo 2^32.'));
  assert.deepEqual([add?.from, add?.to], [18, 25]);
  assert.match((await at(1, 6))?.text ?? '', /Structure only/);
  assert.match((await at(1, 40))?.text ?? '', /\*\*-16\*\* \(unsigned 4294967280\), 0xfffffff0/);
  assert.match((await at(1, 62))?.text ?? '', /\*\*65\*\*, 0x00000041, `A`/);
  assert.match((await at(1, 70))?.text ?? '', /does not have/);
  assert.equal(await at(0, 24), undefined);
  assert.equal(await at(0, 38), undefined);
});

test('the outline lists functions with bodies', async () => {
  const { uri } = await open(GOOD);
  const symbols = await client.symbols(uri);
  assert.deepEqual(
    symbols.map(({ name, range }) => [name, range.start.line, range.end.line]),
    [
      ['$three', 2, 2],
      ['func 1', 3, 3],
    ],
  );
});

test('a script is looked at module by module', async () => {
  const script = `(module (func (export "f") (result i32) (i32.const 1)))
(assert_return (invoke "f") (i32.const 1))
(assert_invalid (module (func (result i32) (i64.const 1))) "type mismatch")
(module binary "\\00asm\\01\\00\\00\\00")
  (module $second
    (func (result i32) (i32.cost 1)))
(module (func (unknown)))`;
  const { diagnostics } = await open(script, 'wast');
  assert.equal(diagnostics.length, 2, diagnostics.map(short).join('\n'));
  assert.match(short(diagnostics[0]), /^error 5:\d+-\d+ /);
  assert.match(short(diagnostics[1]), /^error 6:\d+-\d+ /);
});

test('no text whatever ends the server', async () => {
  const pieces = [
    '(',
    ')',
    '(module',
    '(func',
    '"',
    ';;',
    '(;',
    ';)',
    '\n',
    'i32.add',
    '$x',
    '\\',
    '(if',
    '(then',
    'else',
    'end',
    '\0',
    '𝄞',
    '0x',
  ];
  let seed = 3;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let n = 0; n < 60; n++) {
    const text = Array.from({ length: random(40) }, () => pieces[random(pieces.length)]).join(' ');
    const { uri, diagnostics } = await open(text, n % 2 ? 'wat' : 'wast');
    for (const { range } of diagnostics) assert.ok(range.start.line >= 0 && range.start.character >= 0);
    await client.symbols(uri);
    await client.hover(uri, 0, random(10));
    await client.close(uri);
  }
  assert.deepEqual((await open('('.repeat(5000))).diagnostics.length, 1);
});

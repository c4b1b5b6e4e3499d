/** wabt's WebAssembly is taken out of its JavaScript whole, and a package of another form is refused. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { takeOut } from '../../scripts/shared-wabt.ts';

test('the installed wabt gives its WebAssembly, which is what the build wrote', () => {
  const before = readFileSync(new URL('../../node_modules/wabt/index.js', import.meta.url), 'utf8');
  const { code, wasm } = takeOut(before);
  assert.ok(WebAssembly.validate(new Uint8Array(wasm)));
  assert.ok(code.length < before.length / 4);
  const built = new URL('../../dist/wabt.wasm', import.meta.url);
  if (existsSync(built)) assert.ok(readFileSync(built).equals(wasm));
});

test('both kinds of quotes and escapes are read', () => {
  for (const quoted of [`'\\0asm\\x01\\'\\\\ÿ"'`, `"\\0asm\\x01'\\\\ÿ\\""`]) {
    const { code, wasm } = takeOut(`f(binaryDecode(${quoted}),1)`);
    assert.deepEqual([...wasm], [0, 0x61, 0x73, 0x6d, 1, 0x27, 0x5c, 0xff, 0x22]);
    assert.match(code, /^f\(require\("node:fs"\)\.readFileSync\(.*"wabt\.wasm"\)\),1\)$/);
  }
});

test('a package that holds it in another way stops the build', () => {
  for (const code of ['', "binaryDecode('text')", 'binaryDecode(x)']) {
    assert.throws(() => takeOut(code), /another form/);
  }
});

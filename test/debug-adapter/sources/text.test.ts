/** Programs without C: WebAssembly debugged in its text, in a text made of its bytes, and in what a source map names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOf, load } from '../../../engine/toolchain/load.ts';
import { watToWasm } from '../../../engine/wat/wat.ts';
import { Driver, drive, file } from '../driver.ts';

const TEXT = `(module
  (global $total (mut i32) (i32.const 0))
  (func $add
      (param $x i32) (param i64)
    (local $twice f64)
    (local.set $twice (f64.const 2.5))
    (global.set $total
      (i32.add
        (global.get $total)
        (local.get $x)))
  )
  (func $sum (export "main") (result i32)
    (local $i i32)
    i32.const 3
    local.set $i
    loop $again
      (call $add (local.get $i) (i64.const 7))
      local.get $i
      i32.const 1
      i32.sub
      local.tee $i
      br_if $again
    end
    global.get $total))
`;
const lineOf = (needle: string, text = TEXT) => text.split('\n').findIndex((line) => line.includes(needle)) + 1;

test('text is stepped line by line in the order of execution, both ways', async () => {
  const driver = await drive(file('steps.wat', TEXT), { stopOnEntry: true });
  driver.move('configurationDone');
  const forth = [driver.where()];
  for (let i = 0; i < 8; i++) forth.push(driver.go('stepIn').replace('step ', ''));
  assert.deepEqual(forth, [
    '$sum:14',
    '$sum:15',
    '$sum:17',
    '$add:6',
    '$add:9',
    '$add:10',
    '$add:8',
    '$add:7',
    '$add:11',
  ]);
  const back = [driver.where()];
  for (let i = 0; i < 5; i++) back.push(driver.go('stepBack').replace('step ', ''));
  assert.deepEqual(back, forth.slice(3).reverse());
  driver.move('stepOut');
  assert.equal(driver.frames()[0].name, '$sum');
});

test('locals and globals have the names of the text; those without a name are numbered', async () => {
  const driver = await drive(file('names.wat', TEXT), { stopOnEntry: true });
  const [breakpoint] = driver.breakpoints(lineOf('i32.add'));
  assert.deepEqual([breakpoint.verified, breakpoint.line], [true, lineOf('i32.add')]);
  driver.move('configurationDone');
  assert.equal(driver.go('continue'), `breakpoint $add:${lineOf('i32.add')}`);
  assert.deepEqual(driver.scope('Locals'), { $x: '3', $local1: '7', $twice: '2.5' });
  assert.deepEqual(driver.scope('Globals'), { $total: '0' });
  assert.deepEqual(driver.scope('Operand Stack'), { '[1]': '3', '[0]': '0' });
  assert.equal(driver.evaluate('$x + $total'), '3');
  assert.equal(driver.evaluate('$twice'), '2.5');
  assert.deepEqual(driver.scope('Locals', 1), { $i: '3' });
  assert.equal(driver.evaluate('$i', { frameId: driver.frames()[1].id }), '3');
  driver.move('continue');
  assert.equal(driver.evaluate('$total'), '3');
});

test('a breakpoint on the head of a function goes to its body, one between functions nowhere', async () => {
  const driver = await drive(file('head.wat', TEXT), { stopOnEntry: true });
  const [head, data] = driver.breakpoints(lineOf('(func $add'), lineOf('(global $total'));
  assert.deepEqual([head.verified, head.line], [true, lineOf('f64.const')]);
  assert.equal(data.verified, false);
  const { breakpoints } = driver.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'add' }, { name: '$add' }] });
  assert.deepEqual(
    breakpoints.map(({ verified }: { verified: boolean }) => verified),
    [true, true],
  );
});

test('a condition names locals of the text', async () => {
  const driver = await drive(file('condition.wat', TEXT), { stopOnEntry: true });
  driver.breakpoints({ line: lineOf('i32.add'), condition: '$x == 1' });
  driver.move('configurationDone');
  driver.move('continue');
  assert.deepEqual(driver.scope('Globals'), { $total: '5' });
});

test('names that C cannot spell are evaluated where they stand alone', async () => {
  const text = `(module (func (export "main") (result i32) (local $a-b i32) (local $x i32)
    (local.set $a-b (i32.const 5)) (local.set $x (i32.const 2))
    (i32.sub (local.get $a-b) (local.get $x))))`;
  const driver = await drive(file('odd.wat', text), { stopOnEntry: true });
  driver.breakpoints(3);
  driver.move('configurationDone');
  driver.move('continue');
  assert.deepEqual(driver.scope('Locals'), { '$a-b': '5', $x: '2' });
  assert.equal(driver.evaluate(' $a-b '), '5');
  assert.equal(driver.evaluate('$x-1'), '1');
});

/** A driver for a module that is only bytes. */
async function driveBytes(path: string): Promise<Driver> {
  const loaded = await load([path], { disassemble: true });
  return new Driver(path, { loaded, input: inputOf(loaded, [], new Uint8Array(0)) }, { stopOnEntry: true });
}

test('a module without a source is debugged in the text that its bytes give', async () => {
  const path = file('plain bytes.wasm', await watToWasm(TEXT, 'bytes.wat'));
  const driver = await driveBytes(path);
  driver.move('configurationDone');
  const [{ source, line }] = driver.frames();
  assert.equal(source?.path, `stepformer-source:${path}.wat`);
  const { content } = driver.ask('source', { source, sourceReference: 0 });
  const lines: string[] = content.split('\n');
  assert.match(lines[line - 1], /i32\.const 3/);
  const add = lineOf('i32.add', content);
  // As VS Code may encode it.
  const asked = { source: { path: encodeURI(source?.path ?? '') }, breakpoints: [{ line: add }] };
  const { breakpoints } = driver.ask('setBreakpoints', asked);
  assert.deepEqual([breakpoints[0].verified, breakpoints[0].line], [true, add]);
  assert.equal(driver.go('continue'), `breakpoint $add:${add}`);
  assert.equal(driver.scope('Locals').$x, '3');
  assert.throws(() => driver.ask('source', { source: { path: 'stepformer-source:/nothing.wat' }, sourceReference: 0 }));
});

test('a module that has lost its names is shown with those that its text makes up', async () => {
  const named = await watToWasm(TEXT, 'bytes.wat');
  const end = named.length - nameSection(named);
  const driver = await driveBytes(file('stripped.wasm', named.slice(0, end)));
  driver.move('configurationDone');
  driver.move('stepIn');
  driver.move('stepIn');
  driver.move('stepIn');
  const { content } = driver.ask('source', { source: driver.frames()[0].source, sourceReference: 0 });
  for (const name of Object.keys(driver.scope('Locals'))) assert.ok(content.includes(name), name);
  assert.ok(content.includes(driver.frames()[0].name));
});

/** Bytes of the name section, which is the last. */
function nameSection(wasm: Uint8Array): number {
  const at = Buffer.from(wasm).lastIndexOf(Buffer.from('\x04name', 'latin1'));
  // Its number and its length, which wabt writes in five bytes or one.
  const start = wasm[at - 2] === 0 ? at - 2 : at - 6;
  return wasm.length - start;
}

/** Lowered programs in the oracle against the same wasm in V8: output, exit code and trap of every construct. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { functionAt, type TokenProgram } from '../../engine/isa/program.ts';
import { programText } from '../../engine/isa/text.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { lower } from '../../engine/toolchain/lower/lower.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { runNative } from '../oracle/native.ts';
import { PROGRAMS } from './lower-programs.ts';
import { wasmOf } from './wat.ts';

/** Runs a program in the oracle, to its end. */
function run(program: TokenProgram, input: Uint8Array): Interpreter {
  const interpreter = new Interpreter(program, input, false);
  assert.notEqual(interpreter.run(50_000_000), 'budget');
  return interpreter;
}

for (const { name, wat, input, trap } of PROGRAMS) {
  test(`like V8: ${name}`, async () => {
    const wasm = await wasmOf(wat);
    const bytes = Buffer.from(input ?? '', 'latin1');
    const native = runNative(wasm, bytes);
    const ours = run(lower(decode(wasm)), bytes);
    assert.deepEqual(
      { output: Buffer.from(ours.output).toString('hex'), exitCode: ours.exitCode, trap: ours.trap },
      { output: Buffer.from(native.output).toString('hex'), exitCode: native.exitCode, trap: trap ?? native.trap },
    );
    assert.equal(ours.trap === undefined, native.trap === undefined);
    if (ours.end === 'halt') assert.equal(ours.depth, 1, 'only the exit code is left on the stack');
  });
}

test('every instruction belongs to a function, and functions to their names', async () => {
  const wasm = await wasmOf(`(module (memory 1) (func $helper (param $a i32) (result i32) (local $b i32) local.get $a)
    (func (export "main") (result i32) (call $helper (i32.const 4))) (func $unused nop))`);
  const module = decode(wasm);
  const program = lower(module);
  assert.deepEqual(
    program.functions.map(({ index, name, params, results, localNames }) => ({
      index,
      name,
      params,
      results,
      localNames,
    })),
    [
      { index: -1, name: '(start)', params: 0, results: 0, localNames: [] },
      { index: 0, name: 'helper', params: 1, results: 1, localNames: ['a', 'b'] },
      { index: 1, name: 'main', params: 0, results: 1, localNames: [] },
    ],
  );
  assert.equal(OPCODES[program.ops[0]].name, 'frame');
  assert.equal(program.imms[0], 2);
  for (let cursor = 1; cursor < program.ops.length; cursor++) {
    const { start, end, index } = functionAt(program, cursor)!;
    assert.ok(start <= cursor && cursor < end);
    const offset = program.offsets[cursor];
    if (index < 0) assert.equal(offset, -1);
    else assert.ok(offset > program.codeSection && offset < wasm.length);
  }
  const call = program.ops.findIndex((op, i) => OPCODES[op].name === 'call' && functionAt(program, i)!.name === 'main');
  assert.equal(wasm[program.offsets[call]], 0x10, 'the offset is that of the operator');
});

test('the exported exit function ends the program with its argument', async () => {
  const wasm = await wasmOf(`(module (import "stepformer" "write_byte" (func $put (param i32)))
    (func $exit (export "__stepformer_exit") (param i32) (unreachable))
    (func $deep (param i32) (if (i32.eqz (local.get 0)) (then (call $exit (i32.const 7)))) (call $deep (i32.sub (local.get 0) (i32.const 1))))
    (func (export "_start") (call $put (i32.const 65)) (i32.const 1) (i32.const 2) (call $deep (i32.const 5)) (call $put (i32.const 66)) (drop) (drop)))`);
  const ours = run(lower(decode(wasm)), new Uint8Array());
  assert.equal(ours.outputText, 'A');
  assert.equal(ours.exitCode, 7);
  assert.equal(ours.end, 'halt');
});

test('the text of a program is its prompt, a line per instruction', async () => {
  const wasm = await wasmOf(
    '(module (memory 1) (data (i32.const 4) "hi") (func (export "main") (result i32) (i32.const 3)))',
  );
  assert.equal(
    programText(lower(decode(wasm))),
    `{
frame 01 00 00 00
call 01 00 00 00
halt 00 00 00 00
i32.const 03 00 00 00
return 00 00 00 00
global 00 00 00 00 01 00 00 00 edit_commit
data 04 00 00 00 68 69 edit_commit
}
`,
  );
});

test('zeros of data are left out, but not those that overwrite', async () => {
  const wasm = await wasmOf(
    `(module (memory 1) (data (i32.const 0) "ab\\00c${'\\00'.repeat(13)}d\\00\\00") (data (i32.const 1) "\\00") (data (i32.const 99) "\\00\\00")
      (func (export "_start")))`,
  );
  assert.deepEqual(
    lower(decode(wasm)).data.map(({ address, bytes }) => [address, Buffer.from(bytes).toString('latin1')]),
    [
      [0, 'ab\0c'],
      [17, 'd'],
      [1, '\0'],
    ],
  );
});

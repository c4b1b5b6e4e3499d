/**
 * C through the whole toolchain: the compiled module in V8 against the lowered program in the oracle, for small
 * programs and for the examples, whose executed lines are printed.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, load } from '../../engine/toolchain/load.ts';
import { sameTrap } from '../../engine/toolchain/native/native.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { runNative } from '../oracle/native.ts';
import { C_PROGRAMS } from './lower-c-programs.ts';

const compiler = new Compiler();
const folder = mkdtempSync(join(tmpdir(), 'stepformer-'));
after(() => {
  compiler.dispose();
  rmSync(folder, { recursive: true });
});

/** Every program ends within this many tokens. */
const TOKENS = 300_000_000;

async function compare(file: string, optimize: 'O0' | 'O1', args: readonly string[], stdin = ''): Promise<Interpreter> {
  const loaded = await load([file], { optimize, compiler });
  const input = inputOf(loaded, args, Buffer.from(stdin));
  const native = runNative(loaded.wasm, input);
  const ours = new Interpreter(loaded.program, input, false);
  assert.notEqual(ours.run(TOKENS), 'budget');
  assert.equal(ours.outputText, Buffer.from(native.output).toString('latin1'));
  assert.equal(ours.exitCode, native.exitCode);
  // V8 does not tell some traps from others.
  assert.ok(ours.trap === native.trap || sameTrap(ours.trap ?? '', native.trap ?? ''), `${ours.trap} ${native.trap}`);
  return ours;
}

for (const { file, source, input } of C_PROGRAMS) {
  test(`compiled, lowered and like V8: ${file}`, async () => {
    const path = join(folder, file);
    writeFileSync(path, source);
    const plain = await compare(path, 'O0', [], input);
    const optimized = await compare(path, 'O1', [], input);
    assert.equal(optimized.outputText, plain.outputText);
  });
}

const EASY = '530070000600195000098000060800060003400803001700020006060000280000419005000080079';
const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
for (const name of readdirSync(examples).filter((name) => name.endsWith('.c'))) {
  test(`example like V8: ${name}`, async (context) => {
    const args = name === 'sudoku.c' ? [EASY] : [];
    const { lines, tokens } = await compare(join(examples, name), 'O0', args);
    context.diagnostic(`${name}: ${lines} lines, ${tokens} tokens`);
  });
}

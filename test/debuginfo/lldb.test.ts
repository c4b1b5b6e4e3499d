/**
 * Our debug information against LLDB's, on programs of the tests: unoptimised, as DWARF 5, and optimised.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { load } from '../../engine/toolchain/load.ts';
import { compileC, program, runToStops, snapshotState } from './compile.ts';
import { compareWithLldb, plausibleMemory } from './lldb.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

const compiler = new Compiler();
after(() => compiler.dispose());

test('at every line, what a user sees is what LLDB shows', async (t) => {
  const wasm = await compileC({ 'types.c': program('types.c') });
  const { stops } = runToStops(wasm);
  const tally = await compareWithLldb(wasm, { state: stops[0].state });
  t.diagnostic(JSON.stringify(tally));
  assert.ok(tally.values > 500 && tally.gone === 0, JSON.stringify(tally));
});

test('DWARF 5 reads as DWARF 4 does', async (t) => {
  const wasm = await compileC({ 'types.c': program('types.c') }, ['-O0', '-gdwarf-5']);
  const state = snapshotState(plausibleMemory(1 << 17, 7), 60000);
  const tally = await compareWithLldb(wasm, { state });
  t.diagnostic(JSON.stringify(tally));
  assert.ok(tally.values > 500 && tally.gone === 0, JSON.stringify(tally));
});

for (const flags of [['-O1'], ['-O1', '-fno-inline', '-gdwarf-5']]) {
  test(`optimised code (${flags.join(' ')}): values both have agree`, async (t) => {
    const wasm = await compileC({ 'types.c': program('types.c') }, flags);
    const state = snapshotState(plausibleMemory(1 << 17, 11), 60000);
    const tally = await compareWithLldb(wasm, { state, optimised: true });
    t.diagnostic(JSON.stringify(tally));
    assert.ok(tally.values > 100, JSON.stringify(tally));
  });
}

for (const flags of [['-O1'], ['-O2'], ['-Os', '-gdwarf-5']]) {
  test(`inlined functions (${flags.join(' ')}): names, calls and lines are those of LLDB`, async (t) => {
    const sources = { 'src/inlined.c': program('inlined.c'), 'expressions.c': program('expressions.c') };
    const wasm = await compileC(sources, flags);
    const state = snapshotState(plausibleMemory(1 << 17, 5), 60000);
    const tally = await compareWithLldb(wasm, { state, optimised: true });
    t.diagnostic(JSON.stringify(tally));
    assert.ok(tally.inlined > 40 && tally.outer > 20, JSON.stringify(tally));
  });
}

for (const name of readdirSync(EXAMPLES).filter((file) => file.endsWith('.c'))) {
  test(`${name}, as it is debugged: every variable at every line is what LLDB shows`, async (t) => {
    const { wasm } = await load([`${EXAMPLES}/${name}`], { compiler });
    const state = snapshotState(plausibleMemory(1 << 17, 3), 60000);
    const tally = await compareWithLldb(wasm, { state });
    t.diagnostic(JSON.stringify(tally));
    assert.ok(tally.values > 0 || name === 'hello.c', JSON.stringify(tally));
  });
}

/**
 * The exception filter `divergence`: a model with a changed weight is stopped at the first line that V8 does otherwise,
 * from both sides; a right one never is.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { TOKEN } from '../../../engine/isa/vocabulary.ts';
import { readSafetensors, writeSafetensors } from '../../../engine/transformer/safetensors.ts';
import { modelFiles, writeModel } from '../../../engine/weights/build.ts';
import { Driver, drive, file, launched, reopen } from '../driver.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepformer-divergence-'));
after(() => rmSync(folder, { recursive: true }));

/** A model in which byte 7 scores a little more than it should, by one weight: 6 and 8 are said as 7. */
const moreSevens = (async () => {
  const files = modelFiles();
  const tensors = readSafetensors(files.safetensors);
  const { shape, data } = tensors.get('unembed.weight')!;
  data[(TOKEN.byte + 7) * shape[1] + files.config.names.slots.indexOf('one')] += 2;
  await writeModel(folder, { ...files, safetensors: writeSafetensors([...tensors.values()]) });
})();

/** A session on the changed model, at the program's entry. */
async function started(path: string): Promise<Driver> {
  await moreSevens;
  const program = await launched(path);
  const { loaded, input } = program;
  const options = { program: loaded.program, input, attention: 'hull', engine: undefined } as const;
  const source = await transformerSources(folder).source(options);
  const debug = new Driver(path, program, { stopOnEntry: true }, source);
  debug.ask('setExceptionBreakpoints', { filters: ['divergence'] });
  debug.move('configurationDone');
  return debug;
}

const EIGHT = file(
  'eight.c',
  `int five = 5, three = 3, sum;
int main(void) {
  int one = 1;
  sum = five + three;
  return one;
}
`,
);

test('a model that says a wrong digit is stopped where it stores it, in both directions', async () => {
  const debug = await started(EIGHT);
  const stop = debug.move('continue');
  assert.equal(stop.reason, 'exception');
  assert.equal(stop.description, 'Differs from V8');
  assert.match(`${stop.text}`, /^The model stored 7 at 0x[0-9a-f]+, V8 stored 8 at 0x[0-9a-f]+\.$/);
  assert.equal(debug.where(), 'main:4');
  const info = debug.ask('exceptionInfo', { threadId: 1 });
  assert.equal(info.exceptionId, 'divergence');
  assert.equal(info.description, stop.text);
  const { traceLine } = debug.ask('stepformer/position');
  assert.equal(debug.move('continue').reason, 'end');
  assert.equal(debug.move('reverseContinue').text, stop.text);
  assert.equal(debug.ask('stepformer/position').traceLine, traceLine);
});

test('without the filter the same model goes on, and the filter finds the line when it is set later', async () => {
  const debug = await started(EIGHT);
  debug.ask('setExceptionBreakpoints', { filters: [] });
  assert.equal(debug.move('continue').reason, 'end');
  const [breakpoint] = debug.ask('setExceptionBreakpoints', { filters: ['divergence'] }).breakpoints;
  assert.deepEqual(breakpoint, { verified: true });
  assert.match(`${debug.move('reverseContinue').text}`, /V8 stored 8/);
  assert.equal(debug.where(), 'main:4');
});

test('a recording is compared as well: it holds the module', async () => {
  const debug = await started(EIGHT);
  debug.ask('setExceptionBreakpoints', { filters: [] });
  debug.move('continue');
  const path = join(folder, 'eight.recording');
  debug.ask('stepformer/saveRecording', { path });
  const again = await reopen(path);
  again.ask('setExceptionBreakpoints', { filters: ['divergence'] });
  again.move('configurationDone');
  assert.match(`${again.move('reverseContinue').text}`, /V8 stored 8/);
  assert.equal(again.where(), 'main:4');
});

test('a branch that leads elsewhere is a stop before it', async () => {
  const nops = Array<string>(8).fill('nop').join('\n');
  const path = file(
    'branch.wat',
    `(module (func (export "main") (result i32)\n(block (br_if 0 (i32.const 1))\n${nops})\n(i32.const 5)))`,
  );
  const debug = await started(path);
  const { text } = debug.move('continue');
  const [, model, native] =
    /^The model branched to instruction (\d+), V8 branched to instruction (\d+)\.$/.exec(`${text}`) ?? [];
  assert.equal(Number(native) - Number(model), 1, text);
  assert.equal(debug.frames()[0].line, 2);
});

const READS = file(
  'reads.c',
  `#include <stdio.h>
int main(void) {
  int sum = 0, number;
  while (scanf("%d", &number) == 1)
    printf("%d\\n", sum += number);
  return 0;
}
`,
);

test('input that is given while the program runs is V8’s as well', async () => {
  const debug = new Driver(READS, await launched(READS), { stopOnEntry: true, stdin: { ask: true } });
  debug.ask('setExceptionBreakpoints', { filters: ['divergence'] });
  debug.move('configurationDone');
  debug.move('continue');
  debug.move('stepformer/input', { text: '3\n4\n' });
  assert.equal(debug.move('stepformer/input', { text: '5\n', end: true }).reason, 'end');
  assert.equal(debug.output(), '3\n7\n12\n');
});

test('behind an edit nothing is compared, which is said once', async () => {
  const debug = await drive(EIGHT, { stopOnEntry: true });
  debug.ask('setExceptionBreakpoints', { filters: ['divergence'] });
  debug.move('configurationDone');
  const told = () => debug.events.filter(({ event, body }) => event === 'output' && /V8/.test(body.output));
  debug.ask('setExpression', { expression: 'three', value: '30', frameId: debug.frames()[0].id });
  assert.equal(debug.move('continue').reason, 'end');
  debug.move('reverseContinue');
  assert.equal(debug.move('continue').reason, 'end');
  assert.equal(told().length, 1);
  assert.match(
    told()[0].body.output,
    /^V8 is compared with up to the edit before line \d+ of the trace: it does not know of edits\.\n$/,
  );
});

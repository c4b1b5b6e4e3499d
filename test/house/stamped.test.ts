/** A build step is left out only where nothing has changed: neither its code, nor what it reads, nor what it made. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stamped } from '../../scripts/stamped.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepformer-stamped-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

test('a step runs when its code, its files or its result have changed, and only then', async () => {
  for (const name of ['data', 'stamps']) mkdirSync(at(name));
  writeFileSync(at('inner.ts'), 'export const inner = 1;\n');
  writeFileSync(at('step.ts'), "import { inner } from './inner.ts';\nconsole.log(inner);\n");
  writeFileSync(at('data/a.c'), 'a');
  let runs = 0;
  const step = {
    name: 'step',
    modules: [at('step.ts')],
    reads: [at('data')],
    output: at('made'),
    make: async (output: string) => {
      assert.ok(!existsSync(output), 'it begins with nothing');
      runs++;
      writeFileSync(output, 'made');
    },
  };
  const expect = async (count: number, why: string) => {
    await stamped(step, at('stamps'));
    assert.equal(runs, count, why);
    assert.equal(readFileSync(at('made'), 'utf8'), 'made');
  };
  await expect(1, 'for the first time');
  await expect(1, 'nothing has changed');
  writeFileSync(at('inner.ts'), 'export const inner = 2;\n');
  await expect(2, 'an imported file has changed');
  writeFileSync(at('data/b.c'), '');
  await expect(3, 'there is a file more');
  writeFileSync(at('made'), 'something else');
  await expect(4, 'the result was written over');
  rmSync(at('made'));
  await expect(5, 'the result is gone');
  await expect(5, 'nothing has changed');
});

/** clang's machine code that the build has kept: the same programs come out with it, and nothing comes of damage. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { codeFile, readCode } from '../../../engine/toolchain/clang/compiled-code.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stepformer-code-'));
after(() => rmSync(folder, { recursive: true }));

test('code is read as it was kept; what is damaged, cut short or not there is not', async () => {
  const kept = readFileSync(codeFile());
  const code = await readCode();
  assert.ok(code);
  assert.ok(kept.subarray(0, -32).equals(new Uint8Array(code)));
  const file = path.join(folder, 'code');
  copyFileSync(codeFile(), file);
  const bytes = Buffer.from(kept);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(file, bytes);
  assert.equal(await readCode(file), undefined);
  for (const size of [kept.length - 1, 20, 0]) {
    truncateSync(file, size);
    assert.equal(await readCode(file), undefined);
  }
  assert.equal(await readCode(path.join(folder, 'none')), undefined);
});

/** What activating the extension loads is small: what is imported later lies in files of its own, and VS Code's API is there once. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { buildHostProgram, modulesTwice } from '../../scripts/host-program.ts';

test('the file that VS Code loads asks for its API once, and has no package in it', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stepformer-host-'));
  t.after(() => rmSync(folder, { recursive: true }));
  await buildHostProgram('extension/host/extension.ts', folder);
  const first = readFileSync(path.join(folder, 'extension.cjs'), 'utf8');
  assert.equal(first.split('require("vscode")').length - 1, 1);
  const { sources } = JSON.parse(readFileSync(path.join(folder, 'extension.cjs.map'), 'utf8')) as { sources: string[] };
  assert.deepEqual(
    sources.filter((source) => source.includes('node_modules')),
    [],
  );
  const later = [...first.matchAll(/require\("\.\/(extension-[\w-]+\.cjs)"\)/g)].map(([, name]) => name);
  assert.ok(later.includes('extension-client.cjs'));
  for (const name of later) assert.ok(readdirSync(folder).includes(name), `${name} is there`);
});

test('a module of ours that two files have is found; one of a package may be in both', () => {
  const file = (...inputs: string[]) => ({
    inputs: Object.fromEntries(inputs.map((name) => [name, { bytes: 1, imports: [] }])),
    outputs: {},
  });
  assert.deepEqual(
    modulesTwice([file('a.ts', 'b.ts'), file('b.ts', 'node_modules/x/x.js'), file('node_modules/x/x.js')]),
    ['b.ts'],
  );
});

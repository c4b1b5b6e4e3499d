/** Another client than VS Code: dap-mode of Emacs, in batch. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { file } from '../debug-adapter/driver.ts';
import { adapterPath } from '../debug-adapter/wire.ts';

const PROGRAM = file(
  'emacs.c',
  `#include <stdio.h>
static int twice(int n) {
  int doubled = 2 * n;
  return doubled;
}
int main(void) {
  int result = twice(21);
  printf("%d\\n", result);
  return 0;
}
`,
);

/** Why the test cannot run here. */
function missing(): string | undefined {
  const found = spawnSync('emacs', ['--batch', '-f', 'package-initialize', '--eval', "(require 'dap-mode)"]);
  if (found.error) return 'there is no emacs on this machine';
  return found.status === 0 ? undefined : 'emacs has no dap-mode: install elpa-dap-mode';
}

test('Emacs stops at a breakpoint, steps both ways, evaluates, and keeps the session at the end', (t) => {
  const reason = missing();
  if (reason) return t.skip(reason);
  const client = fileURLToPath(new URL('client.el', import.meta.url));
  const { stdout, stderr } = spawnSync('emacs', ['--batch', '-q', '-l', client], {
    encoding: 'utf8',
    env: {
      ...process.env,
      // Breakpoints and settings are kept there.
      HOME: dirname(PROGRAM),
      CLIENT_PROGRAM: PROGRAM,
      CLIENT_LINE: '3',
      CLIENT_ADAPTER: [process.execPath, '--import', import.meta.resolve('tsx'), adapterPath].join('\n'),
    },
  });
  const expected = [
    'breakpoint twice:3',
    'n = 21',
    'next twice:4',
    'doubled = 42',
    'back twice:3',
    'out main:7',
    'over: nil',
    'reverse twice:3',
    'disconnected',
  ];
  assert.deepEqual(stdout.trim().split('\n'), expected, stderr);
});

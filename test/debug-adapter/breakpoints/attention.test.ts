/** Attention breakpoints, on the model itself: they stop where heads attended, and miss none. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { readModel } from '../../../engine/run/model-files.ts';
import { Driver, drive, file, launched } from '../driver.ts';

/** What each line of it looks up: operands, locals, globals, memory that was and was not written, calls. */
const LOOKS = file(
  'looks.wat',
  `(module (memory 1) (data (i32.const 8) "\\05\\06")
  (global $g (mut i32) (i32.const 4))
  (func $f (param i32) (result i32) (local $k i64)
    (local.set $k (i64.const 7))
    (i32.store (i32.const 16) (local.get 0))
    (block (br_if 0 (i32.eqz (local.get 0))) (global.set $g (i32.load8_u (i32.const 8))))
    (i32.add (i32.wrap_i64 (local.get $k)) (i32.mul (i32.load (i32.const 16)) (global.get $g))))
  (func (export "main") (result i32)
    (select (call $f (i32.const 3)) (call $f (i32.const 0)) (i32.const 1))))`,
);

const C = file(
  'cells.c',
  `int table[4];
int main(void) {
  table[1] = 5;
  table[2] = 6;
  return table[1] + table[2];
}
`,
);

let sources: ReturnType<typeof transformerSources>;
before(async () => {
  await readModel();
  sources = transformerSources();
});

async function modelled(path: string): Promise<Driver> {
  const program = await launched(path);
  const { loaded, input } = program;
  const source = await sources.source({ program: loaded.program, input, attention: 'hull', engine: undefined });
  return new Driver(path, program, {}, source);
}

const set = (debug: Driver, ...breakpoints: object[]) =>
  debug.ask('stepformer/setAttentionBreakpoints', { breakpoints }).breakpoints;

function stops(debug: Driver, command: 'continue' | 'reverseContinue'): number[] {
  const found: number[] = [];
  while (debug.move(command).reason === 'attention breakpoint') {
    found.push(debug.ask('stepformer/position').traceLine);
  }
  return found;
}

test('of any token: exactly the lines whose heads attended to it, forwards and backwards', async () => {
  const debug = await modelled(LOOKS);
  debug.move('configurationDone');
  debug.move('continue');
  const { recording } = debug.session;
  /** Per token that was attended to, the lines. */
  const attended = new Map<number, Set<number>>();
  for (let line = 0; line < recording.lines; line++) {
    for (let token = recording.firstToken(line); token < recording.firstToken(line + 1); token++) {
      for (const { active, target } of recording.passes.inspect(token - 1)?.heads ?? []) {
        if (active && target >= 0) attended.set(target, (attended.get(target) ?? new Set()).add(line));
      }
    }
  }
  assert.ok(attended.size > 100);
  const end = recording.lines - 1;
  // Every seventh of them: each costs a look at the heads of some lines.
  for (const [token, lines] of [...attended].filter((_, i) => i % 7 === 0)) {
    set(debug, { token });
    debug.ask('stepformer/travel', { traceLine: 0 });
    const expected = [...lines].filter((line) => line > 0 && line < end);
    assert.deepEqual(stops(debug, 'continue'), expected, `token ${token} forwards`);
    const backwards = [...lines].filter((line) => line < end).toReversed();
    assert.deepEqual(stops(debug, 'reverseContinue'), backwards, `token ${token} backwards`);
  }
});

test('of a line of C: where what it wrote is read, by a head of a role', async () => {
  const debug = await modelled(C);
  debug.move('configurationDone');
  const [placed] = set(debug, { place: { path: C, line: 3 }, role: 'memory load' });
  assert.equal(placed.verified, true);
  const stop = debug.move('continue');
  assert.deepEqual([stop.reason, debug.where()], ['attention breakpoint', 'main:5']);
  assert.match(stop.description ?? '', /^L\d+·H\d+ memory load attends to token \d+$/);
  assert.equal(debug.move('continue').reason, 'end', 'table[2] is of another line');
  assert.equal(debug.go('reverseContinue'), 'attention breakpoint main:5');
});

test('what no attention can mean says why', async () => {
  const debug = await drive(C);
  debug.move('configurationDone');
  const placed = set(
    debug,
    {},
    { token: 5, place: { path: C, line: 3 } },
    { token: 5, layer: 1 },
    { place: { path: C, line: 99 } },
  );
  for (const { verified, message } of placed) assert.ok(!verified && message);
});

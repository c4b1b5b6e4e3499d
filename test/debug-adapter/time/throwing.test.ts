/** Exceptions of WebAssembly, debugged in the text: steps over what is thrown and caught, in both directions, and the end by one that nothing catches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT_STATUS } from '../../../engine/run/exit-status.ts';
import { type Driver, drive, file } from '../driver.ts';

const START = { stopOnEntry: true };

async function started(path: string, options: object = START): Promise<Driver> {
  const debug = await drive(path, { ...options });
  debug.move('configurationDone');
  return debug;
}

const CAUGHT = file(
  'caught.wat',
  `(module
  (tag $odd (param i32))
  (func $check (param $x i32) (result i32)
    (if (i32.and (local.get $x) (i32.const 1))
      (then
        (throw $odd (local.get $x))))
    (local.get $x))
  (func $half (param $x i32) (result i32)
    (local $y i32)
    (local.set $y (call $check (local.get $x)))
    (i32.div_u (local.get $y) (i32.const 2)))
  (func $main (export "main") (result i32)
    (local $sum i32)
    (try
      (do
        (local.set $sum (call $half (i32.const 8)))
        (local.set $sum (call $half (i32.const 5)))
        (local.set $sum (i32.const 99)))
      (catch $odd
        (local.set $sum
          (i32.add (local.get $sum)))))
    (i32.add
      (local.get $sum)
      (i32.const 1))))
`,
);

const frames = (debug: Driver) => debug.frames().map(({ name, line }) => `${name}:${line}`);

test('a step over a call that throws ends where it is caught, and a step back undoes it', async () => {
  const debug = await started(CAUGHT);
  debug.breakpoints(17);
  assert.equal(debug.move('continue').reason, 'breakpoint');
  assert.deepEqual(frames(debug), ['$main:17']);
  const before = debug.state();
  assert.equal(debug.go('next'), 'step $main:19', 'line 18 is passed over');
  assert.deepEqual(frames(debug), ['$main:19'], 'the calls that it left are gone');
  assert.equal(debug.evaluate('$sum'), '4');
  assert.equal(debug.go('stepBack'), 'breakpoint $main:17');
  assert.deepEqual(debug.state(), before);
});

test('a step in arrives at the throw, steps over and out of it where it is caught', async () => {
  const debug = await started(CAUGHT);
  debug.breakpoints(6);
  debug.move('continue');
  assert.deepEqual(frames(debug), ['$check:6', '$half:10', '$main:17']);
  const before = debug.state();
  for (const command of ['next', 'stepIn', 'stepOut'] as const) {
    debug.move(command);
    for (let steps = 0; debug.frames().length > 1; steps++) {
      assert.ok(steps < 3, 'the calls around are left');
      debug.move('stepOut');
    }
    assert.match(debug.where(), /^\$main:(17|19)$/, command);
    debug.move('reverseContinue');
    assert.deepEqual(debug.state(), before, `back behind ${command}`);
  }
});

/** Steps to the end; the state at each stop, with the trace line. */
function steps(debug: Driver, command: 'next' | 'stepIn' | 'stepBack' | 'stepformer/stepBackIn'): Map<number, unknown> {
  const states = new Map<number, unknown>();
  for (let count = 0; count < 200; count++) {
    states.set(debug.ask('stepformer/position').traceLine, debug.state());
    if (debug.move(command).reason !== 'step') return states;
  }
  throw new Error(`${command} does not come to an end`);
}

const AGAIN = file(
  'again.wat',
  `(module
  (tag $a (param i32)) (tag $b (param i64))
  (global $seen (mut i32) (i32.const 0))
  (func $throws (param $x i32)
    (global.set $seen
      (i32.add (global.get $seen) (local.get $x)))
    (if (i32.eq (local.get $x) (i32.const 1))
      (then (throw $a (local.get $x))))
    (if (i32.eq (local.get $x) (i32.const 2))
      (then (throw $b (i64.const 22)))))
  (func $inner (param $x i32) (result i32)
    (try (result i32)
      (do
        (call $throws (local.get $x))
        (i32.const 5))
      (catch $a
        (drop)
        (rethrow 0))))
  (func $main (export "main") (result i32)
    (local $i i32)
    (local $sum i32)
    (loop $next
      (try
        (do
          (local.set $sum
            (i32.add (local.get $sum) (call $inner (local.get $i)))))
        (catch_all
          (local.set $sum
            (i32.mul (local.get $sum) (i32.const 3)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 4))))
    (local.get $sum)))
`,
);

for (const path of [CAUGHT, AGAIN]) {
  test(`${path.split('/').at(-1)}: at every line the state that steps back find is the one that steps found`, async () => {
    for (const [there, back] of [
      ['stepIn', 'stepformer/stepBackIn'],
      ['next', 'stepBack'],
    ] as const) {
      const debug = await started(path);
      const forwards = steps(debug, there);
      const backwards = steps(debug, back);
      let shared = 0;
      for (const [traceLine, state] of backwards) {
        if (!forwards.has(traceLine)) continue;
        assert.deepEqual(state, forwards.get(traceLine), `${back} at line ${traceLine} of the trace`);
        shared++;
      }
      assert.ok(shared > forwards.size / 2, `${shared} of ${forwards.size} stops of ${there} are stops of ${back}`);
    }
  });
}

const UNCAUGHT = file(
  'uncaught.wat',
  `(module
  (tag $a) (tag $b (export "late") (param i32))
  (func $throws (param $x i32)
    (local $y i32)
    (local.set $y (i32.const 3))
    (throw $b (local.get $y)))
  (func $main (export "main")
    (try
      (do
        (call $throws (i32.const 4)))
      (catch $a))))
`,
);

test('an exception that nothing catches is a stop that names its tag, shown where it was thrown', async () => {
  const debug = await started(UNCAUGHT);
  const stop = debug.move('continue');
  assert.deepEqual(
    [stop.reason, stop.description, stop.text],
    ['exception', 'Uncaught exception', 'Uncaught exception: tag late.'],
  );
  assert.deepEqual(frames(debug), ['$throws:6', '$main:10']);
  assert.equal(debug.evaluate('$y'), '3');
  const { exceptionId, details } = debug.ask('exceptionInfo', { threadId: 1 });
  assert.equal(exceptionId, 'uncaught exception');
  assert.equal(details.stackTrace, 'at $throws (uncaught.wat:6)\nat $main (uncaught.wat:10)');
  assert.equal(debug.output('stderr'), 'uncaught exception: tag late\n');
  debug.move('reverseContinue');
  assert.deepEqual(frames(debug), ['$main:10']);
});

test('its exit status is that of a trap, and the filter of traps chooses it by its name', async () => {
  const over = await started(UNCAUGHT, { exitedAtEnd: true });
  over.move('continue');
  const exits = over.events.filter(({ event }) => event === 'exited');
  assert.deepEqual(
    exits.map(({ body }) => body.exitCode),
    [EXIT_STATUS.trap],
  );
  for (const [condition, reason] of [
    ['uncaught exception', 'exception'],
    ['unreachable', 'end'],
  ]) {
    const debug = await drive(UNCAUGHT, START);
    debug.ask('setExceptionBreakpoints', { filters: [], filterOptions: [{ filterId: 'trap', condition }] });
    debug.move('configurationDone');
    assert.equal(debug.move('continue').reason, reason, condition);
  }
});

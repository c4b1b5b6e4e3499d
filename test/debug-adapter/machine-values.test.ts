/** Values of the machine by their types: eight bytes, floats, the machine's own names in expressions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from './driver.ts';

const LONG = file(
  'long.wat',
  `(module
  (global $big (mut i64) (i64.const 0x100000000))
  (func (export "main") (result i32)
    (local $x i64)
    global.get $big
    i64.const -3
    i64.mul
    local.tee $x
    global.set $big
    local.get $x
    i32.wrap_i64))
`,
);

test('values of eight bytes are shown and evaluated whole', async () => {
  const debug = await drive(LONG);
  debug.move('configurationDone');
  assert.deepEqual(debug.scope('Wasm Locals'), { x: '0' });
  for (let i = 0; i < 3; i++) debug.move('next');
  assert.deepEqual(debug.scope('Operand Stack'), { '[0]': '-12884901888' });
  for (let i = 0; i < 2; i++) debug.move('next');
  assert.deepEqual(debug.scope('Wasm Locals'), { x: '-12884901888' });
  assert.deepEqual(debug.scope('Globals'), { $big: '-12884901888' });
  assert.equal(debug.evaluate('$x / 3 - 1'), '-4294967297');
  assert.equal(debug.evaluate('$x == -12884901888 && x < 0'), '1');
  assert.equal(debug.evaluate('$x', { format: { hex: true } }), '0xfffffffd00000000');
  debug.move('stepBack');
  assert.deepEqual(debug.scope('Globals'), { $big: '4294967296' });
});

const FLOATS = file(
  'floats.wat',
  `(module
  (global $half (mut f64) (f64.const 0.5))
  (func (export "main") (result i32)
    (local $f f32)
    f32.const 1.25
    local.set $f
    i64.const 4294967296
    i32.const -1
    i32.const 2
    i32.add
    drop
    drop
    i32.const 0))
`,
);

test('the names of the machine are typed, in conditions and log points too', async () => {
  const debug = await drive(FLOATS);
  debug.move('configurationDone');
  const { traceLine } = debug.ask('stepformer/position');
  const [{ instructionPointerReference }] = debug.frames();
  const condition = '$stack[0] >> 32 == 1 && $stack[1] == -1';
  const breakpoints = [
    {
      instructionReference: instructionPointerReference,
      offset: 6,
      condition,
      logMessage: '{$stack[0]} {$f * 2} {line}',
    },
    { instructionReference: instructionPointerReference, offset: 6, condition: '$stack[0] == 0', logMessage: 'no' },
    { instructionReference: instructionPointerReference, offset: 6, condition: '$stack[0] +' },
  ];
  const placed = debug.ask('setInstructionBreakpoints', { breakpoints }).breakpoints;
  assert.deepEqual(
    placed.map(({ verified }: { verified: boolean }) => verified),
    [true, true, false],
  );
  for (let i = 0; i < 2; i++) debug.move('next');
  assert.equal(debug.evaluate('$f'), '1.25');
  assert.equal(debug.move('continue').reason, 'end');
  const logs = debug.events.filter(({ event, body }) => event === 'output' && body.category === 'console');
  assert.deepEqual(
    logs.map(({ body }) => body.output),
    [`4294967296 2.5 ${traceLine + 5}\n`],
  );
  assert.equal(debug.evaluate('half / 4'), '0.125');
  const { type } = debug.ask('evaluate', { expression: '$half', context: 'watch' });
  assert.equal(type, 'f64');
});

test('each of several memories has a name', async () => {
  const memories = `(module
  (memory $a 1) (memory $b 1)
  (data (memory $b) (i32.const 4) "second")
  (func (export "main") (result i32)
    (i32.store8 $a (i32.const 4) (i32.const 70))
    (i32.store8 $b (i32.const 4) (i32.const 83))
    (i32.store8 $a (i32.const 5) (i32.const 105))
    i32.const 0))
`;
  const debug = await drive(file('memories.wat', memories));
  debug.move('configurationDone');
  for (let i = 0; i < 9; i++) debug.move('next');
  assert.equal(debug.evaluate('$memory[4]'), '70');
  assert.equal(debug.evaluate('$memory1[4]'), '83');
  assert.equal(debug.evaluate('$memory1[5]'), '101');
  const { memoryReference } = debug.ask('evaluate', { expression: '$memory1', context: 'watch' });
  const { data } = debug.ask('readMemory', { memoryReference, offset: 4, count: 6 });
  assert.equal(Buffer.from(data, 'base64').toString(), 'Second');
});

/** What sessions show of the machine itself: programs without C, traps, budgets, memory, disassembly, attention. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROGRAM_START } from '../../engine/isa/prompt.ts';
import { wasmOf } from '../toolchain/wat.ts';
import { Driver, drive, file, launched } from './driver.ts';
import { MODULE, VALUES } from './programs.ts';

test('a program without C: instructions are the lines, trace pages the source', async () => {
  const debug = await drive(MODULE);
  debug.move('configurationDone');
  const [frame] = debug.frames();
  assert.match(frame.name, /^main +i32\.const 20$/);
  assert.match(frame.source?.path ?? '', /^stepformer-trace:\/trace-0\.stepformer-trace$/);
  debug.move('next');
  debug.move('next');
  assert.deepEqual(debug.scope('Wasm Locals'), { i: '20' });
  debug.move('next');
  assert.deepEqual(debug.scope('Operand Stack'), { '[0]': '20' });
  const before = debug.state();
  debug.move('next');
  assert.deepEqual(debug.scope('Operand Stack'), { '[0]': '40' }, 'over the call');
  debug.move('stepBack');
  assert.deepEqual(debug.state(), before, 'and back over it');
  debug.move('stepIn');
  assert.match(debug.where(), /^twice/);
  debug.move('next');
  assert.deepEqual(debug.scope('Wasm Locals'), { x: '20' });
  assert.deepEqual(debug.scope('Wasm Locals', 1), { i: '20' });
  debug.move('stepOut');
  assert.match(debug.where(), /^main +global\.get/);
  assert.deepEqual(debug.scope('Globals'), { total: '100' });
  assert.equal(debug.evaluate('$stack[0] + $total * 2'), '240');
  assert.equal(debug.evaluate('i == 20 && $stack[0] > 3'), '1');
  assert.throws(() => debug.evaluate('$stack[7]'), /no such entry/);
  assert.throws(() => debug.evaluate('nobody'), /'nobody' is not in scope/);
  const end = debug.move('continue');
  assert.equal(end.reason, 'end');
  assert.match(end.text ?? '', /exit code 140/);
});

test('breakpoints on lines of a trace page hit in both directions', async () => {
  const debug = await drive(MODULE);
  debug.move('configurationDone');
  const source = { path: 'stepformer-trace:/trace-0.stepformer-trace' };
  const { traceLine: line } = debug.ask('stepformer/position');
  const wanted = [line + 4, line + 8].map((at: number) => ({ line: at + 1 }));
  const { breakpoints } = debug.ask('setBreakpoints', { source, breakpoints: wanted });
  assert.ok(breakpoints.every(({ verified }: { verified: boolean }) => verified));
  const lines = [];
  for (const command of ['continue', 'continue', 'reverseContinue'] as const) {
    const stop = debug.move(command);
    assert.deepEqual(stop.reason, 'breakpoint');
    lines.push(debug.ask('stepformer/position').traceLine);
    assert.equal(debug.frames()[0].line, lines.at(-1) + 1);
  }
  assert.deepEqual(lines, [line + 4, line + 8, line + 4]);
  assert.equal(debug.move('continue').reason, 'breakpoint');
  assert.equal(debug.move('continue').reason, 'end');
});

test('a trap is a stop with a reason, and the way back is open', async () => {
  const path = file('trap.c', 'int main(void) {\n  volatile int zero = 0;\n  int x = 7;\n  return x / zero;\n}\n');
  const debug = await drive(path);
  assert.equal(debug.go('configurationDone'), 'entry main:2');
  const stop = debug.move('continue');
  assert.deepEqual([stop.reason, stop.text], ['exception', 'Trap: integer divide by zero.']);
  assert.equal(debug.where(), 'main:4');
  assert.equal(debug.ask('exceptionInfo', { threadId: 1 }).exceptionId, 'integer divide by zero');
  assert.deepEqual(debug.scope('Locals'), { zero: '0', x: '7' });
  assert.equal(debug.go('stepBack'), 'step main:4');
  assert.equal(debug.go('stepBack'), 'step main:3');
  assert.throws(() => debug.ask('exceptionInfo', { threadId: 1 }), /not stopped at an exception/);
  assert.equal(debug.move('continue').reason, 'exception');
});

test('an endless program can be paused, and ends at its budget', async () => {
  const path = file('endless.c', 'int main(void) {\n  int i = 0;\n  for (;;)\n    i++;\n}\n');
  const debug = await drive(path, { maxTokens: 20_000 });
  debug.move('configurationDone');
  debug.ask('continue');
  debug.session.work(0);
  debug.ask('pause');
  for (let slices = 0; debug.session.busy && slices < 100; slices++) debug.session.work(1);
  assert.equal(debug.events.at(-1)?.body.reason, 'pause');
  assert.ok(Number(debug.scope('Locals').i) >= 0);
  const stop = debug.move('continue');
  assert.equal(stop.reason, 'exception');
  assert.match(stop.text ?? '', /20,?000 tokens/);
  const count = Number(debug.scope('Locals').i);
  assert.ok(count > 100, String(count));
  for (let i = 0; i < 6; i++) debug.move('stepBack');
  const earlier = Number(debug.scope('Locals').i);
  assert.ok(earlier < count && earlier >= count - 6, `${earlier} is a little before ${count}`);
  assert.match(
    debug.move('continue').text ?? '',
    /20,?000 tokens/,
    'from the past, the end of the recording is a stop',
  );
  assert.match(debug.move('continue').text ?? '', /40,?000 tokens/, 'from its end, it goes on for as many again');
  assert.ok(Number(debug.scope('Locals').i) > 1.9 * count);
});

test('a run that has used up its tokens says that it pauses, and goes on for as many again, or without asking', async () => {
  const path = file('counts.c', 'int main(void) {\n  int i = 0;\n  while (i < 3000)\n    i++;\n  return i & 7;\n}\n');
  const debug = await drive(path, { maxTokens: 20_000 });
  debug.move('configurationDone');
  const pauses = () => debug.events.filter(({ event }) => event === 'stepformer/paused').map(({ body }) => body);
  assert.throws(() => debug.ask('stepformer/goOn'), /does not wait to be let go on/);
  debug.move('continue');
  assert.deepEqual(
    pauses().map(({ by }) => by),
    ['tokens'],
  );
  assert.match(pauses()[0].text, /^The budget of 20,000 tokens is used up/);
  debug.move('stepBack');
  assert.throws(() => debug.ask('stepformer/goOn'), /Continue leads on from where the session is/);
  assert.match(debug.move('continue').text ?? '', /20,000 tokens/);
  assert.match(debug.move('stepformer/goOn').text ?? '', /40,000 tokens/);
  assert.equal(debug.events.filter(({ event }) => event === 'continued').length, 1, 'clients are told that it runs');
  assert.equal(pauses().length, 3);
  assert.equal(debug.move('stepformer/goOn', { asks: false }).reason, 'end');
  assert.ok(debug.session.recording.generated > 60_000);
  assert.equal(pauses().length, 3);
});

test('C values with types, children, pages and memory', async () => {
  const debug = await drive(VALUES, { stopOnEntry: false });
  debug.breakpoints(12);
  assert.equal(debug.go('configurationDone'), 'breakpoint main:12');
  const locals = debug.children(debug.reference('Locals'));
  assert.deepEqual(
    locals.map(({ name, type }) => `${type} ${name}`),
    ['int p', 'struct point * q', 'char[4] text'],
  );
  const q = locals[1];
  assert.deepEqual(
    debug.children(q.variablesReference).map(({ name, value, evaluateName }) => [name, value, evaluateName]),
    [
      ['x', '1', 'q->x'],
      ['y', '-2', 'q->y'],
    ],
  );
  assert.equal(locals[2].value, '"ab"');
  const globals = debug.children(debug.reference('Globals'));
  const numbers = globals.find(({ name }) => name === 'numbers');
  assert.equal(numbers?.indexedVariables, 200);
  const page = debug.children(numbers?.variablesReference ?? 0, { filter: 'indexed', start: 149, count: 2 });
  assert.deepEqual(
    page.map(({ name, value }) => `${name} ${value}`),
    ['[149] 0', '[150] 15'],
  );
  assert.match(debug.scope('Globals').name, /"model"/);
  assert.equal(debug.scope('Globals').unused, undefined, 'the linker left it out');
  const { data, unreadableBytes } = debug.ask('readMemory', { memoryReference: q.memoryReference, count: 8 });
  assert.deepEqual([...Buffer.from(data, 'base64')], [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]);
  assert.equal(unreadableBytes, 0);
  assert.equal(debug.ask('readMemory', { memoryReference: '0xfffffff0', count: 4 }).data ?? '', '');
  assert.equal(debug.evaluate('q->x + numbers[150] * 2'), '31');
  assert.match(debug.evaluate('p', { context: 'hover' }), /^3 · int · written by line \d+, /);
  assert.equal(debug.evaluate('255', { format: { hex: true } }), '0xff');
  assert.throws(() => debug.evaluate('q->z'), /z/);
  assert.equal(debug.evaluate('$memory[(int)&q->x] + q->x * 2'), '3', 'C and the machine in one expression');
  assert.equal(debug.evaluate('token > 0 && line + q->y < line'), '1');
  const { targets } = debug.ask('completions', { text: 'q->', column: 4 });
  assert.deepEqual(
    targets.map(({ label }: { label: string }) => label),
    ['x', 'y'],
  );
});

test('disassembly around the position is padded at the ends and tied to lines', async () => {
  const debug = await drive(VALUES);
  debug.move('configurationDone');
  const [frame] = debug.frames();
  const around = { memoryReference: frame.instructionPointerReference, instructionOffset: -200, instructionCount: 400 };
  const { instructions } = debug.ask('disassemble', around);
  assert.equal(instructions.length, 400);
  assert.deepEqual([instructions[200].line, instructions[200].location.path], [6, VALUES]);
  const addresses = instructions.map(({ address }: { address: string }) => BigInt(address));
  assert.ok(addresses.every((address: bigint, i: number) => i === 0 || address === addresses[i - 1] + 1n));
  const far = debug.ask('disassemble', {
    memoryReference: '1',
    instructionOffset: -5,
    instructionCount: 7,
  }).instructions;
  assert.deepEqual(
    far.map(({ presentationHint }: { presentationHint?: string }) => presentationHint ?? 'valid'),
    ['invalid', 'invalid', 'invalid', 'invalid', 'valid', 'valid', 'valid'],
  );
  const at = { instructionReference: frame.instructionPointerReference, offset: 3 };
  assert.ok(debug.ask('setInstructionBreakpoints', { breakpoints: [at] }).breakpoints[0].verified);
  assert.equal(debug.move('continue').reason, 'breakpoint');
  assert.equal(Number(debug.frames()[0].instructionPointerReference), Number(at.instructionReference) + 3);
  debug.move('stepBack', { granularity: 'instruction' });
  assert.equal(Number(debug.frames()[0].instructionPointerReference), Number(at.instructionReference) + 2);
});

test('the Attention scope and view name what heads attended to; a token is a place to travel to', async () => {
  const debug = await drive(VALUES, { stopOnEntry: false });
  debug.breakpoints(9);
  debug.move('configurationDone');
  const attention = debug.children(debug.reference('Attention'));
  assert.match(attention[0].name, /^L1·H0 invented 0$/);
  assert.match(attention[0].value, /^token [\d,]+ ".+" · line \d+ · values\.c:8 -> invented 5$/);
  assert.match(attention[1].value, /^all [\d,]+ tokens, equally -> invented [\d,]+$/);
  assert.deepEqual([attention[2].name, attention[2].value], ['idle', '1 heads']);
  const parts = debug.children(attention[0].variablesReference).map(({ name }) => name);
  assert.deepEqual(parts, ['query', 'winner', 'value', 'margin', 'runner-up']);
  const view = debug.ask('stepformer/attention');
  assert.equal(view.tokens[0].focus, true);
  assert.equal(view.heads.length, 3);
  assert.ok(view.sentence.length > 0);
  const here = debug.ask('stepformer/position');
  const { target } = view.heads[0];
  assert.equal(target.place.line, 8);
  assert.equal(debug.ask('stepformer/travel', { token: target.token }).travelled, true);
  assert.equal(debug.events.at(-1)?.body.reason, 'goto');
  assert.equal(debug.ask('stepformer/position').traceLine, target.traceLine);
  assert.equal(debug.ask('stepformer/travel', { token: here.token }).travelled, true);
  assert.deepEqual(debug.ask('stepformer/position'), here);
  assert.equal(debug.ask('stepformer/travel', { token: PROGRAM_START + 3 }).travelled, false, 'a token of the program');
  assert.deepEqual(debug.ask('stepformer/position'), here);
  assert.throws(() => debug.ask('stepformer/travel', { token: 1e9 }), /no token/);
  assert.equal(debug.ask('stepformer/travel', { traceLine: target.traceLine }).travelled, true);
  assert.equal(debug.ask('stepformer/position').traceLine, target.traceLine);
  assert.throws(() => debug.ask('stepformer/travel', { traceLine: 1e9 }), /trace line 1000000000 has not been reached/);
  assert.throws(() => debug.ask('stepformer/travel', {}), /"token" or "traceLine"/);
});

test('trace pages are text with a line per trace line', async () => {
  const debug = await drive(MODULE, { stopOnEntry: false });
  debug.move('configurationDone');
  const page = debug.ask('stepformer/tracePage', { page: 0 });
  const lines = page.text.trimEnd().split('\n');
  assert.equal(lines.length, page.lines);
  assert.match(lines.at(-1), /halt/);
  assert.equal(page.firstLine, 0);
  assert.equal(
    debug.ask('source', { source: { path: 'stepformer-trace:/trace-0.stepformer-trace' } }).content,
    page.text,
  );
});

test('references of an earlier stop are refused', async () => {
  const debug = await drive(VALUES);
  debug.move('configurationDone');
  const [frame] = debug.frames();
  const reference = debug.reference('Locals');
  debug.move('next');
  assert.throws(() => debug.ask('scopes', { frameId: frame.id }), /not a frame of this stop/);
  assert.throws(() => debug.ask('variables', { variablesReference: reference }), /not of this stop/);
});

test('optimised code steps and shows what is left', async () => {
  const path = file(
    'square.c',
    'int square(int x) {\n  return x * x;\n}\nint main(int argc, char **argv) {\n  return square(argc + 2);\n}\n',
  );
  const debug = new Driver(path, await launched(path, [], '', 'O2'), { optimize: 'O2' });
  assert.match(debug.go('configurationDone'), /^entry main:/);
  assert.equal(debug.move('continue').reason, 'end');
});

test('a module with debug information made elsewhere is debugged like C', async () => {
  const { loaded } = await launched(VALUES);
  const path = file('values.wasm', loaded.wasm);
  const debug = await drive(path);
  assert.equal(debug.go('configurationDone'), 'entry main:6');
});

test('several stops inside one wasm module given as bytes', async () => {
  const path = file('seven.wasm', await wasmOf('(module (func (export "main") (result i32) (i32.const 7)))'));
  const debug = await drive(path);
  debug.move('configurationDone');
  assert.match(debug.where(), /i32\.const 7/);
  const end = debug.move('continue');
  assert.match(end.text ?? '', /exit code 7/);
});

test('goto and restartFrame travel to times that have been', async () => {
  const path = file(
    'travel.c',
    'int twice(int n) {\n  int r = n;\n  r += n;\n  return r;\n}\nint main(void) {\n  int sum = 0;\n  for (int i = 0; i < 4; i++)\n    sum += twice(i);\n  return sum;\n}\n',
  );
  const debug = await drive(path, { stopOnEntry: false });
  debug.breakpoints({ line: 4, hitCondition: '3' });
  assert.equal(debug.go('configurationDone'), 'breakpoint twice:4');
  const at = debug.ask('stepformer/position');
  const targets = (line: number) => debug.ask('gotoTargets', { source: { path }, line }).targets;
  assert.equal(targets(9).length, 1, 'what has not been is no target');
  const [target] = targets(3);
  assert.match(target.label, /previous time at line 3/);
  assert.equal(debug.move('goto', { threadId: 1, targetId: target.id }).reason, 'goto');
  assert.deepEqual([debug.where(), debug.scope('Locals').n], ['twice:3', '2']);
  assert.equal(targets(4).length, 2, 'before and after');
  debug.move('goto', { threadId: 1, targetId: targets(4)[0].id });
  assert.deepEqual([debug.where(), debug.scope('Locals').n], ['twice:4', '1']);
  debug.move('goto', { threadId: 1, targetId: at.traceLine });
  assert.deepEqual(debug.ask('stepformer/position'), at);
  assert.equal(debug.move('restartFrame', { frameId: debug.frames()[0].id }).reason, 'restart');
  assert.deepEqual([debug.where(), debug.scope('Locals').n], ['twice:2', '2']);
  debug.move('restartFrame', { frameId: debug.frames()[1].id });
  assert.deepEqual([debug.where(), debug.scope('Locals').sum], ['main:7', 'not written yet']);
  assert.throws(() => debug.ask('goto', { threadId: 1, targetId: 1e9 }), /not a target/);
});

test('tokens are steps inside a line', async () => {
  const debug = await drive(MODULE);
  debug.move('configurationDone');
  const start = debug.ask('stepformer/position');
  const view = () => {
    const { tokens, lineText } = debug.ask('stepformer/attention');
    return `${tokens.findIndex(({ focus }: { focus: boolean }) => focus)} of ${lineText}`;
  };
  assert.equal(view(), '0 of 14 00 00 00 commit(+1,sts=1,bt=0)');
  for (let i = 1; i <= 4; i++) debug.ask('stepformer/stepToken', { direction: 'forward' });
  assert.match(view(), /^4 of 14/);
  assert.equal(debug.ask('stepformer/position').token, start.token + 4);
  debug.move('stepformer/stepToken', { direction: 'forward' });
  assert.match(view(), /^0 of commit\(-1/);
  assert.equal(debug.ask('stepformer/position').traceLine, start.traceLine + 1);
  debug.move('stepformer/stepToken', { direction: 'backward' });
  assert.match(view(), /^4 of 14/, 'the last token of the line before');
});

test('calls thousands deep are walked, and a line at the bottom has its own state', async () => {
  const path = file(
    'deep.c',
    'int down(int n) {\n  if (n == 0)\n    return 0;\n  return 1 + down(n - 1);\n}\nint main(void) {\n  return down(3000) == 3000;\n}\n',
  );
  const debug = await drive(path, { stopOnEntry: false });
  debug.breakpoints({ line: 3, condition: 'n == 0' });
  assert.equal(debug.go('configurationDone'), 'breakpoint down:3');
  const page = debug.ask('stackTrace', { threadId: 1, startFrame: 2999, levels: 3 });
  assert.equal(page.totalFrames, 3002);
  assert.deepEqual(
    page.stackFrames.map(({ name, line }: { name: string; line: number }) => `${name}:${line}`),
    ['down:4', 'down:4', 'main:7'],
  );
  assert.equal(debug.evaluate('n', { frameId: page.stackFrames[1].id }), '3000');
});

test('what points into the stack of C is an address in the wasm scopes, too', async () => {
  const path = file('frame.c', 'int main(void) {\n  int a = 3;\n  int b = a + 5;\n  return b;\n}\n');
  const debug = await drive(path);
  debug.breakpoints(3);
  debug.move('configurationDone');
  for (const name of ['Wasm Locals', 'Operand Stack']) {
    debug.move('next', { granularity: 'instruction' });
    const values = Object.values(debug.scope(name));
    assert.ok(
      values.some((value) => /^0x[0-9a-f]{4,8}$/.test(String(value))),
      `${name}: ${values}`,
    );
  }
});

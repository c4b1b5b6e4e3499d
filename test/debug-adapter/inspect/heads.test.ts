/** What a head did, in words, in sums of slots, and over many tokens: on the model's own passes over a C program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeadForms, HeadPattern, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { Driver, drive, file, launched } from '../driver.ts';
import { KernelSource } from './kernel-source.ts';

const path = file(
  'sum.c',
  `int main(void) {
  int a = 3;
  int b = 5;
  int sum = a + b;
  return sum - 8;
}
`,
);

/** A session at an instruction of line 4. */
async function at(instruction: RegExp): Promise<Driver> {
  const driver = new Driver(path, await launched(path), {}, new KernelSource());
  driver.breakpoints(4);
  driver.move('configurationDone');
  for (let steps = 0; steps < 20; steps++) {
    const { sentence }: TokenAttention = driver.ask('stepformer/attention');
    if (instruction.test(sentence.map(({ text }) => text).join(''))) return driver;
    driver.move('next', { granularity: 'instruction' });
  }
  throw new RangeError(`there is no ${instruction}`);
}

const brought = ({ heads }: TokenAttention, role: string) => heads.find((head) => head.role === role)?.meaning;

test('what heads brought, in words', async () => {
  const driver = await at(/i32\.load/);
  const load: TokenAttention = driver.ask('stepformer/attention');
  assert.equal(brought(load, 'fetch opcode'), 'opcode i32.load');
  assert.match(brought(load, 'memory load') ?? '', /^byte 3, from address 0x[0-9a-f]+$/);
  assert.match(brought(load, 'fetch immediate') ?? '', /^immediate \d+$/);
  assert.match(brought(load, 'cursor') ?? '', /^cursor [\d,]+$/);
  assert.match(brought(load, 'depth (running sums)') ?? '', /^stack depth \d+, call depth \d+$/);
  const add: TokenAttention = (await at(/i32\.add/)).ask('stepformer/attention');
  assert.equal(brought(add, 'fetch opcode'), 'opcode i32.add');
  assert.equal(brought(add, 'byte of stack top'), 'byte 5');
  assert.equal(brought(add, 'byte below stack top'), 'byte 3');
  // The sentence leads to the bytes of the operands.
  const links = add.sentence.filter(({ value, token }) => value !== undefined && token !== undefined);
  const target = (role: string) => add.heads.find((head) => head.role === role)?.target?.token;
  assert.deepEqual(
    links.slice(0, 2).map(({ token }) => token),
    [target('byte of stack top'), target('byte below stack top')],
  );
});

test('query and keys are sums of named slots, and their scores are what the head says', async () => {
  const driver = await at(/i32\.add/);
  const view: TokenAttention = driver.ask('stepformer/attention');
  const { token } = view;
  for (const { layer, head, role, query, target, margin, runnerUp } of view.heads) {
    const why: HeadForms = driver.ask('stepformer/head', { layer, head, token });
    assert.equal(why.role, role);
    assert.deepEqual(
      why.query.map(({ sum }) => sum),
      query,
    );
    for (const { sum, terms } of [...why.query, ...(why.winner?.key ?? [])]) {
      assert.equal(
        terms.reduce((total, { weight, value }) => total + weight * value, 0),
        sum,
        role,
      );
    }
    assert.equal(why.winner?.token, target?.token);
    assert.equal(why.runnerUp?.token, runnerUp?.token);
    if (why.winner && why.runnerUp) assert.equal(why.winner.score - why.runnerUp.score, margin, role);
  }
  const head = view.heads.find(({ role }) => role === 'byte of stack top');
  const why: HeadForms = driver.ask('stepformer/head', { layer: head?.layer, head: head?.head, token });
  assert.ok(why.query[0].terms.some(({ slot }) => slot === 'stack top: position'));
  assert.deepEqual(
    why.winner?.key.map(({ terms }) => terms.map(({ slot }) => slot)),
    [['position'], ['position²']],
  );
  assert.throws(() => driver.ask('stepformer/head', { layer: 99, head: 0, token }), /nothing is known of a head 0/);
  assert.throws(() => driver.ask('stepformer/head', { layer: 0, head: 0, token: 1e6 }), /no head wrote token/);
});

test('the pattern of a head says for each token what the view says of it; of many, as many as were asked for', async () => {
  const driver = await at(/i32\.add/);
  const { traceLine } = driver.ask('stepformer/position');
  const args = { layer: 5, head: 1, from: traceLine - 4, to: traceLine + 1 };
  const few: HeadPattern = driver.ask('stepformer/pattern', args);
  assert.equal(few.role, 'memory load');
  assert.equal(few.rows.length, few.end - few.first);
  for (const row of few.rows) {
    const view: TokenAttention = driver.ask('stepformer/attention', { token: row.token });
    const head = view.heads.find(({ role }) => role === few.role);
    assert.deepEqual(
      [row.target, row.meaning, row.active, row.margin],
      [head?.target?.token ?? -1, head?.meaning, head?.active, head?.margin],
    );
  }
  const many: HeadPattern = driver.ask('stepformer/pattern', { ...args, from: 0, points: 5 });
  assert.ok(many.rows.length <= 5 && many.rows.length > 1);
  assert.equal(many.first, many.prompt);
  assert.equal(many.end, few.end);
  for (const { token } of many.rows) {
    const { tokens }: TokenAttention = driver.ask('stepformer/attention', { token });
    assert.equal(token, tokens[0].token, 'the first of its line');
  }
  const ahead = { ...args, from: traceLine + 1, to: traceLine + 9 };
  assert.throws(() => driver.ask('stepformer/pattern', ahead), /there are no trace lines/);
});

test('of a source that knows no weights nothing is told', async () => {
  const driver = await drive(path);
  driver.move('configurationDone');
  const { token } = driver.ask('stepformer/position');
  assert.throws(() => driver.ask('stepformer/head', { layer: 1, head: 0, token }), /nothing is known of a head/);
});

/** How a token was chosen, as clients are told, and what would have been chosen instead; on the model itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CounterfactualAnswer, TokenAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { drive, file, launched } from '../driver.ts';

const { source } = transformerSources();

const ADD = file('add.c', 'int main(void) {\n  int a = 3;\n  int b = 5;\n  int sum = a + b;\n  return sum;\n}\n');

async function ended() {
  const { loaded, input } = await launched(ADD);
  const options = { program: loaded.program, input, attention: 'hull', engine: 'kernel' } as const;
  const driver = await drive(ADD, { stopOnEntry: true }, await source(options));
  driver.move('configurationDone');
  driver.move('continue');
  return driver;
}

type Driven = Awaited<ReturnType<typeof ended>>;

/** The first byte that the addition said. */
function sumToken(driver: Driven): number {
  const { now } = driver.ask('stepformer/position');
  // Line 1 of the trace, of the first instruction, is behind the prompt.
  for (let token = driver.ask('stepformer/travel', { traceLine: 0 }).token; token <= now; token++) {
    const { layers }: TokenAnswer = driver.ask('stepformer/token', { token });
    const fetching = layers.flatMap(({ heads }) => heads).find(({ role }) => role === 'fetch opcode');
    if (fetching?.target?.text === 'i32.add') return token;
  }
  return assert.fail('there is no addition');
}

test('of every token that was generated: the best is the one that stands there', async () => {
  const driver = await ended();
  const { now } = driver.ask('stepformer/position');
  for (let token = now; token > now - 60; token--) {
    const { text, chosen, best, given }: TokenAnswer = driver.ask('stepformer/token', { token });
    assert.equal(text, chosen.text);
    assert.equal(best[0].text, chosen.text);
    assert.ok(!given);
  }
});

test('3 + 5: the layer that decided, the heads that brought the operands, and a rival that one can choose', async () => {
  const driver = await ended();
  const token = sumToken(driver);
  const answer: TokenAnswer = driver.ask('stepformer/token', { token });
  assert.equal(answer.text, '08');
  assert.equal(answer.place?.line, 4);
  assert.match(answer.headline, /sum = a \+ b/);
  const heads = answer.layers.flatMap(({ heads }) => heads.filter(({ active }) => active));
  const brought = heads.find(({ role }) => role === 'byte below stack top');
  assert.equal(brought?.target?.text, '03');
  assert.equal(answer.layers[answer.decided].says, '08');
  const { rival } = driver.ask('stepformer/token', { token, rival: '0a' });
  assert.deepEqual(rival, { text: '0a', logit: answer.chosen.logit - 4 });
  assert.throws(() => driver.ask('stepformer/token', { token, rival: 'nonsense' }), /no token "nonsense"/);
});

test('of circuits those are told that fired, of heads that had no part only what they looked at', async () => {
  const driver = await ended();
  const { layers }: TokenAnswer = driver.ask('stepformer/token', { token: sumToken(driver) });
  const circuits = layers.flatMap(({ circuits }) => circuits);
  assert.ok(circuits.length > 10);
  // Erasers are no part of what fired, nor are circuits whose gates are closed.
  for (const { names, fired } of circuits) assert.ok(names.length > 0 && fired > 0);
  for (const { neurons, circuits } of layers) {
    assert.ok(neurons >= circuits.reduce((sum, circuit) => sum + circuit.neurons, 0));
  }
  const idle = layers.flatMap(({ heads }) => heads.filter(({ active, target }) => !active && target));
  for (const { target } of idle) assert.deepEqual(Object.keys(target ?? {}), ['token', 'text']);
});

test('with another operand byte the model says another sum, and the recording stays as it is', async () => {
  const driver = await ended();
  const token = sumToken(driver);
  const { layers }: TokenAnswer = driver.ask('stepformer/token', { token });
  const operand = layers.flatMap(({ heads }) => heads).find(({ role }) => role === 'byte below stack top')?.target;
  const changed = operand?.token as number;
  const answer: CounterfactualAnswer = driver.ask('stepformer/counterfactual', { token, changed, to: '04' });
  assert.deepEqual(answer.changed, { token: changed, from: '03', to: '04' });
  assert.equal(answer.before.text, '08');
  assert.equal(answer.after.text, '09');
  const roles = answer.heads.filter(({ active }) => active).map(({ role }) => role);
  assert.ok(roles.includes('byte below stack top'));
  assert.equal(driver.ask('stepformer/token', { token }).text, '08');
  const same: CounterfactualAnswer = driver.ask('stepformer/counterfactual', { token, changed, to: '03' });
  assert.equal(same.after.text, '08');
  assert.deepEqual(same.heads, []);
});

test('another instruction in the program says another result', async () => {
  const driver = await ended();
  const token = sumToken(driver);
  const { layers }: TokenAnswer = driver.ask('stepformer/token', { token });
  const opcode = layers.flatMap(({ heads }) => heads).find(({ role }) => role === 'fetch opcode')?.target;
  assert.equal(opcode?.text, 'i32.add');
  const changed = opcode.token;
  assert.equal(driver.ask('stepformer/counterfactual', { token, changed, to: 'i32.mul' }).after.text, '0f');
});

test('a token that was put there by an edit is told apart from what the model would have said', async () => {
  const driver = await ended();
  const token = sumToken(driver);
  driver.ask('stepformer/travel', { token });
  const { now: before } = driver.ask('stepformer/position');
  driver.ask('setExpression', { expression: 'a', value: '7', frameId: driver.frames()[0].id });
  const { now } = driver.ask('stepformer/position');
  assert.notEqual(now, before);
  const asked = Array.from({ length: 8 }, (_, i): TokenAnswer => driver.ask('stepformer/token', { token: now - i }));
  assert.ok(asked.some(({ given, text }) => given && text === '07'));
});

test('what cannot be asked is refused in words', async () => {
  const driver = await ended();
  const token = sumToken(driver);
  const { now } = driver.ask('stepformer/position');
  assert.throws(() => driver.ask('stepformer/token', { token: 3 }), /token 3 belongs to the prompt/);
  assert.throws(() => driver.ask('stepformer/token', { token: now + 1 }), /there is no token/);
  const ask = (changed: number, to: string) => () => driver.ask('stepformer/counterfactual', { token, changed, to });
  assert.throws(ask(token, '04'), /does not stand before/);
  assert.throws(ask(token - 2, 'i32.add'), /another kind of token/);
});

test('without a model nobody knows', async () => {
  const driver = await drive(ADD, { stopOnEntry: true });
  driver.move('configurationDone');
  assert.throws(() => driver.ask('stepformer/token'), /no model to look at/);
});

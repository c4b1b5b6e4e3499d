/** The hull of a head: the model's own keys, what won, what softmax would make of it, thinned to what can be drawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloudOf, type Direction, directionOf } from '../../../debug-adapter/explain/hull/cloud.ts';
import { Softmax } from '../../../debug-adapter/explain/hull/softmax.ts';
import type { HeadView, HullAnswer, TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { finish, Pace } from '../../../debug-adapter/recording/pace.ts';
import type { HeadKeys } from '../../../debug-adapter/recording/token-source.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { readModelFiles } from '../../../engine/run/model-files.ts';
import { Model } from '../../../engine/transformer/model.ts';
import { Transformer } from '../../../engine/transformer/transformer.ts';
import { randomNumbers } from '../../trace/random-program.ts';
import { type Driver, drive, file, launched } from '../driver.ts';

const PROGRAM = file(
  'hull.c',
  `int total;
int main(void) {
  int squares[4];
  for (int i = 0; i < 4; i++) squares[i] = i * i;
  for (int i = 0; i < 4; i++) total += squares[i];
  return total;
}
`,
);

/** The program at its end, and the plain pass over the same tokens. */
async function run(): Promise<{ driver: Driver; plain: Transformer; tokens: number[] }> {
  const { loaded, input } = await launched(PROGRAM);
  const { source } = transformerSources();
  const options = { program: loaded.program, input, attention: 'hull', engine: 'kernel' } as const;
  const model = await source(options);
  const driver = await drive(PROGRAM, {}, model);
  driver.move('configurationDone');
  driver.move('continue');
  const plain = new Transformer(Model.load(await readModelFiles()), 'hull');
  plain.append(model.read(0, model.length));
  const { now } = driver.ask('stepformer/position');
  return { driver, plain, tokens: [now - 700, now - 400, now - 60, now] };
}

/** Keys on the hull by the slow way: no line between two others passes above one. */
function vertices(points: readonly (readonly [number, number])[], sign: number): Map<number, number> {
  const highest = new Map<number, number>();
  for (const [x, y] of points) highest.set(x, Math.max(sign * y, highest.get(x) ?? Number.NEGATIVE_INFINITY));
  const sorted = [...highest].sort(([a], [b]) => a - b);
  const hull: (readonly [number, number])[] = [];
  for (const point of sorted) {
    while (hull.length > 1) {
      const [a, b] = hull.slice(-2);
      // Exact: these products are beyond what a double holds.
      const wide = (u: readonly number[], v: readonly number[]) =>
        BigInt(2 * (u[0] - a[0])) * BigInt(2 * (v[1] - a[1]));
      if (wide(b, point) <= wide(point, b)) break;
      hull.pop();
    }
    hull.push(point);
  }
  return new Map(hull);
}

test('what wins is what the head attended to, and the points are the keys of the plain pass', async () => {
  const { driver, plain, tokens } = await run();
  let memory = 0;
  for (const token of tokens) {
    const { heads }: TokenAttention = driver.ask('stepformer/attention', { token });
    for (const { layer, head, role, target, shared, margin, runnerUp, query } of heads as HeadView[]) {
      const what = `L${layer}·H${head} ${role}, token ${token}`;
      const hull: HullAnswer = driver.ask('stepformer/hull', { layer, head, token, points: 4096 });
      assert.equal(hull.winner?.standing.token, target?.token, what);
      assert.deepEqual([hull.shared, hull.margin, hull.query], [shared, margin, query], what);
      assert.equal(hull.runnerUp?.standing.token, runnerUp?.token, what);
      if (hull.winner && hull.runnerUp) assert.equal(hull.winner.score - hull.runnerUp.score, margin, what);
      assert.deepEqual([hull.keys, hull.onHull + hull.below], [token, token], what);
      if (!Number.isInteger(query[0])) continue;

      const keys = plain.keys(layer, head, 0, token);
      const points = Array.from({ length: token }, (_, t) => [keys[2 * t], keys[2 * t + 1]] as const);
      const { axis, sign } = directionOf([query[0], query[1]]);
      const turned = points.map(([x, y]) => (axis === 'x' ? ([x, y] as const) : ([y, x] as const)));
      const known = vertices(turned, sign);
      const count = new Map<number, number>();
      for (const [x, y] of turned) if (known.get(x) === sign * y) count.set(x, (count.get(x) ?? 0) + 1);
      for (const { across, score, places, tokens: having } of hull.columns) {
        if (places > 1) continue;
        assert.equal(having, count.get(across), `${what}, at ${across}`);
        const along = sign * (known.get(across) as number);
        const expected = axis === 'x' ? query[0] * across + query[1] * along : query[0] * along + query[1] * across;
        assert.equal(score, expected, `${what}, at ${across}`);
      }
      for (const one of [hull.winner, hull.runnerUp]) {
        if (!one?.tokens) continue;
        assert.equal(one.tokens, count.get(one.across), `${what}: tokens with the key of ${one.standing.token}`);
      }
      if (hull.winner) {
        const best = Math.max(...hull.columns.map(({ score }) => score));
        assert.equal(best, hull.score, `${what}: the winner is at the top`);
      }
      if (role === 'memory load' && hull.places > 4 && hull.below > 0) memory++;
    }
  }
  assert.ok(memory > 0, 'memory was written, and most tokens write none');
});

test('what C calls the byte that is loaded', async () => {
  const { driver, tokens } = await run();
  const names = new Set<string>();
  for (let token = (tokens.at(-1) as number) - 900; token < (tokens.at(-1) as number); token++) {
    const { heads }: TokenAttention = driver.ask('stepformer/attention', { token });
    const load = heads.find(({ role, active }) => role === 'memory load' && active);
    if (!load) continue;
    const { variable }: HullAnswer = driver.ask('stepformer/hull', { layer: load.layer, head: load.head, token });
    if (variable) names.add(`${variable.name} ${variable.function ?? ''}`);
  }
  for (const name of ['i main', 'total ', 'squares[3] main']) assert.ok(names.has(name), `${name}: ${[...names]}`);
});

test('a window tells of what lies in it, and of the nearest key on either side', async () => {
  const { driver, tokens } = await run();
  const token = tokens.at(-1) as number;
  const { heads }: TokenAttention = driver.ask('stepformer/attention', { token });
  const { layer, head } = heads.find(({ role }) => role === 'memory load') as HeadView;
  const all: HullAnswer = driver.ask('stepformer/hull', { layer, head, token, points: 4096 });
  assert.ok(all.parabola && all.latest && all.sampled === 1);
  const at = all.columns.map(({ across }) => across);
  const window = { from: at[2], to: at[4] };
  const part: HullAnswer = driver.ask('stepformer/hull', { layer, head, token, window, points: 4096 });
  assert.deepEqual(
    part.columns.map(({ across }) => across),
    at.slice(1, 6),
  );
  const one: HullAnswer = driver.ask('stepformer/hull', { layer, head, token, points: 1 });
  assert.deepEqual(
    one.columns.reduce((sum, { places }) => sum + places, 0),
    all.places,
  );
  assert.ok(one.columns.length <= 2);
});

test('a token as a key; what is not there is refused', async () => {
  const { driver, plain, tokens } = await run();
  const [token] = tokens;
  const { standing, key } = driver.ask('stepformer/key', { layer: 0, head: 0, token });
  assert.equal(standing.token, token);
  assert.deepEqual(key, [...plain.keys(0, 0, token, token + 1)]);
  const { now } = driver.ask('stepformer/position');
  assert.throws(() => driver.ask('stepformer/key', { layer: 0, head: 0, token: now + 1 }), /there is no token/);
  assert.throws(() => driver.ask('stepformer/hull', { layer: 0, head: 0, token: 0 }), /no pass chose token 0/);
  assert.throws(() => driver.ask('stepformer/hull', { layer: 99, head: 0, token }), /no head 0 at work in layer 99/);
  const oracle = await drive(PROGRAM);
  oracle.move('configurationDone');
  assert.throws(() => oracle.ask('stepformer/hull', { layer: 1, head: 0 }), /nobody knows the keys/);
});

/** Keys that a list holds. */
function listed(keys: Float64Array, slope = 1024): HeadKeys {
  return { slope, scaleBits: 11, read: (from, to) => keys.slice(2 * from, 2 * to) };
}

const pace = new Pace();

test('keys of any kind: the hull on every side', () => {
  const random = randomNumbers(7);
  const keys = Float64Array.from({ length: 2000 }, () => random(41) - 20);
  for (const query of [
    [1, 3],
    [2, -1],
    [5, 0],
    [-5, 0],
  ] as [number, number][]) {
    const direction: Direction = directionOf(query);
    const cloud = finish(cloudOf(listed(keys), 1000, direction, { sample: false, always: [] }, pace));
    const flip = direction.axis === 'y' ? 1 : 0;
    const points = Array.from({ length: 1000 }, (_, t) => [keys[2 * t + flip], keys[2 * t + 1 - flip]] as const);
    const expected = vertices(points, direction.sign);
    assert.deepEqual(
      [...cloud.across].map((across, i) => [across, direction.sign * cloud.along[i]]),
      [...expected],
      `${query}`,
    );
    const best = Math.max(
      ...points.map(([a, b]) => (flip ? query[0] * b + query[1] * a : query[0] * a + query[1] * b)),
    );
    const top = [...cloud.across].map((a, i) => [a, cloud.along[i]]);
    const found = Math.max(...top.map(([a, b]) => (flip ? query[0] * b + query[1] * a : query[0] * a + query[1] * b)));
    assert.equal(found, best, `${query}`);
  }
});

test('keys of positions are all on the hull; one that is not among them changes that', () => {
  const positions = Float64Array.from({ length: 40 }, (_, i) => (i % 2 ? -(((i - 1) / 2) ** 2) : i));
  for (const [last, expected] of [
    [[40, -400], 21],
    [[40, -390], 19],
    [[10, -30], 20],
    [[-2, -1], 21],
  ] as const) {
    const keys = listed(Float64Array.from([...positions, ...last]));
    const cloud = finish(cloudOf(keys, 21, { axis: 'x', sign: 1 }, { sample: false, always: [] }, pace));
    const points = Array.from({ length: 21 }, (_, t) => [...keys.read(t, t + 1)] as unknown as [number, number]);
    assert.deepEqual(
      [...cloud.across].map((across, i) => [across, cloud.along[i]]),
      [...vertices(points, 1)],
      `${last}`,
    );
    assert.equal(cloud.across.length, expected, `${last}`);
    assert.equal(cloud.below, 21 - expected);
  }
});

/** `length` tokens of which each fifth writes one of some addresses, and the others are pushed far down. */
function writes(length: number, addresses: number): Float64Array {
  const random = randomNumbers(3);
  const keys = new Float64Array(2 * length);
  for (let t = 0; t < length; t++) {
    const address = 2 ** 18 - 1 - random(addresses);
    keys[2 * t] = t % 5 ? 0 : 2 * address;
    keys[2 * t + 1] = t % 5 ? -(2 ** 52) : -address * address;
  }
  return keys;
}

test('of many keys a sample comes first: about as many, and what won is in it', () => {
  const length = 2_000_000;
  const keys = listed(writes(length, 1000));
  const direction: Direction = { axis: 'x', sign: 1 };
  const always = [5, 1_234_565];
  const [sample, whole] = [true, false].map((wanted) =>
    finish(cloudOf(keys, length, direction, { sample: wanted, always }, pace)),
  );
  assert.ok(sample.sampled > 1 && whole.sampled === 1);
  assert.equal(whole.across.length, 1000);
  assert.equal(whole.below, (length * 4) / 5, 'what is pushed down is apart');
  const total = (tokens: Int32Array) => tokens.reduce((sum, count) => sum + count, 0);
  assert.equal(total(whole.tokens), length / 5);
  assert.ok(Math.abs(total(sample.tokens) / total(whole.tokens) - 1) < 0.05);
  for (const token of always) assert.ok(sample.across.includes(keys.read(token, token + 1)[0]));
  for (const [i, latest] of whole.latest.entries()) assert.equal(keys.read(latest, latest + 1)[0], whole.across[i]);
});

/** What softmax makes of a query: the hull's choice among `length` tokens found by the list. */
function weigh(keys: HeadKeys, length: number, query: [number, number]) {
  const scored = Array.from({ length }, (_, t) => {
    const [x, y] = keys.read(t, t + 1);
    return { t, x, y, score: query[0] * x + query[1] * y };
  });
  const sorted = [...scored].sort((a, b) => b.score - a.score || b.t - a.t);
  const [{ t: target, score }, { t: runnerUp }] = sorted;
  const softmax = new Softmax(keys, { query, score, target, runnerUp, tokens: length });
  for (const { t, x, y } of scored) softmax.add(t, x, y);
  return { scored, target, runnerUp, softmax };
}

test('softmax: exact while logits are, then not; never where it is warm', () => {
  const keys = listed(writes(4000, 30));
  const query: [number, number] = [2 ** 18 - 3, 1];
  const { scored, target, runnerUp, softmax } = weigh(keys, 4000, query);
  const [cold, warm, hot] = softmax.weighed();
  assert.deepEqual([cold.winner, cold.runnerUp, cold.others, cold.exact], [1, 0, 0, true]);
  assert.ok(!hot.exact);
  for (const { temperature, winner, runnerUp: next, others } of [warm, hot]) {
    const logits = scored.map(({ score, t }) => (softmax.scale * score - 1024 * (3999 - t)) / temperature);
    const greatest = Math.max(...logits);
    const weights = logits.map((logit) => Math.exp(logit - greatest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    assert.ok(Math.abs(winner - weights[target] / total) < 1e-9);
    assert.ok(Math.abs(next - weights[runnerUp] / total) < 1e-9);
    assert.ok(Math.abs(winner + next + others - 1) < 1e-9);
  }
  assert.match(hot.why, /Too warm/);

  // Writers of one address five tokens apart, in a trace that is too long for addresses of 18 bits.
  const tokens = 1_000_000;
  const address = 2 ** 18 - 1;
  const chosen = { score: address ** 2, target: tokens - 1, runnerUp: tokens - 6, tokens };
  const rounded = new Softmax(keys, { ...chosen, query: [address, 1] });
  for (let t = tokens - 1001; t < tokens; t += 5) rounded.add(t, 2 * address, -(address ** 2));
  const [long] = rounded.weighed();
  assert.ok(!long.exact && long.winner < 1 && long.runnerUp > 0, JSON.stringify(long));
  assert.match(long.why, /rounding hides which of two tokens less than \d+ apart was later/);
});

test('softmax: equal scores share where no slope tells them apart', () => {
  const keys = listed(Float64Array.from([0, 0, 2, -1, 0, 0, 4, -4]), 0);
  const softmax = new Softmax(keys, { query: [0, 1], score: 0, target: -1, runnerUp: 1, tokens: 4 });
  for (let t = 0; t < 4; t++) softmax.add(t, ...(keys.read(t, t + 1) as unknown as [number, number]));
  const [cold, hot] = softmax.weighed();
  assert.deepEqual([cold.winner, cold.exact], [1, true]);
  assert.match(cold.why, /share the attention equally/);
  assert.ok(!hot.exact);
});

/** The trail of what was looked at: back and forward over journeys and selections; steps of the debugger are no journeys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Trail } from '../../extension/host/trail.ts';
import type { ToPage } from '../../extension/views/link/messages.ts';

/** A session that stands where it is told to. */
class Ground {
  token: number | undefined = 100;
  shown: ToPage['selection'] = { selection: {}, back: false, forward: false };
  /** Tokens below belong to the prompt. */
  readonly first = 50;
  readonly trail = new Trail({
    position: () => this.token,
    travel: (token) => this.travel(token),
    show: (shown) => {
      this.shown = shown;
    },
  });

  constructor() {
    this.trail.moved();
  }

  async travel(token: number, journey: 'journey' | 'along' = 'journey'): Promise<boolean> {
    this.trail.depart(journey);
    await Promise.resolve();
    if (token < this.first) {
      this.trail.depart(undefined);
      return false;
    }
    this.stop(token);
    return true;
  }

  stop(token: number): void {
    this.token = token;
    this.trail.moved();
  }

  get where() {
    return { token: this.token, ...this.shown };
  }
}

test('back and forward over selections and journeys: what was selected there is selected again', async () => {
  const ground = new Ground();
  const { trail } = ground;
  trail.select({ token: 98 });
  trail.select({ token: 98, layer: 5, head: 1 });
  await ground.travel(70);
  assert.deepEqual(ground.where, { token: 70, selection: {}, back: true, forward: false });
  await trail.go(-1);
  assert.deepEqual(ground.where, {
    token: 100,
    selection: { token: 98, layer: 5, head: 1 },
    back: true,
    forward: true,
  });
  await trail.go(-1);
  await trail.go(-1);
  assert.deepEqual(ground.where, { token: 100, selection: {}, back: false, forward: true });
  await trail.go(-1);
  for (let times = 0; times < 3; times++) await trail.go(1);
  assert.deepEqual(ground.where, { token: 70, selection: {}, back: true, forward: false });
});

test('another selection after going back is the way forward', async () => {
  const ground = new Ground();
  await ground.travel(70);
  await ground.trail.go(-1);
  ground.trail.select({ token: 99 });
  assert.deepEqual(ground.where, { token: 100, selection: { token: 99 }, back: true, forward: false });
});

test('steps move the place where one is, and leave nothing to go back to but where one has travelled from', async () => {
  const ground = new Ground();
  ground.stop(104);
  ground.stop(108);
  assert.equal(ground.shown.back, false);
  await ground.travel(70);
  ground.trail.select({ token: 69 });
  ground.stop(74);
  assert.deepEqual(ground.where, { token: 74, selection: {}, back: true, forward: false });
  await ground.trail.go(-1);
  assert.deepEqual(ground.where, { token: 108, selection: {}, back: false, forward: true });
});

test('being led along is one journey; one that leads nowhere is none', async () => {
  const ground = new Ground();
  await ground.travel(90);
  for (const token of [85, 80, 75]) await ground.travel(token, 'along');
  assert.equal(await ground.travel(10), false);
  ground.stop(79);
  await ground.trail.go(-1);
  assert.deepEqual(ground.where, { token: 100, selection: {}, back: false, forward: true });
});

test('a journey may end with something selected, and is gone back from as any other', async () => {
  const ground = new Ground();
  ground.trail.depart('journey', { token: 70, layer: 5, head: 1 });
  ground.stop(70);
  assert.deepEqual(ground.shown, { selection: { token: 70, layer: 5, head: 1 }, back: true, forward: false });
  ground.stop(74);
  assert.deepEqual(ground.shown.selection, {});
  await ground.trail.go(-1);
  assert.equal(ground.token, 100);
});

test('a session that has ended leaves no trail', () => {
  const ground = new Ground();
  ground.trail.select({ token: 99 });
  ground.token = undefined;
  ground.trail.moved();
  assert.deepEqual(ground.shown, { selection: {}, back: false, forward: false });
});

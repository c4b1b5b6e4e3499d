/** What compares a token with others of its context can be looked at in every one: keys, queries, patterns, and what would have been. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../../debug-adapter/inspect/token-view.ts';
import type {
  CounterfactualAnswer,
  HeadForms,
  HullAnswer,
  HullKey,
  TokenAttention,
} from '../../../debug-adapter/protocol/protocol.ts';
import { KIND, KINDS } from '../../../engine/trace/notation.ts';
import type { Driver } from '../driver.ts';
import { open, small } from './in-contexts.ts';

/** A session at the end of the program. */
async function ended(room?: number): Promise<Driver> {
  const debug = await open(room === undefined ? undefined : small(room), { text: 'he' });
  assert.equal(debug.move('continue').reason, 'end');
  return debug;
}

const one = await ended();
const many = await ended(700);
const { recording } = many.session;
/** The first token of the third context. */
let third = recording.history.promptLength;
while (recording.contextOf(third) < 2) third++;

test('a hull is drawn of the keys of its context, and its tokens are those of the run', () => {
  let carried = 0;
  let drawn = 0;
  for (let token = third + 1; token < third + 400; token += 19) {
    const { heads }: TokenAttention = many.ask('stepformer/attention', { token });
    for (const { layer, head, role, active, target } of heads) {
      if (!active || !target) continue;
      drawn++;
      const hull: HullAnswer = many.ask('stepformer/hull', { layer, head, token, points: 300 });
      const { winner, query, context } = hull;
      const name = `token ${token}, ${role}`;
      assert.ok(winner && context, name);
      assert.deepEqual(winner.standing, target, name);
      assert.equal(context.number, 3);
      assert.equal(hull.keys, context.carried + token - third, name);
      assert.equal(query[0] * winner.key[0] + query[1] * winner.key[1], hull.score, name);
      assert.equal(winner.score, hull.score, name);
      if (winner.standing.carried !== undefined) {
        carried++;
        assert.ok((winner.position ?? 0) < context.carried, name);
      } else if (target.token >= third) assert.equal(winner.position, context.carried + target.token - third, name);
      // All keys are on the hull or below it.
      assert.equal(hull.onHull + hull.below, hull.keys, name);
      const dot = hull.columns.find(({ across }) => across === winner.across);
      assert.ok(dot === undefined || dot.score <= hull.score, name);
      for (const { token: latest, position } of hull.columns.slice(0, 3)) {
        const key: HullKey = many.ask('stepformer/key', { layer, head, token: latest, position, pass: token - 1 });
        assert.equal(key.standing.token, latest, name);
      }
      const { position } = winner;
      const key: HullKey = many.ask('stepformer/key', { layer, head, token: target.token, position, pass: token - 1 });
      assert.deepEqual([key.key, key.standing], [winner.key, target], name);
      const forms: HeadForms = many.ask('stepformer/head', { layer, head, token });
      assert.deepEqual([forms.winner?.token, forms.winner?.score], [target.token, hull.score], name);
      assert.equal(forms.winner?.carried, target.carried, name);
    }
  }
  assert.ok(drawn > 100 && carried > 5, `${drawn} hulls, ${carried} with a winner that was carried over`);
});

test('a key is known in the context of its token, and to later passes of that', () => {
  const ask = (args: object) => many.ask('stepformer/key', { layer: 0, head: 0, ...args });
  assert.equal(ask({ token: third + 5 }).standing.token, third + 5);
  assert.deepEqual(ask({ token: third + 5, pass: third + 9 }), ask({ token: third + 5 }));
  assert.throws(() => ask({ token: third + 9, pass: third + 5 }), /saw no key of token/);
  assert.throws(() => ask({ token: third - 30, pass: third + 5 }), /saw no key of token/);
});

test('what would have been, had a byte of the context, of the one before it, or of the program been another', () => {
  const seen = { same: 0, carried: 0, program: 0 };
  for (let token = third; token < third + 400; token += 2) {
    if (KINDS[recording.tokenAt(token)] !== KIND.byte) continue;
    const { heads }: TokenAttention = one.ask('stepformer/attention', { token });
    const read = heads.find(
      ({ role, active, target }) =>
        active &&
        target &&
        KINDS[recording.tokenAt(target.token)] === KIND.byte &&
        /load|stack|local|global/.test(role),
    )?.target;
    const instruction = heads.find(({ role, active, target }) => active && target && /immediate/.test(role))?.target;
    for (const changed of [read?.token, instruction?.token]) {
      if (changed === undefined || KINDS[recording.tokenAt(changed)] !== KIND.byte) continue;
      const was = textOf(recording.tokenAt(changed));
      const kind = recording.passes.carriedTo(token - 1, changed) ? 'carried' : changed < third ? 'program' : 'same';
      if (seen[kind] > 8 || (kind === 'carried' && was === '00')) continue;
      const to = was === '3d' ? '3c' : '3d';
      const name = `token ${token}, with ${to} for ${was} at ${changed}`;
      const ask = (debug: Driver): CounterfactualAnswer =>
        debug.ask('stepformer/counterfactual', { token, changed, to });
      const expected = ask(one);
      if (recording.passes.positionsOf(changed, token - 1).length === 0) {
        assert.equal(expected.after.text, expected.before.text, `${name}: nothing hangs on what is not carried over`);
        continue;
      }
      const found = ask(many);
      assert.equal(found.before.text, expected.before.text, name);
      assert.equal(found.after.text, expected.after.text, name);
      if (found.after.text !== found.before.text) seen[kind]++;
    }
  }
  assert.ok(Math.min(seen.same, seen.carried) > 5, JSON.stringify(seen));
  const token = third + 50;
  const lost = recording.firstToken(recording.lineOfToken(third - 40) + 1) - 1;
  assert.throws(
    () => many.ask('stepformer/counterfactual', { token, changed: lost, to: textOf(recording.tokenAt(lost)) }),
    /was not carried over to context 3/,
  );
});

test('a pattern goes over the ends of contexts', () => {
  const from = recording.lineOfToken(third) - 150;
  const { heads }: TokenAttention = one.ask('stepformer/attention', { token: third });
  for (const { layer, head, role } of heads.filter((each) => /stack|local|load|instruction|cursor/.test(each.role))) {
    const [expected, found] = [one, many].map((debug) =>
      debug.ask('stepformer/pattern', { layer, head, from, to: from + 400, points: 300 }),
    );
    assert.ok(recording.contextOf(found.first) < recording.contextOf(found.end - 1) - 1);
    assert.equal(found.rows.length, expected.rows.length);
    for (const [i, row] of found.rows.entries()) {
      if (row.active && expected.rows[i].active)
        assert.equal(row.target, expected.rows[i].target, `${role}, ${row.token}`);
    }
  }
});

/** Edits in a history, against the oracle that was edited likewise: what is anywhere afterwards, and who put it there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { type Edit, editTokens } from '../../engine/isa/edit-lines.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { ByteSteps } from '../../engine/trace/byte-steps.ts';
import { History } from '../../engine/trace/history.ts';
import { sentence } from '../../engine/trace/sentence.ts';
import { programOf } from '../oracle/build.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { randomNumbers, randomProgram } from './random-program.ts';
import { historyState, oracleState, type State } from './states.ts';

/** A random edit of what there is; of a value the width that it has, where it was ever written. */
function randomEdit(oracle: Interpreter, random: (n: number) => number): Edit {
  const { program, depth, callDepth } = oracle;
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => random(256));
  const cell = (kind: 'local' | 'global', place: number): Edit => {
    return { kind, place, bytes: bytes(oracle.cellsWidth[place] || (place % program.stride > 2 ? 8 : 4)) };
  };
  switch (random(4)) {
    case 0: {
      const slot = random(Math.max(depth, 1));
      if (slot >= depth) return randomEdit(oracle, random);
      return { kind: 'stack', place: slot + 1, bytes: bytes(oracle.stackWidth[slot]) };
    }
    case 1:
      return cell('global', 1 + random(4));
    case 2:
      return { kind: 'memory', place: random(390), bytes: bytes(1 + random(9)) };
    default:
      // The counter of a loop is cell 0.
      return callDepth === 0
        ? cell('global', 1)
        : cell('local', (1 + random(callDepth)) * program.stride + 1 + random(4));
  }
}

test('stack, cells, memory and calls at random lines are those of the oracle, edited at random lines', () => {
  const kinds = new Map<string, number>();
  let compared = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const random = randomNumbers(seed);
    const program = randomProgram(seed);
    const oracle = new Interpreter(program);
    const history = new History(program, encodePrompt(program, new Uint8Array()));
    const states = new Map<number, State>();
    let heard = 0;
    const hear = () => {
      history.append(oracle.trace.slice(heard));
      heard = oracle.tokens;
    };
    while (oracle.end === 'budget' && oracle.tokens < 5000) {
      if (random(20) === 0) states.set(oracle.lines, oracleState(oracle));
      if (random(40) === 0) {
        const edit = randomEdit(oracle, random);
        const before = oracle.cursor;
        hear();
        oracle.edit(edit.kind, edit.place, [...edit.bytes]);
        const line = oracle.trace.slice(heard);
        assert.deepEqual(editTokens(edit), line);
        history.appendGiven(line);
        heard = oracle.tokens;
        assert.equal(history.cursorOf(history.lines), before, 'an edit moves no cursor');
        assert.equal(history.executes(history.lines - 1), false);
        states.set(oracle.lines, oracleState(oracle));
        kinds.set(edit.kind, (kinds.get(edit.kind) ?? 0) + 1);
      } else {
        oracle.step();
      }
    }
    hear();
    assert.equal(history.lines, oracle.lines);
    for (const [line, state] of states) {
      assert.deepEqual(historyState(history, line), state, `seed ${seed}, line ${line}`);
      compared++;
    }
  }
  assert.ok(compared > 300, `${compared} compared`);
  assert.deepEqual([...kinds.keys()].sort(), ['global', 'local', 'memory', 'stack']);
});

test('what an edit put somewhere comes from it, and its line is told in words', () => {
  // The call's frame begins at the stride, which is 2 here.
  const program = programOf([['call', 1], ['halt'], ['nop'], ['local.get', 1], ['halt']], { pages: 1 });
  const oracle = new Interpreter(program);
  const history = new History(program, encodePrompt(program, new Uint8Array()));
  for (let i = 0; i < 2; i++) oracle.step();
  oracle.edit('local', 3, [7, 0, 0, 0]);
  const given = history.promptLength + oracle.tokens;
  oracle.step();
  const edit = editTokens({ kind: 'local', place: 3, bytes: Uint8Array.of(7, 0, 0, 0) });
  const start = given - history.promptLength - edit.length;
  history.append(oracle.trace.slice(0, start));
  history.appendGiven(edit);
  history.append(oracle.trace.slice(start + edit.length));
  const [line, get] = [2, 3];
  const steps = new ByteSteps(history);
  const step = steps.step(history.firstToken(get));
  assert.equal(step.kind, 'copy');
  const from = step.kind === 'copy' ? step.from : -1;
  assert.equal(from, history.firstToken(line) + 5);
  assert.deepEqual(steps.step(from), { kind: 'edit', line, from });
  const words = sentence(history, line).map(({ text }) => text);
  assert.equal(words.join(''), 'An edit: local 1 is 07 00 00 00 from here on.');
  assert.equal(history.text(line), 'edit(local) 03 00 00 00 07 00 00 00 edit_commit');
});

test('edits that make no sense are refused, and so is an edit that the model says', () => {
  const program = programOf([['i32.const', 5], ['halt']], { pages: 1 });
  const begun = () => {
    const oracle = new Interpreter(program);
    const history = new History(program, encodePrompt(program, new Uint8Array()));
    oracle.step();
    history.append(oracle.trace);
    return history;
  };
  const four = new Uint8Array(4);
  for (const edit of [
    { kind: 'stack', place: 0, bytes: four },
    { kind: 'stack', place: 2, bytes: four },
    { kind: 'global', place: 0, bytes: new Uint8Array(3) },
    { kind: 'memory', place: 0, bytes: new Uint8Array() },
  ] as const) {
    assert.throws(() => begun().appendGiven(editTokens(edit)), PlacedError, JSON.stringify(edit));
  }
  const mine = editTokens({ kind: 'stack', place: 1, bytes: four });
  begun().appendGiven(mine);
  assert.throws(() => begun().append(mine), /edit\(stack\).*cannot stand here/);
});

/** What a history says of any moment against the oracle's own state at that moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { tokenId } from '../../engine/isa/vocabulary.ts';
import { History } from '../../engine/trace/history.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { randomNumbers, randomProgram } from './random-program.ts';
import { historyState, oracleState, type State } from './states.ts';

/** Runs a program by the oracle; its history in slices of random sizes, and the oracle's state at some lines. */
function recorded(program: TokenProgram, seed: number, budget = 20_000) {
  const random = randomNumbers(seed);
  const oracle = new Interpreter(program);
  const states = new Map<number, State>();
  while (oracle.end === 'budget' && oracle.tokens < budget) {
    if (random(20) === 0) states.set(oracle.lines, oracleState(oracle));
    oracle.step();
  }
  const history = new History(program, encodePrompt(program, new Uint8Array()));
  const { trace } = oracle;
  for (let at = 0; at < trace.length; ) {
    const end = Math.min(at + 1 + random(200), trace.length);
    history.append(trace.slice(at, end));
    at = end;
  }
  return { oracle, history, states };
}

test('stack, cells, memory and calls at random lines are those that the oracle had', () => {
  let compared = 0;
  let deepest = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { oracle, history, states } = recorded(randomProgram(seed), seed);
    assert.equal(history.lines, oracle.lines, `seed ${seed}`);
    assert.deepEqual([history.end?.kind, history.end?.code], [oracle.end, oracle.exitCode], `seed ${seed}`);
    for (const [line, state] of states) {
      assert.deepEqual(historyState(history, line), state, `seed ${seed}, line ${line}`);
      deepest = Math.max(deepest, history.depthOf(line));
      compared++;
    }
  }
  assert.ok(compared > 300 && deepest > 4, `${compared} lines compared, ${deepest} calls deep`);
});

test('tokens lead to their lines, and lines to their tokens', () => {
  const { history } = recorded(randomProgram(5), 5);
  for (let line = 0; line < history.lines; line++) {
    for (let token = history.firstToken(line); token < history.firstToken(line + 1); token++) {
      assert.equal(history.lineOfToken(token), line);
    }
  }
  assert.equal(history.lineOfToken(history.promptLength - 1), -1);
  const marks = new Uint8Array(history.program.ops.length);
  marks[history.cursorOf(40)] = 1;
  assert.equal(history.firstMarked(marks, 40, history.lines), 40);
  assert.equal(history.lastMarked(marks, 0, 41), 40);
  assert.equal(history.firstMarked(new Uint8Array(marks.length), 0, history.lines), -1);
});

test('a value leads to the token where it was generated', () => {
  const program = programOf(
    [
      ['i32.const', 5],
      ['local.set', 1],
      ['i32.const', 64],
      ['local.get', 1],
      ['i32.store8', 2],
      ['i32.const', 64],
      ['i32.load8_u', 2],
      ['halt'],
    ],
    { stride: 3, pages: 1, globals: [9], data: [{ address: 66, bytes: Uint8Array.of(1, 2) }] },
  );
  const { history } = recorded(program, 1);
  const end = history.moment(history.lines - 1);
  const [five, six] = [66, 67].map((address) => end.memoryWrite(address));
  assert.equal(history.lineOfToken(five), 4, 'the store wrote it');
  assert.ok(six < history.promptLength && history.tokenAt(six) === tokenId('02'), 'the program stated it');
  assert.equal(end.memoryWrite(300), -1);
  assert.equal(end.cellWrite(1)?.value, history.firstToken(0), 'a local points at the constant');
  assert.equal(history.lineOfToken(end.cellWrite(1)?.write ?? -1), 1);
  assert.equal(history.lineOfToken(end.stackWrite(0)), 6);
  assert.equal(history.moment(4).memoryWrite(66), history.facts.byte(66), 'before the store');
});

test('a trap ends the recording; what it would have written is not there', () => {
  const { history } = recorded(
    programOf([['i32.const', -1], ['i32.const', 7], ['i32.store', 0], ['halt']], { pages: 1 }),
    1,
  );
  assert.deepEqual(history.end, { line: 2, kind: 'trap', code: 0, reason: 'out of bounds memory access' });
  assert.equal(history.memoryWrites.last(2 ** 32 - 1), -1);
});

const LINES: Line[] = [['i32.const', 3], ['i32.add'], ['return'], ['br', 0], ['halt']];
const refused: [string, RegExp][] = [
  ['03 00 00 commit(+1,sts=1,bt=0)', /behind 3 tokens/],
  ['03 00 00 00 00 00 00 00 00 00 00', /does not end/],
  ['i32.const', /cannot stand here/],
  ['branch_taken branch_taken', /cannot stand here/],
  ['03 00 00 00 commit(-1,sts=1,bt=0)', /more is taken/],
  ['branch_taken ff 00 00 00 commit(0,sts=0,bt=1)', /no instruction 259/],
  ['branch_taken ff ff ff ff return_commit', /return without a call/],
  ['halt halt', /cannot stand here/],
  ['} 00', /cannot stand here/],
];

for (const [text, pattern] of refused) {
  test(`what is no trace is refused with its token: ${text}`, () => {
    const program = programOf(LINES);
    const history = new History(program, encodePrompt(program, new Uint8Array()));
    const fine = '03 00 00 00 commit(+1,sts=1,bt=0) commit(-1,sts=0,bt=0)';
    const tokens = (words: string) => Uint16Array.from(words.split(' '), tokenId);
    history.append(tokens(fine));
    assert.throws(
      () => history.append(tokens(text)),
      (error) =>
        error instanceof PlacedError &&
        pattern.test(error.message) &&
        (error.place.token ?? 0) >= history.firstToken(2),
    );
    assert.equal(history.moment(1).stack(0), 3, 'the lines before it stay');
  });
}

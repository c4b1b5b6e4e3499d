/** Lines in words: every part that leads to a token leads to the right one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { History } from '../../engine/trace/history.ts';
import { sentence } from '../../engine/trace/sentence.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { expectedTrace, Interpreter } from '../oracle/interpreter.ts';
import { randomProgram } from './random-program.ts';

const LINES: Line[] = [
  ['i32.const', 3],
  ['i32.const', 5],
  ['i32.add'],
  ['local.tee', 1],
  ['local.get', 2],
  ['i32.store8', 4],
  ['i32.const', 8],
  ['i32.load8_u', 4],
  ['br_if', 0],
  ['i32.const', 65],
  ['write_byte'],
  ['read_byte'],
  ['read_byte'],
  ['call', 2],
  ['i32.div_u'],
  ['halt'],
  ['return'],
];

test('lines in words', () => {
  const program = programOf(LINES, { stride: 3, pages: 1, exitCode: true });
  const input = Uint8Array.of(7);
  const prompt = encodePrompt(program, input);
  const history = new History(program, prompt);
  history.append(expectedTrace(program, input));
  const words = Array.from({ length: history.lines }, (_, line) =>
    sentence(history, line)
      .map(({ text }) => text)
      .join('')
      // Tokens counted from the first generated one.
      .replace(/token ([\d,]+)/g, (_, token) => `token ${token.replaceAll(',', '') - prompt.length}`),
  );
  assert.deepEqual(words, [
    'i32.const 3 gives 3.',
    'i32.const 5 gives 5.',
    'i32.add took 5 from token 5 (stack top) and 3 from token 0 (below it); result 8.',
    'local.tee 1 took 8 from token 10 (stack top).',
    'local.get 2 gives 0. Nothing was put into it since the call.',
    'i32.store8 offset=4 took the value 0 from token 16 (stack top) and the address 0x8 from token 10 (below it); wrote a byte at 0xc.',
    'i32.const 8 gives 8.',
    'i32.load8_u offset=4 took the address 0x8 from token 23 (stack top) and read a byte at 0xc, written by line 6; result 0.',
    'br_if +0 took the condition 0 from token 28 (stack top) and went on with the next instruction.',
    'i32.const 65 gives 65.',
    'write_byte took 65 from token 34 (stack top); the program printed "A".',
    'read_byte took the next byte of the input: 7.',
    'read_byte found the end of the input: -1.',
    'call +2 went into (start).',
    'return went back behind the call in line 14.',
    'i32.div_u took -1 from token 45 (stack top) and 7 from token 40 (below it); result 0.',
    'halt ended the program with exit code 0 from token 62 (stack top).',
  ]);
});

test('a write to standard error is told as one', () => {
  const writes = LINES.findIndex(([name]) => name === 'write_byte');
  const program = { ...programOf(LINES, { stride: 3, pages: 1, exitCode: true }), errorWrites: [1 + writes] };
  const history = new History(program, encodePrompt(program, Uint8Array.of(7)));
  history.append(expectedTrace(program, Uint8Array.of(7)));
  const parts = sentence(history, writes);
  assert.match(parts.map(({ text }) => text).join(''), /; the program printed "A" to standard error\.$/);
});

test('every line of random programs has a sentence whose operands are the first bytes of values', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const program = randomProgram(seed);
    const oracle = new Interpreter(program);
    oracle.run(20_000);
    const history = new History(program, encodePrompt(program, new Uint8Array()));
    history.append(oracle.trace);
    for (let line = 0; line < history.lines; line++) {
      const parts = sentence(history, line);
      assert.match(parts.map(({ text }) => text).join(''), /\.$/);
      for (const [i, { text, token }] of parts.entries()) {
        if (token === undefined || !text.startsWith('token ')) continue;
        assert.ok(token < history.firstToken(line));
        assert.match(VOCABULARY[history.tokenAt(token)], /^[0-9a-f]{2}'?$/);
        const value = parts[i - 2]?.value ?? '';
        const number = signedAt(history, token);
        // Of loads and stores the address is one, and written as one.
        assert.equal(value, value.startsWith('0x') ? hexadecimal(number) : number.toLocaleString('en'));
      }
    }
  }
});

const hexadecimal = (number: number | bigint) => `0x${BigInt.asUintN(32, BigInt(number)).toString(16)}`;

/** The value whose first byte is a token. */
function signedAt(history: History, token: number): number | bigint {
  const low = history.word(token);
  if (history.widthAt(token) !== 8) return low | 0;
  return BigInt.asIntN(64, (BigInt(history.word(token + 4)) << 32n) | BigInt(low));
}

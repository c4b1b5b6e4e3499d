/** Typing into a program's terminal: what is seen, and what the program gets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineDiscipline } from '../../extension/host/input/line-discipline.ts';

/** Types keys; returns what was shown, and what was sent (`$` ends the input, `!` interrupts). */
function typed(...keys: string[]): { shown: string; sent: string[] } {
  const sent: string[] = [];
  let shown = '';
  const keyboard = new LineDiscipline({
    echo: (text) => {
      shown += text;
    },
    send: (text, end) => sent.push(end ? `${text}$` : text),
    interrupt: () => sent.push('!'),
  });
  for (const key of keys) keyboard.type(key);
  return { shown, sent };
}

test('a line is echoed and sent with Enter', () => {
  assert.deepEqual(typed('h', 'i', '\r'), { shown: 'hi\r\n', sent: ['hi\n'] });
  assert.deepEqual(typed('hi').sent, []);
});

test('backspace takes back a character, of whatever size, and no more than the line has', () => {
  assert.deepEqual(typed('ab', '\x7f', 'c', '\r').sent, ['ac\n']);
  assert.deepEqual(typed('a🙂', '\x7f', '\r').sent, ['a\n']);
  assert.deepEqual(typed('a', '\x7f', '\x7f', '\x7f'), { shown: 'a\b \b', sent: [] });
  assert.equal(typed('\t', '\x7f').shown, '^I\b \b\b \b');
});

test('Ctrl+U takes back the line', () => {
  assert.deepEqual(typed('abc', '\x15', 'd', '\r').sent, ['d\n']);
});

test('Ctrl+D ends the input on an empty line, and sends one that has begun', () => {
  assert.deepEqual(typed('\x04').sent, ['$']);
  assert.deepEqual(typed('ab', '\x04', '\x04').sent, ['ab', '$']);
});

test('Ctrl+C interrupts, and what was typed is forgotten', () => {
  assert.deepEqual(typed('ab', '\x03', 'c', '\r'), { shown: 'ab^C\r\nc\r\n', sent: ['!', 'c\n'] });
});

test('several lines that are pasted are as many as were copied, however they end', () => {
  assert.deepEqual(typed('1\r2\n3\r\n4').sent, ['1\n', '2\n', '3\n']);
});

test('arrows and function keys are nothing that a program reads', () => {
  assert.deepEqual(typed('a', '\x1b[A', '\x1b[1;5C', '\x1bOP', 'b', '\r'), { shown: 'ab\r\n', sent: ['ab\n'] });
});

/**
 * What hovers say about trace lines is what programs leave: every executed line of the toolchain's test programs is
 * one of the forms of its instruction.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { TOKEN, VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { lower } from '../../engine/toolchain/lower/lower.ts';
import { lineForms } from '../../extension/language-server/line-forms.ts';
import { opcodeMarkdown, tokenWords } from '../../extension/language-server/words.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { PROGRAMS } from '../toolchain/lower-programs.ts';
import { wasmOf } from '../toolchain/wat.ts';

const shape = (token: number) => {
  const text = VOCABULARY[token];
  if (token >= TOKEN.byte && token < TOKEN.opcode) return 'xx';
  return text.replace(/^(out|trap)\(.*\)$/, '$1(…)');
};

test('lines of programs have the forms of their instructions', async () => {
  const seen = new Set<string>();
  for (const { name, wat, input } of PROGRAMS) {
    const program = lower(decode(await wasmOf(wat)));
    const run = new Interpreter(program, Buffer.from(input ?? '', 'latin1'), true, true);
    for (let line = 0; line < 2000 && run.end === 'budget'; line++) {
      const start = run.tokens;
      run.step();
      const row = OPCODES[program.ops[(run.cursors as number[])[line]]];
      const text = Array.from(run.trace.subarray(start), shape).join(' ');
      if (text === 'trap(…)' && row.circuit !== 'trap') continue;
      const forms = lineForms(row).map(({ tokens }) => tokens.join(' '));
      assert.ok(forms.includes(text), `${name}: ${row.name} left ${text}, not ${forms.join(' or ')}`);
      seen.add(row.name);
    }
  }
  assert.ok(seen.size > 40, [...seen].join(' '));
});

test('every instruction and every token has words', () => {
  for (const row of OPCODES) assert.ok(opcodeMarkdown(row).includes(row.doc));
  for (const text of VOCABULARY) assert.ok(tokenWords(text), text);
  assert.equal(tokenWords('what'), undefined);
});

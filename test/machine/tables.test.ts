/** What others derive from the tables of engine/isa instead of saying it again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InstructionList } from '../../engine/isa/instruction-list.ts';
import { checkPromptLength, LIMITS, MEMORY_PAGES, mostStackSlots } from '../../engine/isa/limits.ts';
import { OPCODES, opcodeOfCode, TRAP_REASONS, trapNumber } from '../../engine/isa/opcodes.ts';
import { mostInstructions } from '../../engine/isa/prompt.ts';
import { COMMITS, commitIndex, commitText } from '../../engine/isa/vocabulary.ts';

test('encodings lead to their rows', () => {
  for (const { name, code } of OPCODES) {
    if (code !== undefined) assert.equal(OPCODES[opcodeOfCode(code) as number].name, name);
  }
  // As the specification has them.
  assert.deepEqual(
    [0x00, 0x0e, 0x28, 0x3f, 0x42, 0x6a].map((code) => OPCODES[opcodeOfCode(code) as number].name),
    ['unreachable', 'br_table', 'i32.load', 'memory.size', 'i64.const', 'i32.add'],
  );
});

test('commits and traps are found by what they say', () => {
  assert.deepEqual(COMMITS.map(commitIndex), [...COMMITS.keys()]);
  const none = { depth: 3, stores: true, branch: false, advance: 1 } as const;
  assert.throws(() => commitIndex(none), /no commit token for depth 3/, commitText(none));
  assert.deepEqual(TRAP_REASONS.map(trapNumber), [...TRAP_REASONS.keys()]);
});

test('what follows from the limits: instructions, pages, stack slots, the length of a prompt', () => {
  assert.deepEqual([mostInstructions(), MEMORY_PAGES, mostStackSlots()], [6_710_886, 1024, 13_421_772]);
  assert.equal(mostInstructions({ ...LIMITS, promptTokens: 14 }), 2);
  checkPromptLength(LIMITS.promptTokens);
  assert.throws(() => checkPromptLength(LIMITS.promptTokens + 1), /33554433 tokens; a prompt can have 33554432/);
});

test('a list takes no more instructions than a prompt', () => {
  const list = new InstructionList();
  assert.equal(list.pushWide(1, 2), 1);
  assert.deepEqual(
    list.ops.map((op) => OPCODES[op].name),
    ['frame', 'i64.const', 'i64.high'],
  );
  list.ops.length = mostInstructions() - 1;
  assert.equal(list.push('nop'), mostInstructions() - 1);
  assert.throws(() => list.push('nop'), /over 6710886 instructions/);
});

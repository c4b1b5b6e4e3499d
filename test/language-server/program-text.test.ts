/** Token programs as text: what is written reads back as the same prompt, and what is wrong is said with its place. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OPCODES, opcodeIndex, TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { type ParsedProgram, parseProgramText, programText } from '../../engine/isa/text.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { load } from '../../engine/toolchain/load.ts';

const compiler = new Compiler();
after(() => compiler.dispose());

/** The program that a text says, with what the text does not hold taken from the original. */
function rebuilt(original: TokenProgram, { instructions, facts }: ParsedProgram): TokenProgram {
  const word = (bytes: Uint8Array, at: number) => new DataView(bytes.buffer).getUint32(at, true);
  const globals = facts.filter(({ kind }) => kind === 'global');
  return {
    ...original,
    ops: Uint16Array.from(instructions, ({ op }) => op),
    imms: Uint32Array.from(instructions, ({ imm }) => imm),
    globals: globals.map(({ bytes }) => ({
      name: '',
      cell: word(bytes, 0),
      type: bytes.length === 12 ? ('i64' as const) : ('i32' as const),
      initial: word(bytes, 4),
      high: bytes.length === 12 ? word(bytes, 8) : undefined,
      mutable: true,
    })),
    data: facts
      .filter(({ kind }) => kind === 'data')
      .map(({ bytes }) => ({ address: word(bytes, 0), bytes: bytes.subarray(4) })),
  };
}

for (const example of readdirSync(new URL('../../examples', import.meta.url)).filter((name) => name.endsWith('.c'))) {
  test(`written and read back: ${example}`, async () => {
    const file = fileURLToPath(new URL(`../../examples/${example}`, import.meta.url));
    const { program } = await load([file], { compiler });
    for (const comments of [false, true]) {
      const parsed = parseProgramText(programText(program, comments));
      assert.deepEqual(parsed.errors, []);
      const none = new Uint8Array();
      assert.deepEqual(encodePrompt(rebuilt(program, parsed), none), encodePrompt(program, none));
    }
  });
}

test('comments say where functions start and what instructions mean', async () => {
  const file = fileURLToPath(new URL('../../examples/add.c', import.meta.url));
  const { program } = await load([file], { compiler });
  const text = programText(program, true);
  assert.match(text, /^;; __original_main$/m);
  assert.match(text, /^i32\.const [0-9a-f ]{11} +;; \d+: i32\.const -?\d+$/m);
  assert.match(text, /^call [0-9a-f ]{11} +;; \d+: call \+\d+ to \d+$/m);
});

/** Errors of a text as `line:column+length message`. */
const errorsOf = (text: string) =>
  parseProgramText(text).errors.map(({ line, column, length, message }) => `${line}:${column}+${length} ${message}`);

const body = (...lines: string[]) => `{\nframe 02 00 00 00\n${lines.join('\n')}\n}\n`;

const WRONG: readonly [string, string, string[]][] = [
  ['an unknown opcode', body('i32.plus 00 00 00 00'), ['3:1+8 There is no instruction `i32.plus`.']],
  ['a token that is no opcode', body('out(a) 00 00 00 00'), ['3:1+6 A line starts with an opcode, not `out(a)`.']],
  ['three bytes', body('  i32.const 00 01 02'), ['3:13+8 An instruction has four immediate bytes, not 3.']],
  ['no bytes', body('nop'), ['3:1+3 An instruction has four immediate bytes, not 0.']],
  [
    'what is no byte',
    body('i32.const 00 1F 00 00'),
    ['3:14+2 `1F` is no byte: a byte is two hexadecimal digits in lower case.'],
  ],
  [
    'a jump behind the end',
    body('br 01 00 00 00', 'nop 00 00 00 00'),
    ['3:4+11 The jump leads to instruction 3, outside the program (1 to 2).'],
  ],
  [
    'a jump onto the frame line',
    body('br fe ff ff ff'),
    ['3:4+11 The jump leads to instruction 0, outside the program (1 to 1).'],
  ],
  [
    'a table that is too long',
    body('br_table 01 00 00 00', 'nop 00 00 00 00'),
    ['3:10+11 The table of 1 entries and its default end outside the program.'],
  ],
  ['a cell beyond the frame', body('local.get 02 00 00 00'), ['3:11+11 There is no cell 2: `frame` says 2.']],
  [
    'a trap without reason',
    body('trap ff 00 00 00'),
    [`3:6+11 There is no trap reason 255 (0 to ${TRAP_REASONS.length - 1}).`],
  ],
  ['a frame in the middle', body('frame 01 00 00 00'), ['3:1+5 `frame` is the first instruction only.']],
  ['no frame', '{\nnop 00 00 00 00\n}', ['2:1+3 The first instruction is `frame`: how many cells a call frame has.']],
  ['nothing', '  ;; only a comment\n', ['1:1+1 The program is empty: it starts with `{`.']],
  ['no opening brace', 'frame 00 00 00 00\n}', ['1:1+17 A program starts with `{`.']],
  ['no closing brace', '{\nframe 00 00 00 00', ['2:16+2 The closing `}` of the program is missing.']],
  [
    'what follows the end',
    '{\nframe 00 00 00 00\n}\nnop',
    ['4:1+3 The program ended with `}`: nothing may follow it.'],
  ],
  ['data that does not end', body('data 00 00 00 00 41'), ['3:18+2 A `data` line ends with `edit_commit`.']],
  [
    'data without address',
    body('data 00 edit_commit'),
    ['3:1+19 A `data` line starts with the four bytes of its address.'],
  ],
  [
    'a global of five bytes',
    body('global 00 00 00 00 01 edit_commit'),
    ['3:1+33 A `global` line has four bytes of its cell and four or eight of its value, not 5.'],
  ],
  [
    'an instruction behind data',
    body('data 00 00 00 00 41 edit_commit', 'nop 00 00 00 00'),
    ['4:1+3 Instructions stand before `global` and `data` lines.'],
  ],
];

for (const [name, text, expected] of WRONG) test(`wrong: ${name}`, () => assert.deepEqual(errorsOf(text), expected));

test('halves of an eight-byte constant belong together', () => {
  assert.deepEqual(errorsOf(body('i64.const 01 00 00 00', 'i64.high 00 00 00 00')), []);
  assert.deepEqual(errorsOf(body('i64.high 00 00 00 00')), ['3:1+8 `i64.high` follows a constant of eight bytes.']);
  assert.deepEqual(errorsOf(body('i64.const 01 00 00 00', 'nop 00 00 00 00')), [
    '4:1+3 The high bytes of the constant are missing.',
  ]);
});

test('every opcode is read, with its immediate little endian', () => {
  for (const { name, immediate } of OPCODES) {
    // The two that say how many cells a frame has, and half of a constant.
    if (immediate === 'stride' || immediate === 'high') continue;
    const { instructions } = parseProgramText(body(`${name} 01 02 00 80`));
    assert.deepEqual(instructions[1], { op: opcodeIndex(name), imm: 0x80000201, line: 3 });
  }
});

test('any text is read without throwing', () => {
  const pieces = ['{', '}', '\n', ' ', 'br', 'i32.const', 'ff', '00 00 00 00', ';;', 'data', 'edit_commit', '\0', '𝄞'];
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let n = 0; n < 500; n++) {
    const text = Array.from({ length: random(60) }, () => pieces[random(pieces.length)]).join(random(2) ? ' ' : '');
    for (const { line, column, length } of parseProgramText(text).errors)
      assert.ok(line > 0 && column > 0 && length > 0);
  }
});

/**
 * The three grammars, tokenised as VS Code does. What a user would notice: an instruction without colour, a comment or
 * string that swallows the rest of the file, a carry that looks like any byte.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPCODES, type Opcode, TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import { TABLE_SIZE, TOKEN, VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { hasScope, type Piece, tokenize } from './tokenize.ts';

/** The scope that an instruction's name must have, by what it does. */
function familyOf({ name, circuit, access }: Opcode): string {
  if (['branch', 'return', 'halt', 'trap'].includes(circuit) || name === 'nop') return 'keyword.control';
  if (name === 'frame') return 'storage.modifier';
  if (/^(local|global)\./.test(name)) return 'support.variable';
  if (/\.(const|high)$/.test(name)) return 'support.constant';
  if (name.startsWith('memory.') || (access !== undefined && circuit !== 'extend')) return 'support.function.memory';
  return 'support.function';
}

test('every instruction of a token program has the scope of its family, and four bytes', async () => {
  for (const row of OPCODES) {
    const [line] = await tokenize('stepformer-program', `  ${row.name} 03 00 ff 0a ;; ${row.name}`);
    assert.ok(hasScope(line, row.name, familyOf(row)), `${row.name}: ${JSON.stringify(line)}`);
    assert.equal(line.filter(({ scopes }) => scopes.some((s) => s.startsWith('constant.numeric.hex'))).length, 4);
    assert.ok(line.at(-1)?.scopes.some((scope) => scope.startsWith('comment.line')));
  }
});

test('braces, facts and comments of a token program; what is no byte has no colour', async () => {
  const lines = await tokenize('stepformer-program', '{\nglobal 00 0g edit_commit\ndata 41 edit_commit ;; x\n}');
  assert.ok(hasScope(lines[0], '{', 'keyword.control') && hasScope(lines[3], '}', 'keyword.control'));
  assert.ok(hasScope(lines[1], 'global', 'storage.type') && hasScope(lines[2], 'data', 'storage.type'));
  assert.ok(hasScope(lines[1], '00', 'constant.numeric.hex') && !hasScope(lines[1], '0g', 'constant'));
  assert.ok(hasScope(lines[2], 'edit_commit', 'keyword.other'));
});

/** A word in the trace and the scope that its first piece must have. */
function traceScope(id: number): string {
  const text = VOCABULARY[id];
  if (id < TOKEN.carryByte) return 'constant.numeric.hex';
  if (id < TOKEN.opcode) return 'constant.character.escape.carry';
  if (text.startsWith('out(')) return 'support.function.out';
  if (text.startsWith('edit(')) return 'storage.type.edit';
  if (text === 'input') return 'storage.type.input';
  if (text === 'need_input' || text === 'input_end') return 'keyword.control.input';
  if (text === 'halt' || text.startsWith('trap(')) return 'keyword.control';
  if (['branch_taken', 'call_commit', 'return_commit'].includes(text)) return 'keyword.control';
  return 'keyword.other.commit';
}

test('every token that a trace can hold has a scope', async () => {
  const inProgram = new Set([...OPCODES.map(({ name }) => name), '{', '}', 'run', 'data', 'global']);
  inProgram.delete('halt');
  for (let id = TABLE_SIZE; id < VOCABULARY.length; id++) {
    if (inProgram.has(VOCABULARY[id])) continue;
    const [line] = await tokenize('stepformer-trace', `00 ${VOCABULARY[id]} 01`);
    const scope = traceScope(id);
    assert.ok(
      line[1].scopes.some((name) => name.startsWith(scope)),
      `${VOCABULARY[id]}: ${JSON.stringify(line)}`,
    );
    assert.ok(hasScope(line, '01', 'constant.numeric.hex'), `${VOCABULARY[id]} swallows what follows`);
  }
});

test('a commit shows its parts', async () => {
  const [line] = await tokenize('stepformer-trace', "38' commit(-1,sts=1,bt=0)");
  for (const [text, scope] of [
    ["'", 'keyword.operator.carry'],
    ['commit', 'keyword.other.commit'],
    ['-1', 'constant.numeric.decimal.depth'],
    ['sts', 'variable.parameter'],
    ['bt', 'variable.parameter'],
    ['1', 'constant.numeric.decimal'],
    ['0', 'constant.numeric.decimal'],
  ]) {
    assert.ok(hasScope(line, text, scope), `${text}: ${JSON.stringify(line)}`);
  }
});

test('what the parentheses of the trace hold is set apart', async () => {
  for (const [text, inner, scope] of [
    ['out())', ')', 'string.unquoted.out'],
    ['out(;)', ';', 'string.unquoted.out'],
    ['out(0a)', '0a', 'constant.numeric.hex.out'],
    ...TRAP_REASONS.map((reason) => [`trap(${reason})`, reason, 'string.unquoted.reason']),
  ]) {
    const [line] = await tokenize('stepformer-trace', text);
    assert.ok(hasScope(line, inner, scope), JSON.stringify(line));
  }
});

test('every wasm instruction of the table has a scope in WAT', async () => {
  for (const row of OPCODES.filter(({ code }) => code !== undefined)) {
    const [line] = await tokenize('wat', `(${row.name} (local.get $x))`);
    const scope = row.name === 'select' || row.name === 'drop' ? 'keyword.operator' : familyOf(row);
    assert.ok(hasScope(line, row.name, scope), `${row.name}: ${JSON.stringify(line)}`);
  }
});

test('numbers of every notation', async () => {
  for (const [text, scope] of [
    ['0', 'constant.numeric.decimal'],
    ['-1_000', 'constant.numeric.decimal'],
    ['0xDEAD_beef', 'constant.numeric.hex'],
    ['+0x1', 'constant.numeric.hex'],
    ['1.5', 'constant.numeric.float'],
    ['1.', 'constant.numeric.float'],
    ['6e-7', 'constant.numeric.float'],
    ['1.5E+3', 'constant.numeric.float'],
    ['-0x1.8p-3', 'constant.numeric.float.hex'],
    ['0x1p127', 'constant.numeric.float.hex'],
    ['inf', 'constant.numeric.float'],
    ['-inf', 'constant.numeric.float'],
    ['nan', 'constant.numeric.float'],
    ['nan:0x7f_ffff', 'constant.numeric.float'],
    ['nan:canonical', 'constant.numeric.float'],
  ]) {
    const [line] = await tokenize('wat', `(f64.const ${text})`);
    assert.ok(hasScope(line, text, scope), `${text}: ${JSON.stringify(line)}`);
  }
  const [line] = await tokenize('wat', 'i32.load offset=16 align=4');
  assert.ok(hasScope(line, 'offset', 'variable.parameter') && hasScope(line, '16', 'constant.numeric'));
});

const WAT = `(module (; outer (; inner ;)
  still a comment ;) (import "env\\n\\41\\u{1F600}\\q" "a;;b" (func $print-it! (param i32 i64) (result f32)))
  (func $add.2 (export "main") ;; a "comment"
    (local $block funcref) (@hint "x") (local $"two words" i32) (i32.add (local.get $block) (i32.const 1)) (memory.grow) block $l end))`;

test('comments, strings and names of WAT end where they end', async () => {
  const lines = await tokenize('wat', WAT);
  const has = (line: Piece[], text: string, scope: string) =>
    assert.ok(hasScope(line, text, scope), `${text} is no ${scope}: ${JSON.stringify(line)}`);
  has(lines[0], 'module', 'storage.type');
  has(lines[0], 'inner', 'comment.block');
  has(lines[1], 'still a comment', 'comment.block');
  has(lines[1], 'import', 'storage.type');
  has(lines[1], 'env', 'string.quoted');
  for (const sequence of ['\\n', '\\41', '\\u{1F600}']) has(lines[1], sequence, 'constant.character.escape');
  has(lines[1], '\\q', 'invalid.illegal');
  has(lines[1], 'a;;b', 'string.quoted');
  has(lines[1], 'print-it!', 'variable.other');
  for (const type of ['i32', 'i64', 'f32']) has(lines[1], type, 'support.type');
  has(lines[2], 'add.2', 'variable.other');
  has(lines[2], 'a "comment"', 'comment.line');
  has(lines[3], 'block', 'keyword.control');
  has(lines[3], 'block', 'variable.other');
  has(lines[3], 'funcref', 'support.type');
  has(lines[3], '@hint', 'entity.name.tag');
  has(lines[3], '"two words"', 'variable.other');
  has(lines[3], 'memory.grow', 'support.function.memory');
  has(lines[3], 'end', 'keyword.control');
});

test('a string that is not closed ends with its line', async () => {
  const [first, second] = await tokenize('wat', '(data "abc\n(i32.add))');
  assert.ok(hasScope(first, 'abc', 'string.quoted'));
  assert.ok(hasScope(second, 'i32.add', 'support.function'));
});

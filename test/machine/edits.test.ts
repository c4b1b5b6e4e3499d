/** Edit lines: tokens that a host puts between two lines are read as writes by whatever looks there next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { type EditKind, TOKEN, tokenId, VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { type Line, programOf } from '../oracle/build.ts';

const model = Model.load(modelFiles());

const bytes = (value: bigint, width: number) =>
  Array.from({ length: width }, (_, i) => TOKEN.byte + Number((value >> BigInt(8 * i)) & 0xffn));

/** An edit line: what, where, the value's bytes, and its end. */
function edit(kind: EditKind, address: number, value: bigint, width: number): number[] {
  const end = kind === 'stack' ? TOKEN.editStackCommit : TOKEN.editCommit;
  return [tokenId(`edit(${kind})`), ...bytes(BigInt(address), 4), ...bytes(value, width), end];
}

/** Text of what is generated until the end, with tokens put in behind the line that ends a number of tokens. */
function edited(make: () => Generator, lines: readonly Line[], after: number, tokens: readonly number[]): string {
  const generator = make();
  const program = programOf([...lines, ['halt']], { pages: 1, globals: [0] });
  generator.append(encodePrompt(program, new Uint8Array()));
  generator.generate(after);
  generator.append(tokens);
  const start = generator.length;
  const count = generator.generate(60);
  return Array.from({ length: count }, (_, i) => VOCABULARY[generator.tokenAt(start + i)]).join(' ');
}

const engines: [string, () => Generator][] = [
  ['plain pass', () => new Transformer(model, 'hull')],
  ['kernel', () => Kernel.create(model)],
];
for (const [name, make] of engines) {
  test(`${name}: the operand stack, four bytes and eight`, () => {
    const add: Line[] = [['i32.const', 1], ['i32.const', 2], ['i32.add']];
    assert.match(edited(make, add, 10, edit('stack', 2, 40n, 4)), /^29 00 00 00 commit\(-1/);
    assert.match(edited(make, add, 10, edit('stack', 1, 40n, 4)), /^2a 00 00 00 commit\(-1/);
    const wide: Line[] = [['i64.const', 1], ['i64.high', 0], ['i64.const', 2], ['i64.high', 0], ['i64.add']];
    assert.match(edited(make, wide, 18, edit('stack', 2, 1n << 40n, 8)), /^01 00 00 00 00 01 00 00 commit\(-1/);
  });

  test(`${name}: a global, four bytes and eight`, () => {
    const get: Line[] = [['nop'], ['global.get', 1]];
    assert.match(edited(make, get, 1, edit('global', 1, 0x01020304n, 4)), /^04 03 02 01 commit\(\+1/);
    const wide: Line[] = [['nop'], ['global.get.i64', 1]];
    assert.match(edited(make, wide, 1, edit('global', 1, -2n, 8)), /^fe ff ff ff ff ff ff ff commit\(\+1/);
  });

  test(`${name}: a local of the open call`, () => {
    // The call's frame begins at the stride, which is 2 here.
    const call: Line[] = [['call', 1], ['halt'], ['nop'], ['local.get', 1]];
    assert.match(edited(make, call, 7, edit('local', 3, 7n, 4)), /^07 00 00 00 commit\(\+1/);
  });

  test(`${name}: memory`, () => {
    const load: Line[] = [['i32.const', 100], ['i32.load']];
    assert.match(edited(make, load, 5, edit('memory', 101, 0x6655n, 2)), /^00 55 66 00 commit\(0/);
  });
}

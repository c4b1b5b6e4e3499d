/**
 * Sequences too long for columns: for the few mutants that only a deep call or a tall stack shows. Each is
 * generated anew by the kernel, from the changed weights.
 */
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import type { Model } from '../../engine/transformer/model.ts';
import { programOf } from '../oracle/build.ts';
import { assemble, edit, goOn, type Item, i32, type Script } from './assemble.ts';

const drop: Item = ['drop'];
const many = <Each>(count: number, each: Each) => Array.from({ length: count }, () => each);

/** Calls until there are no frames any more, then back through all of them. */
const calls: Script = {
  name: 'as many calls as can be open',
  items: [['call', 'f'], ['halt'], 'f:', ['call', 'f'], ['return']],
  host: [goOn()],
};

/** A stack of 66,048 values: the numbers of its slots have three bytes. */
const SLOT = 65538;
const ROWS = 258;
const stack: Script = {
  name: 'a stack of more than 65,536 values, edited',
  items: [
    ['call', 'main'],
    ['halt'],
    'main:',
    'loop:',
    ...many(256, i32(3)).flat(),
    ['local.get', 0],
    ...i32(1),
    ['i32.add'],
    ['local.tee', 0],
    ...i32(ROWS),
    ['i32.lt_u'],
    ['br_if', 'loop'],
    ['halt'],
    ...many(256 * ROWS - SLOT, drop),
    ...i32(1),
    ['i32.add'],
    ['return'],
  ],
  host: [[...edit('stack', SLOT, [0x81, 2, 3, 4]), ...goOn()]],
};

export const LONG: readonly Script[] = [calls, stack];

/** More tokens than any of them has. */
const MOST = 2 ** 20;

/** Whether a model, whose weights have been changed in place, goes on with a script as `tokens` do. */
export function continues(model: Model, script: Script, tokens: Uint16Array): boolean {
  const now = tokensOf(model, script, tokens.length);
  return now.length === tokens.length && now.every((token, i) => token === tokens[i]);
}

/** A script's tokens, `most` at most. */
export function tokensOf(model: Model, { items, extras, input = [], host = [] }: Script, most = MOST): Uint16Array {
  // Plans are kept by model: one whose weights have been changed needs another object.
  const kernel = Kernel.create(Object.assign(Object.create(Object.getPrototypeOf(model)), model));
  kernel.append(encodePrompt(programOf(assemble(items), extras), Uint8Array.from(input)));
  kernel.generate(most - kernel.length);
  for (const line of host) {
    if (kernel.length >= most) break;
    kernel.append(line);
    if (kernel.length < most) kernel.generate(most - kernel.length);
  }
  return Uint16Array.from({ length: kernel.length }, (_, i) => kernel.tokenAt(i));
}

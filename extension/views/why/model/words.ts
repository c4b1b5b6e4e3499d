/** Pieces of sentences about C, and small words of values that several answers use. */
import type { HopOperand } from '../../../../debug-adapter/protocol/protocol.ts';

/** A piece of a sentence: plain, a piece of code, or what the sentence is for. */
export interface Words {
  readonly text: string;
  readonly as?: 'code' | 'strong';
}

export const plain = (text: string): Words => ({ text });
export const code = (text: string): Words => ({ text, as: 'code' });
export const strong = (text: string): Words => ({ text, as: 'strong' });

/** A sentence without its looks. */
export const textOf = (words: readonly Words[]): string => words.map(({ text }) => text).join('');

/** What a line of C assigns to, if that can be named without doing anything: `sum` of `int sum = a + b;`. */
export function assignedBy(line: string): string | undefined {
  // Of several assignments in a line nobody knows which is meant.
  if ((line.match(/(?<![=!<>])=(?!=)|<<=|>>=/g)?.length ?? 0) !== 1) return undefined;
  const [, left] = /^\s*([^=;()"']*?)\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)/.exec(line) ?? [];
  // Of a declaration the name alone, without its type.
  const target = /((?:\*+\s*)?[A-Za-z_]\w*(?:\s*(?:\.|->)\s*\w+|\[[^\]]*\])*)$/.exec(left ?? '')?.[1];
  return target && !/\+\+|--/.test(target) ? declared(left ?? '', target) : undefined;
}

/** `*p` of a declaration is `p`; of an assignment it stays. */
function declared(left: string, target: string): string {
  return left.trim() !== target && target.startsWith('*') ? target.replace(/^[*\s]+/, '') : target;
}

/** An expression with the values of its operands in the place of their names: `a + b` as `3 + 5`. */
export function withValues(expression: string, operands: readonly HopOperand[]): string {
  let text = '';
  let rest = expression;
  for (const operand of operands) {
    const at = placeOf(operand.text, rest);
    if (at < 0) continue;
    text += rest.slice(0, at) + operand.value;
    rest = rest.slice(at + operand.text.length);
  }
  // What stood in parentheses may be a mere number now.
  return (text + rest).replace(/(?<!\w)\((\d+)\)/g, '$1');
}

/** Where a name stands in a text, and not a part of another name; -1 if nowhere. */
function placeOf(name: string, text: string): number {
  const isPart = (character: string | undefined) => character !== undefined && /\w/.test(character);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const startsWithin = isPart(name[0]) && isPart(text[at - 1]);
    const endsWithin = isPart(name.at(-1)) && isPart(text[at + name.length]);
    if (!startsWithin && !endsWithin) return at;
  }
  return -1;
}

/** A number as people read it: with the character that it is, if it may be one. */
export function characterIn(value: string): string | undefined {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return number > 0x20 && number < 0x7f ? `'${String.fromCharCode(number)}'` : undefined;
}

/** A call as one would write it, with what came back: `add(a = 1, b = 2) → 3`. */
export function callText(call: {
  function: string;
  arguments: readonly { name: string; value: string }[];
  returned?: string;
}) {
  const given = call.arguments.map(({ name, value }) => `${name} = ${value}`).join(', ');
  return `${call.function}(${given})${call.returned === undefined ? '' : ` → ${call.returned}`}`;
}

/** What a row of a print says of one of its expressions. */
export const valueAt = (
  { value, others = [] }: { value: string; others?: readonly string[] },
  column: number,
): string => (column === 0 ? value : (others[column - 1] ?? ''));

/** `1 copy`, `2 copies`. */
export const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

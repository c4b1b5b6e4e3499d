/**
 * What a head brought, in words. Its two numbers are components of the residual stream, which have names: a point on the
 * circle is an opcode, a tag says whose value it is, a mean over all tokens is a sum of what each adds.
 */
import { OPCODES } from '../../../engine/isa/opcodes.ts';
import { OPCODE_POINTS } from '../../../engine/machine/tokens.ts';
import type { NamedHead } from '../../recording/token-source.ts';

/** Components that are 0 or 1. */
const FLAGS: Readonly<Record<string, string>> = {
  branchTaken: 'branch taken',
  edit: 'edit',
  memoryEdit: 'edit of memory',
  cellEdit: 'edit of a cell',
  input: 'line of input',
  there: 'end of the input',
};

type Worded = Pick<NamedHead, 'name' | 'brings' | 'value' | 'target' | 'shared' | 'tokenOf'>;

/** The value in words: `opcode i32.add`, `byte 5, from address 0x3ffe4`. */
export function meaning(head: Worded): string {
  const { name, brings, value, target, shared } = head;
  if (brings[0] === 'x') return opcodeAt(value[0], value[1]);
  // Equal attention to all tokens brings a mean; the machine makes the sum of it.
  const numbers = target < 0 ? value.map((mean) => Math.round(mean * shared)) : value;
  const parts = brings.map((component, i) =>
    component ? wordOf(name, component, inRun(head, component, numbers[i])) : undefined,
  );
  return parts.filter((part) => part !== undefined).join(', ') || numberText(value[0]);
}

/** What is a position of a context, as a token of the run. */
function inRun({ name, tokenOf }: Worded, component: string, number: number): number {
  switch (component) {
    case 'pointer':
    case 'position':
      return tokenOf?.(number) ?? number;
    // By this number the head found it.
    case 'wrote':
      return tokenOf?.(number, name) ?? number;
    default:
      return number;
  }
}

function opcodeAt(x: number, y: number): string {
  const index = OPCODE_POINTS.findIndex((point) => point[0] === x && point[1] === y);
  return index >= 0 && index < OPCODES.length ? `opcode ${OPCODES[index].name}` : 'no opcode';
}

/** Undefined for what another component says already: squares, nibbles of a byte. */
function wordOf(role: string, component: string, value: number): string | undefined {
  switch (component) {
    case 'square':
    case 'low':
      return undefined;
    case 'high':
      return `high nibble ${nibble(value)}`;
    case 'byte':
      return `byte ${value}`;
    case 'sign':
      return value === 1 ? 'negative' : 'not negative';
    case 'word':
      return role === 'fetch immediate' ? `immediate ${numberText(value | 0)}` : `number ${numberText(value | 0)}`;
    case 'tag':
      return tagText(role, value);
    case 'pointer':
      return `value that ends before token ${numberText(value)}`;
    case 'wrote':
      return `set at token ${numberText(value)}`;
    case 'position':
      return `token ${numberText(value)}`;
    case 'advance':
    case 'returnTo':
      return `instruction ${numberText(value)}`;
    case 'value':
      return `${role} ${numberText(value)}`;
    case 'stack':
    case 'calls':
      return `${component === 'stack' ? 'stack' : 'call'} depth ${numberText(value)}`;
    default:
      if (component in FLAGS) return `${value === 0 ? 'no ' : ''}${FLAGS[component]}`;
      return `${component} ${numberText(value)}`;
  }
}

/** A token that wrote says where, plus one; one that did not says 0. */
function tagText(role: string, tag: number): string {
  if (tag === 0) return 'from no write';
  return role === 'memory load' ? `from address 0x${(tag - 1).toString(16)}` : `cell ${numberText(tag - 1)}`;
}

/** The nibble whose bit i stands at 4^i. */
function nibble(spread: number): number {
  return [0, 1, 2, 3].reduce((sum, bit) => sum + (Math.floor(spread / 4 ** bit) % 4) * 2 ** bit, 0);
}

const english = new Intl.NumberFormat('en');

/** 12,345; what is not whole with twelve digits. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? english.format(value) : String(Number(value.toPrecision(12)));
}

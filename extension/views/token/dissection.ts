/** What the Token view shows for an answer of the adapter, apart from how it is drawn. */
import type { TokenAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { familyOf } from '../parts/families.ts';

type Layer = TokenAnswer['layers'][number];
export type HeadOf = Layer['heads'][number];
export type CircuitOf = Layer['circuits'][number];
export type ChangeOf = Layer['changes'][number];
type Term = TokenAnswer['terms'][number];

/** A slot of the stream as a mark in its strip. */
export interface Mark {
  readonly slot: number;
  readonly title: string;
  /** On the answer's path. */
  readonly active: boolean;
  /** Role of the head that wrote it; missing where neurons did. */
  readonly role?: string;
}

export interface LayerRow {
  readonly layer: number;
  /** Nothing that it did has a part in the answer. */
  readonly quiet: boolean;
  /** It did not change the stream at all. */
  readonly unchanged: boolean;
  readonly activeHeads: readonly HeadOf[];
  readonly otherHeads: readonly HeadOf[];
  /** Circuits that do more than erase, of which a neuron was open. */
  readonly firing: readonly CircuitOf[];
  /** What they wrote on the answer's path. */
  readonly decisive: readonly string[];
  /** Neurons that do more than erase, and how many of them were open. */
  readonly neurons: number;
  readonly fired: number;
  readonly marks: readonly Mark[];
  /** What changed on the answer's path. */
  readonly told: readonly ChangeOf[];
  readonly changes: readonly ChangeOf[];
  readonly says: string;
}

/** A row for each layer. */
export function rowsOf({ layers }: TokenAnswer): LayerRow[] {
  return layers.map(({ heads, circuits, neurons, changes, says }, layer) => {
    const activeHeads = heads.filter(({ active }) => active);
    // A slot that was only emptied for a variable that is still to come says nothing yet.
    const told = changes.filter(({ active, was, after }) => active && (was === undefined || after !== 0));
    const onPath = new Set(told.map(({ slot }) => slot));
    const roles = new Map(heads.flatMap(({ slots, role }) => slots.map(({ slot }) => [slot, role] as const)));
    return {
      layer,
      quiet: activeHeads.length === 0 && told.length === 0,
      unchanged: changes.length === 0,
      activeHeads,
      otherHeads: heads.filter(({ active }) => !active),
      firing: circuits,
      decisive: circuits.flatMap(({ slots }) => slots.filter(({ slot }) => onPath.has(slot)).map(({ name }) => name)),
      neurons,
      fired: circuits.reduce((sum, { fired }) => sum + fired, 0),
      marks: changes.map(({ slot, active: _, ...change }) => {
        const role = roles.get(slot);
        const active = onPath.has(slot);
        return { slot, active, title: `slot ${slot}, ${changeText(change)}`, ...(role !== undefined && { role }) };
      }),
      told,
      changes,
      says,
    };
  });
}

/** `next byte 0 → 8`; where another variable took the slot: `next byte 8 (was fetch opcode: x -167)`. */
export function changeText({ name, was, before, after }: Omit<ChangeOf, 'slot' | 'active'>): string {
  if (was === undefined) return `${name} ${amountText(before)} → ${amountText(after)}`;
  return `${name} ${amountText(after)} (was ${was} ${amountText(before)})`;
}

/** A number of the stream: whole ones in full, others to six digits. */
export function amountText(value: number): string {
  if (Number.isInteger(value)) return number(value);
  return String(Number(value.toPrecision(6)));
}

/** What something did to a logit, with its sign; nothing if it did nothing. */
export function signed(value: number): string {
  if (value === 0) return '';
  return value > 0 ? `+${amountText(value)}` : `−${amountText(-value)}`;
}

/** `Decided in layer 4 of 12`: from where on the stream says the token. */
export function decidedText({ decided, layers }: TokenAnswer): string {
  if (decided < 0) return 'Said by the embedding of the token before it alone; no layer changed that.';
  return `Decided in layer ${decided}, of layers 0 to ${layers.length - 1}.`;
}

/** What a circuit is called: the variables that it writes, the first of many. */
export function circuitName({ names }: CircuitOf): string {
  if (names.length === 0) return 'erase';
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** A score as a sum of weights times slots. */
export interface Arithmetic {
  readonly text: string;
  /** The sum's terms, as they are written: `16 × 8 − 64 × 1`. */
  readonly sum: string;
  readonly logit: number;
  /** By how much it is behind the winner. */
  readonly behind: number;
}

/** The model's own arithmetic for the winner and its rival. */
export function arithmetic({ terms, chosen, rival }: TokenAnswer): Arithmetic[] {
  const apart = toldApart(terms);
  const common = terms.filter((term) => !apart.includes(term));
  const sum = (weight: (term: Term) => number) => {
    const product = (term: Term) => weight(term) * term.value;
    const shown = apart.filter((term) => product(term) !== 0).sort((a, b) => product(b) - product(a));
    const rest = common.reduce((total, term) => total + product(term), 0);
    const parts = shown.map(
      (term) => [weight(term), `${amountText(Math.abs(weight(term)))} × ${factor(term)}`] as const,
    );
    const all = rest === 0 ? parts : [...parts, [rest, `${amountText(Math.abs(rest))} (what both have)`] as const];
    const text = all.map(([sign, part], i) => (sign < 0 ? `− ${part}` : i > 0 ? `+ ${part}` : part));
    return text.join(' ') || '0';
  };
  return [
    { ...chosen, sum: sum(({ chosenWeight }) => chosenWeight), behind: 0 },
    { ...rival, sum: sum(({ rivalWeight }) => rivalWeight), behind: chosen.logit - rival.logit },
  ];
}

/** The terms that tell the two tokens apart. */
export function toldApart(terms: readonly Term[]): Term[] {
  return terms.filter(({ chosenWeight, rivalWeight }) => chosenWeight !== rivalWeight);
}

function factor({ value }: Term): string {
  return value < 0 ? `(${amountText(value)})` : amountText(value);
}

/** A score of the form 2·k·x − k²: greatest for the token whose number k is nearest to x. */
export interface Parabola {
  /** The slot that x is in. */
  readonly name: string;
  readonly x: number;
  readonly chosen: number;
  readonly rival: number;
}

/** The form above, if the weights that tell the two apart have it. */
export function parabola({ terms }: TokenAnswer): Parabola | undefined {
  const apart = toldApart(terms);
  const constant = apart.find(({ value, chosenWeight, rivalWeight }) => {
    return value === 1 && chosenWeight <= 0 && rivalWeight <= 0;
  });
  const others = apart.filter((term) => term !== constant);
  if (!constant || others.length !== 1) return;
  const [{ name, value, chosenWeight, rivalWeight }] = others;
  const [chosen, rival] = [chosenWeight / 2, rivalWeight / 2];
  if (constant.chosenWeight !== -chosen * chosen || constant.rivalWeight !== -rival * rival) return;
  return { name, x: value, chosen, rival };
}

/** Something that the answer was made from, and that could have been another. */
export interface Source {
  readonly head: HeadOf;
  readonly token: number;
  readonly text: string;
  /** Whether it is a value that has an origin; otherwise a token of the program. */
  readonly isValue: boolean;
}

/** Tokens whose value or instruction the answer was made from, latest layer first, each once. */
export function sourcesOf({ layers }: TokenAnswer): Source[] {
  const found = new Map<number, Source>();
  for (const { heads } of layers.toReversed()) {
    for (const head of heads) {
      const { active, target, role } = head;
      if (!active || !target || found.has(target.token)) continue;
      const isByte = /^[0-9a-f]{2}$/.test(target.text);
      const isInstruction = role === 'fetch opcode';
      const isBrought = head.slots.length > 0 && BRINGING.has(familyOf(role).letter);
      if (!isInstruction && !(isByte && isBrought)) continue;
      found.set(target.token, { head, token: target.token, text: target.text, isValue: !isInstruction });
    }
  }
  return [...found.values()];
}

/** Families whose heads bring values: operands, locals, memory, input, numbers of the code. */
const BRINGING = new Set(['T', 'B', 'L', 'M', 'I', 'P']);

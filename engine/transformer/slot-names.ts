/**
 * What the slots of the residual stream are called, layer by layer, and what heads read of them and add to them: for
 * display. The configuration gives a slot's names one behind the other (`opcode x, then is operands of eight bytes`); which
 * one holds in a layer is read from the weights: a slot has its next name from where a feed-forward has erased it.
 */
import type { Layer, Model } from './model.ts';

/** A slot in a sum: its name, its weight, and what was in it. */
export interface Term {
  readonly slot: string;
  readonly weight: number;
  readonly value: number;
}

/** A component of a query, key or value: a sum of slots. */
export interface Form {
  readonly sum: number;
  readonly terms: readonly Term[];
}

/** What a head makes of the residual stream of one token, two components each. */
export interface HeadForms {
  readonly query: readonly [Form, Form];
  readonly key: readonly [Form, Form];
  readonly value: readonly [Form, Form];
}

const known = new WeakMap<Model, readonly (readonly string[])[]>();

/** [layer][slot]: its name as the attention of that layer reads it, or writes it. */
export function slotNames(model: Model): readonly (readonly string[])[] {
  const found = known.get(model) ?? read(model);
  known.set(model, found);
  return found;
}

function read({ config, layers }: Model): string[][] {
  const names = config.names.slots.map((held) => held.split(', then '));
  const at = new Array<number>(names.length).fill(0);
  const one = config.names.slots.indexOf('one');
  return layers.map((layer) => {
    const here = names.map((held, slot) => held[Math.min(at[slot], held.length - 1)]);
    for (const slot of erasedBy(layer, one)) at[slot]++;
    return here;
  });
}

/** The slots that a feed-forward takes from themselves, whatever is in them. */
function erasedBy({ gate, up, down }: Layer, one: number): number[] {
  const erased: number[] = [];
  for (let n = 0; n < gate.rows; n++) {
    const isAlways = gate.starts[n + 1] === gate.starts[n] + 1 && gate.weight(n, one) === 1;
    if (!isAlways || up.starts[n + 1] !== up.starts[n] + 1) continue;
    const slot = up.columns[up.starts[n]];
    if (up.weights[up.starts[n]] === 1 && down.weight(n, slot) === -1) erased.push(slot);
  }
  return erased;
}

/** How a head makes query, key and value of the residual stream `x` before the attention of its layer. */
export function headForms(model: Model, layer: number, head: number, x: Float64Array): HeadForms {
  const names = slotNames(model)[layer];
  const { q, k, v } = model.layers[layer];
  const pair = (matrix: Layer['q']): [Form, Form] => [form(matrix, 2 * head), form(matrix, 2 * head + 1)];
  return { query: pair(q), key: pair(k), value: pair(v) };

  function form(matrix: Layer['q'], row: number): Form {
    const terms: Term[] = [];
    for (let i = matrix.starts[row]; i < matrix.starts[row + 1]; i++) {
      const slot = matrix.columns[i];
      terms.push({ slot: names[slot], weight: matrix.weights[i], value: x[slot] });
    }
    return { sum: matrix.dot(row, x), terms };
  }
}

/** What the two components of a head's value are called in the residual stream: `['position', 'sign']`; '' for none. */
export function broughtBy(model: Model, layer: number, head: number): readonly [string, string] {
  const names = slotNames(model)[layer];
  const { o } = model.layers[layer];
  const prefix = `${model.config.names.heads[layer][head]}: `;
  const name = (row: number) => {
    if (o.isZero(row)) return '';
    const full = names[o.columns[o.starts[row]]];
    return full.startsWith(prefix) ? full.slice(prefix.length) : full;
  };
  return [name(2 * head), name(2 * head + 1)];
}

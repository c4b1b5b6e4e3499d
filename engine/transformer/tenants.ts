/**
 * What the slots of the residual stream hold, and when: a slot is given to one variable after another, and its name in
 * the configuration lists them. A neuron that subtracts a slot from itself, whatever its value, is where one ends.
 */
import type { Layer, Model, SparseMatrix } from './model.ts';

/** A variable in a slot. Places count as residuals do: 0 is behind the embedding, 2 · layer + 2 behind a layer. */
export interface Tenant {
  readonly name: string;
  /** The first place at which the slot holds it, and the first at which it no longer does. */
  readonly from: number;
  readonly to: number;
}

const known = new WeakMap<Model, readonly (readonly Tenant[])[]>();

/** [slot]: its variables, in order. Where names and erasers do not fit together, the names stay in one. */
export function tenants(model: Model): readonly (readonly Tenant[])[] {
  const found = known.get(model) ?? tenantsOf(model);
  known.set(model, found);
  return found;
}

/** What a slot is called at a place. */
export function slotName(model: Model, slot: number, place: number): string {
  return tenants(model)[slot].find(({ from, to }) => from <= place && place < to)?.name ?? '';
}

/** For each slot, the layers whose neurons erase it. */
export function erasures(model: Model): number[][] {
  const constant = constants(model);
  const result = Array.from({ length: model.config.dModel }, (): number[] => []);
  for (const [l, layer] of model.layers.entries()) {
    for (let n = 0; n < layer.gate.rows; n++) {
      const slot = erasedBy(layer, n, constant);
      if (slot >= 0) result[slot].push(l);
    }
  }
  return result;
}

/** The slot that a neuron erases whatever is in it; -1 for none. `constant`: see below. */
function erasedBy({ gate, up, down }: Layer, n: number, constant: ReadonlyMap<number, number>): number {
  const slot = onlyColumn(up, n);
  const switched = onlyColumn(gate, n);
  const value = constant.get(switched);
  if (slot < 0 || value === undefined) return -1;
  const open = gate.weight(n, switched) * value;
  return open > 0 && open * up.weight(n, slot) * down.weight(n, slot) === -1 ? slot : -1;
}

/** Per layer, the neurons that do nothing else than erase. */
export function erasers(model: Model): Set<number>[] {
  const constant = constants(model);
  return model.layers.map(
    (layer) =>
      new Set(
        Array.from({ length: layer.gate.rows }, (_, n) => n).filter((n) => {
          const slot = erasedBy(layer, n, constant);
          return slot >= 0 && onlyColumn(layer.down, n) === slot;
        }),
      ),
  );
}

/** Slots that hold the same for every token and are never written to, with what they hold. */
function constants({ config, embed, layers }: Model): Map<number, number> {
  const written = new Set([config.position.slot, config.position.squareSlot]);
  for (const { o, down } of layers)
    for (const matrix of [o, down]) for (const slot of matrix.columns) written.add(slot);
  const values = new Map<number, number>();
  for (let i = embed.starts[0]; i < embed.starts[1]; i++) values.set(embed.columns[i], embed.weights[i]);
  for (const [slot, value] of values) {
    const isSame = Array.from({ length: embed.rows }, (_, row) => row).every(
      (row) => embed.weight(row, slot) === value,
    );
    if (!isSame || written.has(slot)) values.delete(slot);
  }
  return values;
}

function tenantsOf(model: Model): Tenant[][] {
  const end = 2 * model.layers.length + 1;
  const erased = erasures(model);
  return model.config.names.slots.map((text, slot) => {
    const names = text.split(', then ');
    const ends = [...new Set(erased[slot])].map((layer) => 2 * layer + 2);
    if (ends.length !== names.length - 1) return [{ name: text, from: 0, to: end }];
    return names.map((name, i) => ({ name, from: i === 0 ? 0 : ends[i - 1], to: ends[i] ?? end }));
  });
}

/** The one column of a row; -1 for none or several. */
export function onlyColumn({ starts, columns }: SparseMatrix, row: number): number {
  return starts[row + 1] === starts[row] + 1 ? columns[starts[row]] : -1;
}

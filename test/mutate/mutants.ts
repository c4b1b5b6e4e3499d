/** Mutants: a model with one nonzero weight changed. */
import type { Model, SparseMatrix } from '../../engine/transformer/model.ts';
import type { Place } from './changed-columns.ts';

export const CHANGES = ['drop', 'negate', 'add one'] as const;
export type ChangeKind = (typeof CHANGES)[number];

/** One weight, changed in one way. */
export interface Mutant {
  readonly place: Place;
  readonly matrix: SparseMatrix;
  /** Of the weight among the matrix's nonzero ones. */
  readonly index: number;
  readonly change: ChangeKind;
}

/** The weight that a mutant has instead of `weight`. */
export function changed(weight: number, change: ChangeKind): number {
  switch (change) {
    case 'drop':
      return 0;
    case 'negate':
      return -weight;
    case 'add one':
      return weight + 1;
  }
}

/** Every mutant of a model, in the order of the files. */
export function mutantsOf(model: Model): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (part: Place['part'], layer: number, matrix: SparseMatrix) => {
    for (let row = 0; row < matrix.rows; row++) {
      for (let index = matrix.starts[row]; index < matrix.starts[row + 1]; index++) {
        const place = { part, layer, row, column: matrix.columns[index] };
        for (const change of CHANGES) mutants.push({ place, matrix, index, change });
      }
    }
  };
  add('embed', -1, model.embed);
  for (const [l, layer] of model.layers.entries()) {
    for (const part of ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const) add(part, l, layer[part]);
  }
  add('unembed', -1, model.unembed);
  return mutants;
}

/** Runs `body` with the mutant's weight in the model. */
export function withMutant<Result>({ matrix, index, change }: Mutant, body: () => Result): Result {
  const weight = matrix.weights[index];
  matrix.weights[index] = changed(weight, change);
  try {
    return body();
  } finally {
    matrix.weights[index] = weight;
  }
}

/** A mutant in words: place, weight, change, and what the files call its parts. */
export function describe(model: Model, { place, matrix, index, change }: Mutant): string {
  const { names } = model.config;
  const { part, layer, row, column } = place;
  const weight = matrix.weights[index];
  const slot = `slot ${column} (${names.slots[column]})`;
  const where = () => {
    if (part === 'embed' || part === 'unembed') return `${part}, token ${model.vocab[row]}, ${slot}`;
    if (part === 'gate' || part === 'up' || part === 'down') return `layer ${layer}, ${part} of neuron ${row}, ${slot}`;
    return `layer ${layer}, ${part} of "${names.heads[layer][row >> 1]}" (${row % 2}), ${slot}`;
  };
  return `${where()}: ${change} ${weight}`;
}

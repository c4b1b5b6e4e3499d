/**
 * A model as one can look at it, without a pass: heads and circuits by layer, which weights of each matrix are not zero, who
 * writes and erases each slot. Read from the model's files alone, and plain data that can be sent.
 */
import { circuits } from './circuits.ts';
import { type Model, type ModelConfig, type SparseMatrix, workingHeads } from './model.ts';
import { type Tenant, tenants } from './tenants.ts';

/** Where a matrix has weights: a grid of blocks, of which those with a weight that is not zero are listed. */
export interface MatrixPicture {
  /** As in the file of weights. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly nonzero: number;
  /** Blocks of the grid, down and across. */
  readonly down: number;
  readonly across: number;
  /** Ascending; block `y * across + x`. */
  readonly blocks: readonly number[];
}

export interface LayerPortrait {
  readonly heads: readonly { readonly head: number; readonly role: string; readonly latest: boolean }[];
  readonly circuits: readonly { readonly names: readonly string[]; readonly neurons: number }[];
  readonly neurons: number;
  readonly matrices: readonly MatrixPicture[];
}

/** Who writes a slot in a layer: heads by their roles, or neurons. */
export interface SlotWriter {
  readonly layer: number;
  readonly roles: readonly string[];
  readonly neurons: number;
}

export interface SlotPortrait {
  readonly tenants: readonly Tenant[];
  readonly writers: readonly SlotWriter[];
  /** Whether the embedding of a token, or its position, writes it. */
  readonly embedded: boolean;
}

export interface Portrait {
  readonly sizes: ReturnType<Model['sizes']> & { readonly neurons: number };
  readonly layers: readonly LayerPortrait[];
  readonly embed: MatrixPicture;
  readonly unembed: MatrixPicture;
  readonly slots: readonly SlotPortrait[];
  readonly limits?: ModelConfig['limits'];
  readonly specialized?: ModelConfig['specialized'];
}

/** Blocks of a picture at most, down and across. */
const GRID = 64;

export function portrait(model: Model): Portrait {
  const { config, embed, unembed } = model;
  const layers = model.layers.map((_, l) => layerPortrait(model, l));
  const { limits, specialized } = config;
  return {
    sizes: { ...model.sizes(), neurons: layers.reduce((sum, { neurons }) => sum + neurons, 0) },
    layers,
    embed: picture('embed.weight', embed, config.dModel, false),
    unembed: picture('unembed.weight', unembed, config.dModel, false),
    slots: slotPortraits(model),
    ...(limits && { limits }),
    ...(specialized && { specialized }),
  };
}

function layerPortrait(model: Model, l: number): LayerPortrait {
  const { config } = model;
  const layer = model.layers[l];
  const picturesOf = (part: string, names: readonly (keyof typeof layer)[], transposed: string, width: number) =>
    names.map((name) => {
      const isTransposed = name === transposed;
      const columns = isTransposed ? config.dModel : width;
      return picture(`layers.${l}.${part}.${name}.weight`, layer[name], columns, isTransposed);
    });
  return {
    heads: workingHeads(layer).map((head) => ({
      head,
      role: config.names.heads[l][head],
      latest: config.recencySlopes[l][head] > 0,
    })),
    circuits: circuits(model)[l].map(({ names, neurons }) => ({ names, neurons: neurons.length })),
    neurons: layer.gate.rows,
    matrices: [
      ...picturesOf('attn', ['q', 'k', 'v', 'o'], 'o', config.dModel),
      ...picturesOf('ffn', ['gate', 'up', 'down'], 'down', config.dModel),
    ],
  };
}

/** `columns`: of the matrix as it is kept; `transposed`: the file has it the other way round. */
function picture(name: string, matrix: SparseMatrix, columns: number, transposed: boolean): MatrixPicture {
  const [rows, width] = transposed ? [columns, matrix.rows] : [matrix.rows, columns];
  const [down, across] = [Math.min(rows, GRID), Math.min(width, GRID)];
  const blocks = new Set<number>();
  for (let row = 0; row < matrix.rows; row++) {
    for (let i = matrix.starts[row]; i < matrix.starts[row + 1]; i++) {
      const [y, x] = transposed ? [matrix.columns[i], row] : [row, matrix.columns[i]];
      blocks.add(Math.floor((y * down) / rows) * across + Math.floor((x * across) / width));
    }
  }
  const sorted = [...blocks].sort((a, b) => a - b);
  return { name, rows, columns: width, nonzero: matrix.weights.length, down, across, blocks: sorted };
}

function slotPortraits(model: Model): SlotPortrait[] {
  const { config, layers, embed } = model;
  const embedded = new Set([...embed.columns, config.position.slot, config.position.squareSlot]);
  const writers = Array.from({ length: config.dModel }, (): SlotWriter[] => []);
  for (const [l, { o, down }] of layers.entries()) {
    const roles = rowsBySlot(o).map((rows) => [
      ...new Set(rows.map((row) => config.names.heads[l][Math.floor(row / 2)])),
    ]);
    // What only erases is told by where variables end.
    const working = new Set(circuits(model)[l].flatMap(({ names, neurons }) => (names.length > 0 ? neurons : [])));
    const neurons = rowsBySlot(down).map((rows) => rows.filter((row) => working.has(row)).length);
    for (const [slot, list] of writers.entries()) {
      const writer = { layer: l, roles: roles[slot] ?? [], neurons: neurons[slot] ?? 0 };
      if (writer.roles.length > 0 || writer.neurons > 0) list.push(writer);
    }
  }
  return writers.map((list, slot) => ({
    tenants: tenants(model)[slot],
    writers: list,
    embedded: embedded.has(slot),
  }));
}

/** For each column, the rows that have a weight in it. */
function rowsBySlot(matrix: SparseMatrix): number[][] {
  const found: number[][] = [];
  for (let row = 0; row < matrix.rows; row++) {
    for (let i = matrix.starts[row]; i < matrix.starts[row + 1]; i++) {
      found[matrix.columns[i]] ??= [];
      found[matrix.columns[i]].push(row);
    }
  }
  return Array.from(found, (rows) => rows ?? []);
}

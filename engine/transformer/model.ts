/** A decoder's weights, kept as sparse rows: 98 % of them are zero. Reads nothing but the model's three files. */
import { PlacedError } from '../errors.ts';
import { readSafetensors } from './safetensors.ts';

/** `config.json`. Names are for display: nothing computes from them. */
export interface ModelConfig {
  readonly format: 'stepformer-1';
  readonly dModel: number;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: 2;
  /** Neurons of the widest feed-forward layer; the others' tensors say how many they have. */
  readonly dFfn: number;
  readonly vocabulary: number;
  /** Slots of the residual stream that the position and its square are added to. */
  readonly position: { readonly slot: number; readonly squareSlot: number };
  /** [layer][head]: 0 averages equal scores; positive lets the latest of them win. */
  readonly recencySlopes: readonly (readonly number[])[];
  readonly softmax: { readonly scaleBits: number };
  /** Tokens after which generation ends. */
  readonly eos: readonly number[];
  /** Of a model that runs one program alone, which is not in its prompt: what it is called, and a checksum of it. */
  readonly specialized?: { readonly program: string; readonly checksum: string };
  /** How far the model is exact; for display. */
  readonly limits?: {
    /** What it is built for, and the largest powers of two that its rows allow. */
    readonly machine: Readonly<Record<string, number>>;
    readonly exact: Readonly<Record<string, number>>;
    /** The longest trace for which real softmax finds the same, by bits of the largest address. */
    readonly softmax: readonly { readonly addressBits: number; readonly tokens: number }[];
  };
  readonly names: { readonly heads: readonly (readonly string[])[]; readonly slots: readonly string[] };
}

/** The contents of the three files. */
export interface ModelFiles {
  readonly safetensors: Uint8Array;
  readonly vocab: readonly string[];
  readonly config: ModelConfig;
}

/** A matrix by rows: row r holds `weights[i]` in column `columns[i]` for i from `starts[r]` to `starts[r + 1]`. */
export class SparseMatrix {
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float64Array;

  constructor(starts: Int32Array, columns: Int32Array, weights: Float64Array) {
    this.starts = starts;
    this.columns = columns;
    this.weights = weights;
  }

  /** Of a matrix in row-major order. */
  static of(data: Float64Array, rows: number, columns: number): SparseMatrix {
    const starts = new Int32Array(rows + 1);
    const nonzero = data.reduce((count, weight) => count + Number(weight !== 0), 0);
    const sparse = new SparseMatrix(starts, new Int32Array(nonzero), new Float64Array(nonzero));
    let n = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const weight = data[row * columns + column];
        if (weight === 0) continue;
        sparse.columns[n] = column;
        sparse.weights[n++] = weight;
      }
      starts[row + 1] = n;
    }
    return sparse;
  }

  get rows(): number {
    return this.starts.length - 1;
  }

  /** Row r times x. */
  dot(row: number, x: Float64Array): number {
    let sum = 0;
    for (let i = this.starts[row]; i < this.starts[row + 1]; i++) sum += this.weights[i] * x[this.columns[i]];
    return sum;
  }

  /** Adds `scale` times row r to y. */
  addRow(row: number, scale: number, y: Float64Array): void {
    for (let i = this.starts[row]; i < this.starts[row + 1]; i++) y[this.columns[i]] += scale * this.weights[i];
  }

  /** y += xᵀ · matrix, where most of x is zero. */
  addTimes(x: Float64Array, y: Float64Array): void {
    for (let row = 0; row < this.rows; row++) if (x[row] !== 0) this.addRow(row, x[row], y);
  }

  /** The weight in row r and a column; 0 where there is none. */
  weight(row: number, column: number): number {
    for (let i = this.starts[row]; i < this.starts[row + 1]; i++)
      if (this.columns[i] === column) return this.weights[i];
    return 0;
  }

  /** Row r as text: the same for equal rows. */
  text(row: number): string {
    const [start, end] = [this.starts[row], this.starts[row + 1]];
    return `${this.columns.subarray(start, end)}:${this.weights.subarray(start, end)}`;
  }

  /** True when row r has no weight. */
  isZero(row: number): boolean {
    return this.starts[row] === this.starts[row + 1];
  }
}

/** One layer's matrices; `o` and `down` are kept transposed (a row per input), to skip inputs that are zero. */
export interface Layer {
  readonly q: SparseMatrix;
  readonly k: SparseMatrix;
  readonly v: SparseMatrix;
  readonly o: SparseMatrix;
  readonly gate: SparseMatrix;
  readonly up: SparseMatrix;
  readonly down: SparseMatrix;
}

/**
 * Gives the matrix `name` of a model, of as many rows and columns; `transpose`: with a row per column.
 * @throws PlacedError when there is none of that shape
 */
export type MatrixSource = (name: string, rows: number, columns: number, transpose: boolean) => SparseMatrix;

export class Model {
  readonly config: ModelConfig;
  readonly vocab: readonly string[];
  readonly embed: SparseMatrix;
  readonly layers: readonly Layer[];
  readonly unembed: SparseMatrix;
  private readonly parameters: number;
  private readonly nonzero: number;

  /**
   * @param width neurons of a layer
   * @param source is asked for every matrix, in a fixed order
   */
  constructor(
    { config, vocab }: Omit<ModelFiles, 'safetensors'>,
    width: (layer: number) => number,
    source: MatrixSource,
  ) {
    let parameters = 0;
    let nonzero = 0;
    const matrix = (name: string, rows: number, columns: number, transpose = false) => {
      const sparse = source(name, rows, columns, transpose);
      parameters += rows * columns;
      nonzero += sparse.weights.length;
      return sparse;
    };
    const { dModel, heads, vocabulary } = config;
    if (vocab.length !== vocabulary) {
      throw new PlacedError(`vocab.json has ${vocab.length} tokens, and config.json wants ${vocabulary}.`);
    }
    this.config = config;
    this.vocab = vocab;
    this.embed = matrix('embed.weight', vocabulary, dModel);
    this.layers = Array.from({ length: config.layers }, (_, layer) => ({
      q: matrix(`layers.${layer}.attn.q.weight`, 2 * heads, dModel),
      k: matrix(`layers.${layer}.attn.k.weight`, 2 * heads, dModel),
      v: matrix(`layers.${layer}.attn.v.weight`, 2 * heads, dModel),
      o: matrix(`layers.${layer}.attn.o.weight`, dModel, 2 * heads, true),
      gate: matrix(`layers.${layer}.ffn.gate.weight`, width(layer), dModel),
      up: matrix(`layers.${layer}.ffn.up.weight`, width(layer), dModel),
      down: matrix(`layers.${layer}.ffn.down.weight`, dModel, width(layer), true),
    }));
    this.unembed = matrix('unembed.weight', vocabulary, dModel);
    this.parameters = parameters;
    this.nonzero = nonzero;
  }

  /** @throws PlacedError when the files do not fit together. */
  static load(files: ModelFiles): Model {
    const { width, source } = tensorsOf(files);
    return new Model(files, width, source);
  }

  /** Sizes for display: `heads` counts those that do something. */
  sizes() {
    const { layers, dModel, dFfn, vocabulary } = this.config;
    const heads = this.layers.reduce((sum, layer) => sum + workingHeads(layer).length, 0);
    return { layers, dModel, heads, dFfn, vocabulary, parameters: this.parameters, nonzero: this.nonzero };
  }
}

/** Heads of a layer whose value reaches the residual stream. */
export function workingHeads(layer: Layer): number[] {
  return Array.from({ length: layer.q.rows / 2 }, (_, h) => h).filter((h) =>
    [2 * h, 2 * h + 1].some((row) => !layer.v.isZero(row) && !layer.o.isZero(row)),
  );
}

/** What a model is made of, from its files. @throws PlacedError when they hold no tensors of float64 */
export function tensorsOf({ safetensors, config }: ModelFiles): {
  readonly width: (layer: number) => number;
  readonly source: MatrixSource;
} {
  const tensors = readSafetensors(safetensors);
  const { dFfn } = config;
  const width = (layer: number) => Math.min(tensors.get(`layers.${layer}.ffn.gate.weight`)?.shape[0] ?? dFfn, dFfn);
  const source: MatrixSource = (name, rows, columns, transpose) => {
    const tensor = tensors.get(name);
    if (!tensor) throw new PlacedError(`model.safetensors has no tensor ${name}. Build the model again.`);
    if (tensor.shape.length !== 2 || tensor.shape[0] !== rows || tensor.shape[1] !== columns) {
      throw new PlacedError(`tensor ${name} is [${tensor.shape}], and config.json wants [${rows},${columns}].`);
    }
    return transpose
      ? SparseMatrix.of(transposed(tensor.data, rows, columns), columns, rows)
      : SparseMatrix.of(tensor.data, rows, columns);
  };
  return { width, source };
}

function transposed(data: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) result[c * rows + r] = data[r * columns + c];
  return result;
}

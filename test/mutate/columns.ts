/**
 * A forward pass over one sequence by columns: every number of the residual stream, every query, key, value and neuron
 * at all positions at once. The tokens are given (teacher forcing), so that a changed weight can be followed through the
 * model (changed-columns.ts).
 *
 * Knows the model's files and nothing of what they compute.
 */
import { type Layer, type Model, type SparseMatrix, workingHeads } from '../../engine/transformer/model.ts';
import { bring, type Column, findWinners, isParabola, type Search, SHARED } from './search.ts';

/** A sequence of tokens with what must come next. */
export interface Sequence {
  readonly name: string;
  readonly tokens: Uint16Array;
  /** By position: the token that the model must generate there; -1 where the next one is given. */
  readonly expected: Int16Array;
}

/** Weights of a matrix by what they write to. */
export interface Feeders {
  /** By slot: rows of the transposed matrix (inputs) and the indices of their weights. */
  readonly bySlot: ReadonlyMap<number, readonly { readonly input: number; readonly index: number }[]>;
  readonly matrix: SparseMatrix;
}

export interface HeadColumns {
  readonly head: number;
  readonly latest: boolean;
  q: Column[];
  k: Column[];
  v: Column[];
  out: Column[];
  winners: Int32Array;
  parabola: boolean;
  isMean: boolean;
}

interface LayerColumns {
  readonly layer: Layer;
  readonly heads: HeadColumns[];
  readonly neurons: (Column | undefined)[];
  readonly o: Feeders;
  readonly down: Feeders;
  /** By slot: which of `heads` and `neurons` read it. */
  readonly headsOf: ReadonlyMap<number, readonly number[]>;
  readonly neuronsOf: ReadonlyMap<number, readonly number[]>;
}

export class Columns {
  readonly model: Model;
  readonly sequence: Sequence;
  protected readonly n: number;
  protected readonly all: Int32Array;
  /** [stage][slot]; a column is shared with the stage before if nothing wrote to it. */
  protected readonly stages: Column[][] = [];
  protected readonly layers: LayerColumns[];
  protected readonly positionsOf = new Map<number, number[]>();
  /** Candidates for the next token: rows of the unembedding, the first of equal ones. */
  protected readonly candidates: Int32Array;
  protected readonly checked: Int32Array;
  protected readonly mark: Uint8Array;

  constructor(model: Model, sequence: Sequence) {
    this.model = model;
    this.sequence = sequence;
    const { tokens, expected } = sequence;
    this.n = tokens.length;
    this.all = Int32Array.from(tokens, (_, i) => i);
    this.mark = new Uint8Array(this.n);
    this.checked = this.all.filter((i) => expected[i] >= 0);
    tokens.forEach((token, i) => {
      const list = this.positionsOf.get(token);
      if (list) list.push(i);
      else this.positionsOf.set(token, [i]);
    });
    const rows = new Map<string, number>();
    for (let row = model.unembed.rows - 1; row >= 0; row--) rows.set(model.unembed.text(row), row);
    this.candidates = Int32Array.from(rows.values()).sort();
    const { position } = model.config;
    const first = Array.from({ length: model.config.dModel }, () => new Float64Array(this.n));
    const x = new Float64Array(model.config.dModel);
    tokens.forEach((token, i) => {
      x.fill(0);
      model.embed.addRow(token, 1, x);
      x[position.slot] += i;
      x[position.squareSlot] += i * i;
      for (let slot = 0; slot < x.length; slot++) first[slot][i] = x[slot];
    });
    this.stages.push(first);
    this.layers = model.layers.map((layer, l) => this.pass(layer, l));
  }

  protected pass(layer: Layer, l: number): LayerColumns {
    const { config } = this.model;
    const before = this.stages[2 * l];
    const zero = new Float64Array(this.n);
    const made: LayerColumns = {
      layer,
      heads: workingHeads(layer).map((head) => {
        const two = (matrix: SparseMatrix) =>
          [2 * head, 2 * head + 1].map((row) =>
            matrix.isZero(row) ? zero : this.times(matrix, row, before, this.all),
          );
        const [q, k, v] = [two(layer.q), two(layer.k), two(layer.v)];
        const latest = config.recencySlopes[l][head] > 0;
        const winners = new Int32Array(this.n);
        const isMean = !latest && q.concat(k).every((column) => column === zero);
        const parabola = isParabola(k[0], k[1]);
        const made: HeadColumns = { head, latest, q, k, v, winners, isMean, parabola, out: [zero, zero] };
        const search = searchOf(made);
        if (isMean) winners.fill(SHARED);
        else findWinners(search, this.all, parabola, winners);
        made.out = v.map((value) => this.brought(made, search, winners, value, this.all));
        return made;
      }),
      neurons: [],
      o: feedersOf(layer.o),
      down: feedersOf(layer.down),
      headsOf: readers([layer.q, layer.k, layer.v], 2, workingHeads(layer)),
      neuronsOf: readers([layer.gate, layer.up], 1),
    };
    const outputs = new Map(
      made.heads.flatMap(({ head, out }) => out.map((column, i) => [2 * head + i, column] as const)),
    );
    const middle = before.map((column, slot) =>
      this.added(column, made.o, slot, (input) => outputs.get(input), this.all),
    );
    this.stages.push(middle);
    for (let n = 0; n < layer.gate.rows; n++) {
      const used = !layer.gate.isZero(n) && !layer.up.isZero(n);
      made.neurons.push(used ? this.neuron(layer, n, middle, this.all) : undefined);
    }
    this.stages.push(
      middle.map((column, slot) => this.added(column, made.down, slot, (input) => made.neurons[input], this.all)),
    );
    return made;
  }

  /** A row times the stream at these positions; elsewhere 0. */
  protected times(matrix: SparseMatrix, row: number, stream: readonly Column[], at: Int32Array): Column {
    const result = new Float64Array(this.n);
    for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
      const column = stream[matrix.columns[w]];
      const weight = matrix.weights[w];
      for (const i of at) result[i] += weight * column[i];
    }
    return result;
  }

  protected neuron(layer: Layer, n: number, stream: readonly Column[], at: Int32Array): Column {
    const gate = this.times(layer.gate, n, stream, at);
    const up = this.times(layer.up, n, stream, at);
    for (const i of at) gate[i] = gate[i] > 0 ? gate[i] * up[i] : 0;
    return gate;
  }

  /** A slot plus what is written to it; the same column if nothing is. */
  protected added(
    column: Column,
    { bySlot, matrix }: Feeders,
    slot: number,
    inputOf: (input: number) => Column | undefined,
    at: Int32Array,
  ): Column {
    const feeders = bySlot.get(slot);
    if (!feeders) return column;
    const result = column.slice();
    for (const { input, index } of feeders) {
      const values = inputOf(input);
      const weight = matrix.weights[index];
      if (values) for (const i of at) result[i] += weight * values[i];
    }
    return result;
  }

  /** What a head brings at these positions. */
  protected brought(head: HeadColumns, search: Search, winners: Int32Array, value: Column, at: Int32Array): Column {
    const result = new Float64Array(this.n);
    if (head.isMean) {
      let sum = 0;
      for (let i = 0; i < this.n; i++) {
        sum += value[i];
        result[i] = sum / (i + 1);
      }
      return result;
    }
    bring(search, winners, value, at, result);
    return result;
  }

  /** The residual stream after so many half-layers, [slot][position]. */
  streamAt(stage: number): readonly Column[] {
    return this.stages[stage];
  }

  /** Tokens that the model generates where one is expected. For the unchanged model: what it would generate. */
  wrong(): number[] {
    const last = this.stages[this.stages.length - 1];
    return [...this.checked].filter((i) => this.argmax(last, i) !== this.sequence.expected[i]);
  }

  protected argmax(stream: readonly Column[], i: number): number {
    const { unembed } = this.model;
    let best = Number.NEGATIVE_INFINITY;
    let token = 0;
    for (const row of this.candidates) {
      let logit = 0;
      for (let w = unembed.starts[row]; w < unembed.starts[row + 1]; w++) {
        logit += unembed.weights[w] * stream[unembed.columns[w]][i];
      }
      if (logit > best) {
        best = logit;
        token = row;
      }
    }
    return token;
  }
}

/** By slot: which heads or neurons have a weight on it; `rows` of each matrix belong to one. */
function readers(matrices: readonly SparseMatrix[], rows: number, numbers?: readonly number[]): Map<number, number[]> {
  const bySlot = new Map<number, Set<number>>();
  for (const matrix of matrices) {
    for (let row = 0; row < matrix.rows; row++) {
      const reader = Math.floor(row / rows);
      const number = numbers ? numbers.indexOf(reader) : reader;
      if (number < 0) continue;
      for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
        const slot = matrix.columns[w];
        const set = bySlot.get(slot);
        if (set) set.add(number);
        else bySlot.set(slot, new Set([number]));
      }
    }
  }
  return new Map([...bySlot].map(([slot, set]) => [slot, [...set]]));
}

function searchOf({ k, q, latest }: HeadColumns): Search {
  return { kx: k[0], ky: k[1], qx: q[0], qy: q[1], latest };
}

function feedersOf(matrix: SparseMatrix): Feeders {
  const bySlot = new Map<number, { input: number; index: number }[]>();
  for (let input = 0; input < matrix.rows; input++) {
    for (let index = matrix.starts[input]; index < matrix.starts[input + 1]; index++) {
      const slot = matrix.columns[index];
      const list = bySlot.get(slot);
      if (list) list.push({ input, index });
      else bySlot.set(slot, [{ input, index }]);
    }
  }
  return { bySlot, matrix };
}

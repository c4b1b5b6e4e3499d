/** The rows that the analysis of exactness has looked at, and what it found. */
import type { Case } from '../../graph/graph.ts';

/** What a row computes: a part of a head or a neuron, the sum into a slot, a head's score, a mean, a logit. */
export type RowKind =
  | 'query'
  | 'key'
  | 'value'
  | 'score'
  | 'mean'
  | 'rounded query'
  | 'gate'
  | 'up'
  | 'down'
  | 'slot'
  | 'unembedding';

/** One row of weights (or score) with what was proved of it. */
export interface Row {
  readonly kind: RowKind;
  readonly name: string;
  /**
   * Bits that the largest partial sum takes in units of the finest term: exact below 53. Of a rounded query: 53 plus the
   * logarithm of the share of the winner's lead that rounding can take.
   */
  readonly bits: number;
  /** Name of the case in which it is largest. */
  readonly case: string;
}

/** A row while it is being looked at. */
export type WorstCase = { -readonly [Field in keyof Row]: Row[Field] };

export class Rows {
  private readonly cases: readonly Case[];
  private readonly rows = new Map<string, WorstCase>();
  private readonly found = new Set<string>();

  constructor(cases: readonly Case[]) {
    this.cases = cases;
  }

  row(kind: RowKind, name: string): WorstCase {
    const key = `${kind}: ${name}`;
    let row = this.rows.get(key);
    if (!row) {
      row = { kind, name, bits: 0, case: this.cases[0].name };
      this.rows.set(key, row);
    }
    return row;
  }

  /** Keeps the worst case of a row. */
  note(row: WorstCase, c: number, bits: number): void {
    if (bits <= row.bits) return;
    row.bits = bits;
    row.case = this.cases[c].name;
  }

  problem(text: string): void {
    this.found.add(text);
  }

  /** All rows, those that take most bits first. */
  list(): Row[] {
    return [...this.rows.values()].sort((a, b) => b.bits - a.bits);
  }

  /** What is not exact. */
  problems(): string[] {
    const rows = this.list().filter(({ bits }) => !(bits < 53));
    return [
      ...rows.map((row) => `${row.kind} row of "${row.name}" takes ${row.bits.toFixed(1)} bits, case "${row.case}"`),
      ...this.found,
    ];
  }
}

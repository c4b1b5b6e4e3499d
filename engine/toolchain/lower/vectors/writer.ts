/** Writes the operators of a function whose vectors are halves, with locals for what an operator takes. */
import type { Operators, ValueType } from '../../decode/module.ts';
import { codeOf } from '../../decode/operators.ts';
import { CODE } from '../operators.ts';

/** A kind of operand, and the local that it was put into. */
export type Operand = 'i32' | 'i64' | 'f32' | 'f64';

export class Writer {
  /** Offset of the operator that is expanded. */
  offset = 0;
  /** Labels, constants and lanes, as the function has them. */
  readonly tables: readonly (readonly number[])[];
  readonly locals: ValueType[];
  private readonly scratch = new Map<string, number>();
  private readonly codes: number[] = [];
  private readonly offsets: number[] = [];
  private readonly immediates: number[] = [];
  private readonly highs: number[] = [];
  private taken = 0;

  constructor(tables: Writer['tables'], locals: readonly ValueType[]) {
    this.tables = tables;
    this.locals = [...locals];
  }

  operators(): Operators {
    const { tables } = this;
    return {
      codes: Uint32Array.from(this.codes),
      offsets: Int32Array.from(this.offsets),
      immediates: Int32Array.from(this.immediates),
      highs: Int32Array.from(this.highs),
      tables,
    };
  }

  put(code: number, immediate = 0, high = 0): void {
    this.codes.push(code);
    this.offsets.push(this.offset);
    this.immediates.push(immediate);
    this.highs.push(high);
  }

  op(name: string, immediate = 0, high = 0): void {
    this.put(codeOf(name), immediate, high);
  }

  get(...locals: readonly number[]): void {
    for (const local of locals) this.put(CODE.localGet, local);
  }

  long(value: bigint): void {
    this.op('i64.const', Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** Begins an operator: its operands can lie where those of the last one did. */
  begin(): void {
    this.taken = 0;
  }

  /** Takes the value on top of the stack into a local. */
  take(type: Operand): number {
    const key = `${type} ${this.taken++}`;
    const local = this.scratch.get(key) ?? this.locals.push(type) - 1;
    this.scratch.set(key, local);
    this.put(CODE.localSet, local);
    return local;
  }

  /** Takes a vector: the locals of its halves. */
  takeVector(): readonly [low: number, high: number] {
    const high = this.take('i64');
    return [this.take('i64'), high];
  }

  /** The two values on top are a vector. */
  vector(): void {
    this.put(CODE.vector);
  }
}

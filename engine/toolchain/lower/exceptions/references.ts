/**
 * References to exceptions, which `catch_ref` gives and `throw_ref` throws. One is a number of eight bytes: above, the number of
 * its tag; below, the value that was thrown if it is one of four bytes, else the place of the values: in the machine's memory
 * behind the program's, where each exception has a record of its own until the program ends. 0 is a reference to nothing.
 *
 * Both ways are functions that the toolchain adds, as what they do depends on which tag it is.
 */
import { PAGE_SIZE } from '../../../isa/limits.ts';
import type { WasmModule } from '../../decode/module.ts';
import type { Shared } from '../assembly.ts';
import { RECORD_PAGES } from '../records.ts';
import { bytesOf } from '../stack.ts';
import { type PayloadCell, Thrown } from '../throwing.ts';

/** The two functions. */
export class ReferenceRows {
  private readonly module: WasmModule;
  private readonly shared: Shared;
  private readonly thrown: Thrown;
  private readonly records: number | undefined;

  /** @param records address of the first record */
  constructor(module: WasmModule, shared: Shared, records: number | undefined) {
    this.module = module;
    this.shared = shared;
    this.thrown = new Thrown(module, shared.cellNamed);
    this.records = records;
  }

  /** Adds what is called; `named` is told of each with the cursor of its first row. */
  add(named: (name: string, start: number) => void): void {
    const { list, referenceCalls } = this.shared;
    for (const [calls, name, rows] of [
      [referenceCalls.caught, '(reference to an exception)', () => this.caught()],
      [referenceCalls.thrown, '(throw_ref)', () => this.throw()],
    ] as const) {
      if (calls.length === 0) continue;
      const start = list.ops.length;
      for (const cursor of calls) list.patch(cursor, start);
      rows();
      named(name, start);
    }
  }

  /** Leaves the reference to what is thrown: the one that it was thrown by, if any. */
  private caught(): void {
    const { list } = this.shared;
    const { reference } = this.thrown;
    if (reference !== undefined) {
      list.push('global.get.i64', reference);
      list.push('i64.eqz');
      const isNew = list.push('br_if');
      list.push('global.get.i64', reference);
      list.push('return');
      list.patch(isNew, list.ops.length);
    }
    this.eachTag(
      () => list.push('global.get', this.thrown.cell),
      (tag, payload) => {
        if (payload.length === 0) list.push('i32.const', 0);
        else if (isSmall(payload)) list.push('global.get', payload[0].cell);
        else this.record(payload);
        list.push('i64.extend_i32_u');
        list.pushWide(0, this.thrown.number(tag));
        list.push('i64.or');
      },
    );
  }

  /** A new record with the values; leaves its address. */
  private record(payload: readonly PayloadCell[]): void {
    const { list, cellNamed, helperCalls } = this.shared;
    const next = cellNamed('$exceptions', 4, this.records);
    const size = sizeOf(payload);
    list.push('global.get', next);
    list.push('local.tee', 0);
    list.push('i32.const', (this.records ?? 0) + RECORD_PAGES * PAGE_SIZE - size);
    list.push('i32.gt_u');
    const over = list.push('if');
    this.end('over 4 MiB of exceptions that are referred to');
    list.patch(over, list.ops.length);
    list.push('local.get', 0);
    list.push('i32.const', size);
    list.push('i32.add');
    list.push('global.set', next);
    for (const [i, { cell, width }] of payload.entries()) {
      this.address(8 * i);
      list.push(bytesOf(width) === 8 ? 'global.get.i64' : 'global.get', cell);
      helperCalls.push({ cursor: list.push('call'), name: `kept.set${bytesOf(width)}` });
    }
    list.push('local.get', 0);
  }

  /** Makes what the reference in local 1 refers to what is thrown, but for its number, which it leaves. */
  private throw(): void {
    const { list, helperCalls } = this.shared;
    list.push('local.tee', 1);
    list.push('i64.eqz');
    const isThere = list.push('if');
    this.end('null exception reference');
    list.patch(isThere, list.ops.length);
    list.push('local.get.i64', 1);
    list.push('global.set', this.thrown.reference ?? 0);
    list.push('local.get.i64', 1);
    list.push('i32.wrap_i64');
    list.push('local.set', 0);
    const number = () => {
      list.push('local.get.i64', 1);
      list.pushWide(32, 0);
      list.push('i64.shr_u');
      list.push('i32.wrap_i64');
    };
    this.eachTag(number, (tag, payload) => {
      for (const [i, { cell, width }] of payload.entries()) {
        this.address(8 * i);
        if (!isSmall(payload)) helperCalls.push({ cursor: list.push('call'), name: `kept.get${bytesOf(width)}` });
        list.push('global.set', cell);
      }
      list.push('i32.const', this.thrown.number(tag));
    });
  }

  private address(offset: number): void {
    const { list } = this.shared;
    list.push('local.get', 0);
    if (offset === 0) return;
    list.push('i32.const', offset);
    list.push('i32.add');
  }

  /** What is done by tag, each with a return behind it; the number on the stack decides. */
  private eachTag(number: () => void, rows: (tag: number, payload: readonly PayloadCell[]) => void): void {
    const { list } = this.shared;
    const { tags } = this.module;
    for (const tag of tags.keys()) {
      const isLast = tag === tags.length - 1;
      if (!isLast) {
        number();
        list.push('i32.const', this.thrown.number(tag));
        list.push('i32.eq');
      }
      const over = isLast ? -1 : list.push('if');
      rows(tag, this.thrown.payload(tag));
      list.push('return');
      if (over >= 0) list.patch(over, list.ops.length);
    }
  }

  /** Ends the program as a trap does, and says why. */
  private end(text: string): void {
    const { list, errorWrites, endings } = this.shared;
    for (const byte of new TextEncoder().encode(`${text}\n`)) {
      list.push('i32.const', byte);
      errorWrites.push(list.push('write_byte'));
    }
    endings.set(list.push('unreachable'), text);
  }
}

/** Whether a reference holds the values itself. */
function isSmall(payload: readonly PayloadCell[]): boolean {
  return payload.length === 0 || (payload.length === 1 && bytesOf(payload[0].width) === 4);
}

/** Bytes of a record: eight a value. */
function sizeOf(payload: readonly PayloadCell[]): number {
  return 8 * payload.length;
}

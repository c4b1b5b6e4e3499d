/** Token programs written by hand, for tests: an instruction list and the little that is not instructions. */
import { InstructionList } from '../../engine/isa/instruction-list.ts';
import type { DataSegment, ProgramGlobal, TokenProgram } from '../../engine/isa/program.ts';

/** One instruction: name and immediate. */
export type Line = readonly [name: string, imm?: number];

/** What a hand-written program has besides its lines. */
export interface Extras {
  readonly stride?: number;
  readonly pages?: number;
  /** Initial values of the global cells 1.. (cell 0 is `$pages`); a bigint makes one of eight bytes. */
  readonly globals?: readonly (number | bigint)[];
  readonly data?: readonly DataSegment[];
  readonly exitCode?: boolean;
}

function globalOf(value: number | bigint, i: number): ProgramGlobal {
  const rest = { name: `global ${i}`, cell: i + 1, mutable: true };
  if (typeof value === 'number') return { ...rest, type: 'i32', initial: value };
  const [initial, high] = halves(value);
  return { ...rest, type: 'i64', initial, high };
}

/** Low and high four bytes, as unsigned numbers. */
export function halves(value: bigint): [low: number, high: number] {
  return [Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n))];
}

/** The lines of an i64 constant. */
export function wide(value: bigint): Line[] {
  const [low, high] = halves(value);
  return [
    ['i64.const', low],
    ['i64.high', high],
  ];
}

/** A program of `lines` (the first stands at cursor 1), as one function `(start)`. */
export function programOf(lines: readonly Line[], extras: Extras = {}): TokenProgram {
  const list = new InstructionList();
  for (const [name, imm] of lines) list.push(name, imm);
  const pages = extras.pages ?? 0;
  const globals: ProgramGlobal[] = [
    { name: '$pages', cell: 0, type: 'i32', initial: pages, mutable: true },
    ...(extras.globals ?? []).map((value, i) => globalOf(value, i)),
  ];
  const stride = Math.max(extras.stride ?? 1, globals.length);
  list.imms[0] = stride;
  const start = {
    index: -1,
    name: '(start)',
    start: 1,
    end: list.ops.length,
    body: 1,
    locals: [],
    params: 0,
    results: 0,
    localNames: [],
  };
  return {
    ops: Uint16Array.from(list.ops),
    imms: Uint32Array.from(list.imms),
    stride,
    globals,
    data: extras.data ?? [],
    pages,
    offsets: Int32Array.from(list.offsets),
    codeSection: 0,
    functions: [start],
    exitCode: extras.exitCode ?? false,
  };
}

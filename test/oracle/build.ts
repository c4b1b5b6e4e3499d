/** Token programs written by hand, for tests: an instruction list and the little that is not instructions. */
import { type DataSegment, InstructionList, type ProgramGlobal, type TokenProgram } from '../../engine/isa/program.ts';

/** One instruction: name and immediate. */
export type Line = readonly [name: string, imm?: number];

/** What a hand-written program has besides its lines. */
export interface Extras {
  readonly stride?: number;
  readonly pages?: number;
  /** Initial values of the global cells 1.. (cell 0 is `$pages`). */
  readonly globals?: readonly number[];
  readonly data?: readonly DataSegment[];
  readonly exitCode?: boolean;
}

/** A program of `lines` (the first stands at cursor 1), as one function `(start)`. */
export function programOf(lines: readonly Line[], extras: Extras = {}): TokenProgram {
  const list = new InstructionList();
  for (const [name, imm] of lines) list.push(name, imm);
  const pages = extras.pages ?? 0;
  const globals: ProgramGlobal[] = [
    { name: '$pages', cell: 0, initial: pages, mutable: true },
    ...(extras.globals ?? []).map((initial, i) => ({ name: `global ${i}`, cell: i + 1, initial, mutable: true })),
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

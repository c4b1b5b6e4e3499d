/**
 * The program under the debugger, with all that leads from its instructions back to wasm and C.
 */
import type { DebugInfo, MachineState } from '../engine/debuginfo/index.ts';
import type { TokenProgram } from '../engine/isa/program.ts';
import type { Loaded } from '../engine/toolchain/load.ts';
import { CodeMap } from './code-map.ts';
import { type Frame, globalCells, stateOf } from './moment.ts';

export class Debuggee {
  readonly program: TokenProgram;
  readonly debug: DebugInfo | undefined;
  readonly code: CodeMap;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** The export that runs: its name and its function's first instruction. */
  readonly entry: { name: string; cursor: number };
  private readonly cells: readonly number[];

  constructor({ program, debug, module, files }: Loaded) {
    this.program = program;
    this.debug = debug;
    this.files = files;
    this.code = new CodeMap(program, debug);
    this.cells = globalCells(module.globals);
    const runs = (name: string) => module.exports.find((item) => item.name === name && item.kind === 'function');
    const entry = runs('_start') ?? runs('main');
    const fn = program.functions.find(({ index }) => index === entry?.index);
    this.entry = { name: entry?.name ?? '', cursor: fn?.body ?? 1 };
  }

  /** A frame's state, as debug information reads it. */
  state(frame: Frame): MachineState {
    return stateOf(frame, this.program.stride, this.cells);
  }

  /** Code offset of a frame where it is in C; undefined where there is no debug information. */
  codeOffset(frame: Frame): number | undefined {
    const offset = this.code.codeOffset(frame.cursor);
    return offset !== undefined && this.debug?.functionAt(offset) ? offset : undefined;
  }
}

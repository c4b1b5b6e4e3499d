/**
 * The program under the debugger, with all that leads from its instructions back to wasm and C.
 */
import type { DebugInfo, MachineState } from '../../engine/debuginfo/index.ts';
import type { ProgramGlobal, TokenProgram } from '../../engine/isa/program.ts';
import { takesArguments } from '../../engine/toolchain/input.ts';
import type { Loaded } from '../../engine/toolchain/load.ts';
import { CodeMap } from './code-map.ts';
import { type Frame, stateOf } from './frames.ts';

export class Debuggee {
  readonly loaded: Loaded;
  readonly program: TokenProgram;
  readonly debug: DebugInfo | undefined;
  readonly code: CodeMap;
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Sources that are no files, by URI. */
  readonly texts: ReadonlyMap<string, string>;
  /** The export that runs: its name and its function's first instruction. */
  readonly entry: { name: string; cursor: number };
  /** Whether the program's arguments stand before its input. */
  readonly takesArguments: boolean;
  /** The module's globals by index; undefined for those that the program has no cell for. */
  readonly globals: readonly (ProgramGlobal | undefined)[];

  constructor(loaded: Loaded) {
    const { program, debug, module, files, texts } = loaded;
    this.loaded = loaded;
    this.program = program;
    this.debug = debug;
    this.files = files;
    this.texts = texts;
    this.code = new CodeMap(program, debug, texts);
    this.takesArguments = takesArguments(module);
    this.globals = globalsOf(module, program);
    const runs = (name: string) => module.exports.find((item) => item.name === name && item.kind === 'function');
    const entry = runs('_start') ?? runs('main');
    const fn = program.functions.find(({ index }) => index === entry?.index);
    this.entry = { name: entry?.name ?? '', cursor: fn?.body ?? 1 };
  }

  /** A frame's state, as debug information reads it. */
  state(frame: Frame): MachineState {
    return stateOf(frame, this.program.stride, this.globals);
  }

  /** Code offset of a frame where it is in C; undefined where there is no debug information. */
  codeOffset(frame: Frame): number | undefined {
    const offset = this.code.codeOffset(frame.cursor);
    return offset !== undefined && this.debug?.functionAt(offset) ? offset : undefined;
  }
}

/** The program keeps the module's order and names; it leaves out globals that nothing uses and adds some of its own. */
function globalsOf({ globals, names }: Loaded['module'], program: TokenProgram): (ProgramGlobal | undefined)[] {
  let at = 0;
  return globals.map((_, index) => {
    const name = names.globals.get(index) ?? `global ${index}`;
    const found = program.globals.findIndex((candidate, i) => i >= at && candidate.name === name);
    if (found < 0) return undefined;
    at = found + 1;
    return program.globals[found];
  });
}

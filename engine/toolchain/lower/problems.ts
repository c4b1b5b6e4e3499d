/** What a module needs and the machine does not have: collected, each once per function, and worded. */
import { PlacedError, type Problem } from '../../errors.ts';
import { functionName, type WasmModule } from '../decode/module.ts';

/** A place in the source, counted from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** Where errors in a module belong. */
export interface Places {
  /** The module's file: the place of what has no line. */
  readonly file?: string;
  /** Source line of an offset counted from the code section's payload, as DWARF counts. */
  readonly sourceOf?: (codeOffset: number) => SourceLine | undefined;
}

/** A place in the module: an offset in the file, and the index of the function that it is in. */
export interface ModulePlace {
  readonly offset: number;
  readonly fn?: number;
}

export class Problems {
  private readonly module: WasmModule;
  private readonly places: Places;
  private readonly found = new Map<string, Problem>();

  constructor(module: WasmModule, places: Places) {
    this.module = module;
    this.places = places;
  }

  add(what: string, at?: ModulePlace): void {
    const key = `${at?.fn} ${what}`;
    if (this.found.has(key)) return;
    const message = `This program needs what the machine does not have: ${what}.`;
    const { file } = this.places;
    if (!at) {
      this.found.set(key, { message, place: { file } });
      return;
    }
    const { offset, fn } = at;
    if (fn === undefined) {
      this.found.set(key, { message, place: { file, offset } });
      return;
    }
    const source = this.places.sourceOf?.(offset - this.module.codeSection);
    const place = { ...(source ?? { file }), offset, function: functionName(this.module, fn) };
    this.found.set(key, { message, place });
  }

  malformed(what: string): PlacedError {
    return new PlacedError(`The WebAssembly module is invalid: ${what}.`, { file: this.places.file });
  }

  throwIfAny(): void {
    if (this.found.size > 0) throw PlacedError.of([...this.found.values()]);
  }
}

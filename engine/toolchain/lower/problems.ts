/** What a module needs and the machine does not have: collected, each once per function, and worded. */
import { PlacedError } from '../../errors.ts';
import { functionName, type WasmModule } from '../decode/module.ts';

const LISTED_PROBLEMS = 10;

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

/** An operator: its function's index and its offset in the file. */
export interface Place {
  readonly fn: number;
  readonly offset: number;
}

export class Problems {
  private readonly module: WasmModule;
  private readonly places: Places;
  private readonly found = new Map<string, Place | undefined>();

  constructor(module: WasmModule, places: Places) {
    this.module = module;
    this.places = places;
  }

  add(what: string, at?: Place): void {
    const key = at ? `${what} in function ${functionName(this.module, at.fn)}` : what;
    if (!this.found.has(key)) this.found.set(key, at);
  }

  malformed(what: string): PlacedError {
    return new PlacedError(`The WebAssembly module is invalid: ${what}.`, { file: this.places.file });
  }

  throwIfAny(): void {
    if (this.found.size === 0) return;
    let place: { file?: string; line?: number } | undefined;
    const texts: string[] = [];
    for (const [what, at] of this.found) {
      if (texts.length === LISTED_PROBLEMS) break;
      const source = at && this.places.sourceOf?.(at.offset - this.module.codeSection);
      place ??= source ?? { file: this.places.file };
      const line = source ? `${source.file}:${source.line}, ` : '';
      texts.push(at ? `${what} (${line}wasm offset 0x${at.offset.toString(16)})` : what);
    }
    const more = this.found.size > texts.length ? `\n  and ${this.found.size - texts.length} more` : '';
    throw new PlacedError(`This program needs what the machine does not have:\n  ${texts.join('\n  ')}${more}`, {
      file: place?.file,
      line: place?.line,
    });
  }
}

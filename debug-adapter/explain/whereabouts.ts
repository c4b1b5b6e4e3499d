/**
 * Where a trace line is in C: the place, the function, the text of the line. A line of the library, or of a helper, is
 * where the call stands that led there.
 */
import { instructionText, type ProgramFunction } from '../../engine/isa/program.ts';
import type { ByteSteps } from '../../engine/trace/byte-steps.ts';
import type { SourceLine } from '../protocol/protocol.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { literalsIn, SourceText } from '../recording/source-text.ts';

/** See the file's comment. */
export interface Whereabouts {
  /** The C line's text, or the instruction's. */
  readonly text: string;
  readonly place?: SourceLine;
  readonly function?: string;
}

export class Places {
  private readonly debuggee: Debuggee;
  private readonly steps: ByteSteps;
  private readonly sources = new SourceText();

  constructor(debuggee: Debuggee, steps: ByteSteps) {
    this.debuggee = debuggee;
    this.steps = steps;
  }

  /** Whether the program has C lines at all. */
  get isC(): boolean {
    return this.debuggee.debug?.isTyped === true && this.debuggee.code.files.size > 0;
  }

  of(line: number): Whereabouts {
    const { code } = this.debuggee;
    const own = this.steps.history.cursorOf(line);
    const name = this.functionOf(this.steps.helperCall(line)?.line ?? line);
    const shared = name === undefined ? {} : { function: name };
    for (let at = line; at >= 0; at = this.steps.callOf(at)) {
      const found = this.ofCursor(this.steps.history.cursorOf(at));
      if (found) return { ...found, ...shared };
    }
    return { text: instructionText(code.program, own), ...shared };
  }

  /** The C line of an instruction; undefined in code that has none. */
  ofCursor(cursor: number): (Whereabouts & { readonly place: SourceLine; readonly column: number }) | undefined {
    const { code, debug } = this.debuggee;
    const offset = code.codeOffset(cursor);
    if (offset === undefined || !debug?.functionAt(offset)) return undefined;
    const found = code.placeOf(cursor);
    if (!found) return undefined;
    const { text, place } = this.ofSource(found.file, found.line);
    // A line of WebAssembly's text may hold many instructions: it is this one that is spoken of.
    return { text: this.isC ? text : instructionText(code.program, cursor), place, column: found.column };
  }

  /** A line of a source. */
  ofSource(file: string, line: number): { readonly text: string; readonly place: SourceLine } {
    const text = this.sources.line(file, line)?.trim();
    return { text: text || `${file}:${line}`, place: { path: file, line } };
  }

  /** The line on which a character of a string literal stands, where one source says that string, and once. */
  ofLiteral(text: string, character: number): SourceLine | undefined {
    const found = [...this.debuggee.code.files.keys()].flatMap((path) =>
      literalsIn(this.sources.lines(path))
        .filter((literal) => literal.text === text)
        .map(({ lines }) => ({ path, line: lines[character] ?? lines[lines.length - 1] })),
    );
    return found.length === 1 ? found[0] : undefined;
  }

  /** The text of a whole source line, for columns. */
  lineText({ path, line }: SourceLine): string {
    return this.sources.line(path, line) ?? '';
  }

  /** Whether an instruction belongs to what sets a C function's frame up, before its first statement. */
  isPrologue(cursor: number): boolean {
    const offset = this.debuggee.code.codeOffset(cursor);
    const owner = offset === undefined ? undefined : this.debuggee.debug?.functionAt(offset);
    return owner !== undefined && (offset as number) < owner.prologueEnd;
  }

  /** What C calls a parameter of the function that a trace line is in; undefined where not all are parameters of C. */
  parameterName(line: number, index: number): string | undefined {
    const { code, debug } = this.debuggee;
    const offset = code.codeOffset(this.steps.history.cursorOf(line));
    const parameters = offset === undefined ? [] : (debug?.variablesAt(offset) ?? []).filter((one) => one.isParameter);
    return parameters.length === this.functionAt(line)?.params ? parameters[index]?.name : undefined;
  }

  /** The function of the token program that a trace line is in. */
  functionAt(line: number): ProgramFunction | undefined {
    return this.debuggee.code.functionAt(this.steps.history.cursorOf(line));
  }

  private functionOf(line: number): string | undefined {
    if (line < 0) return undefined;
    const cursor = this.steps.history.cursorOf(line);
    return this.debuggee.code.sourceFunctionAt(cursor)?.name ?? this.debuggee.code.functionAt(cursor)?.name;
  }
}

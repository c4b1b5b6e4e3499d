/**
 * Evaluating what people type: C expressions where the frame is in C, expressions over the machine elsewhere and for
 * names that start with `$`. For watches, hovers, the console, conditions and log messages.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  type CompiledExpression,
  compileExpression,
  completions,
  formatValue,
  Unreadable,
} from '../../engine/debuginfo/index.ts';
import { PlacedError } from '../../engine/errors.ts';
import type { NumberType } from '../../engine/isa/program.ts';
import type { Expressions } from '../breakpoints/breakpoints.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { cellBits, type Frame } from '../recording/frames.ts';
import { parseRaw, RAW_NAMES, type RawExpression, type RawScope, type RawValue } from './raw-expression.ts';
import { numberText, type Variables } from './variables.ts';

/** What evaluation asks of the session. */
export interface EvaluationSource {
  /** The innermost frame before a trace line. */
  frameAt(line: number): Frame;
  /** Index of the first token of a trace line. */
  firstToken(line: number): number;
}

/** Characters of a value that is copied rather than looked at. */
const UNCUT = 1_000_000;

export class Evaluation implements Expressions {
  private readonly debuggee: Debuggee;
  private readonly source: EvaluationSource;
  private readonly variables: Variables;

  constructor(debuggee: Debuggee, source: EvaluationSource, variables: Variables) {
    this.debuggee = debuggee;
    this.source = source;
    this.variables = variables;
  }

  /** Evaluates for a person. @throws PlacedError */
  evaluate(text: string, frame: Frame, context: string, hex: boolean): DebugProtocol.EvaluateResponse['body'] {
    const compiled = this.compile(text, frame.cursor, frame);
    if (typeof compiled === 'function') {
      const value = compiled(this.rawScope(frame));
      return { result: rawText(value, hex), type: typeof value === 'bigint' ? 'i64' : 'i32', variablesReference: 0 };
    }
    const value = unreadableAsPlaced(() => compiled.evaluate(this.debuggee.state(frame)));
    const limit = context === 'clipboard' ? UNCUT : undefined;
    const shown = this.variables.show({ name: text, value, evaluateName: text, frame }, hex, limit);
    const { value: result, type, variablesReference, indexedVariables, namedVariables, memoryReference } = shown;
    return { result, type, variablesReference, indexedVariables, namedVariables, memoryReference };
  }

  condition(text: string, cursor: number): (line: number) => boolean {
    const compiled = this.compile(text, cursor);
    if (typeof compiled === 'function') {
      return (line) => Boolean(compiled(this.rawScope(this.source.frameAt(line))));
    }
    return (line) => unreadableAsPlaced(() => compiled.truth(this.debuggee.state(this.source.frameAt(line))));
  }

  /** In a log message what stands in braces is an expression; `\{` is a brace. */
  message(template: string, cursor: number): (line: number) => string {
    const parts: ((frame: Frame) => string)[] = [];
    for (const [part, expression] of template.matchAll(/\\[{}]|\{([^{}]*)\}|[^{}\\]+|[{}\\]/g)) {
      if (expression === undefined) {
        const plain = /^\\[{}]$/.test(part) ? part[1] : part;
        parts.push(() => plain);
      } else {
        parts.push(this.interpolation(expression, cursor));
      }
    }
    return (line) => {
      const frame = this.source.frameAt(line);
      return parts.map((part) => part(frame)).join('');
    };
  }

  private interpolation(expression: string, cursor: number): (frame: Frame) => string {
    const compiled = this.compile(expression, cursor);
    if (typeof compiled === 'function') return (frame) => rawText(compiled(this.rawScope(frame)));
    const functionInTable = (index: number) => this.debuggee.debug?.functionInTable(index);
    return (frame) => {
      const state = this.debuggee.state(frame);
      return formatValue(
        unreadableAsPlaced(() => compiled.evaluate(state)),
        state,
        { functionInTable },
      );
    };
  }

  /** Names that could stand at the end of `text`. */
  completions(text: string, frame: Frame): DebugProtocol.CompletionItem[] {
    const { debug } = this.debuggee;
    const codeOffset = this.debuggee.codeOffset(frame);
    if (debug && codeOffset !== undefined && !/\$\w*$/.test(text)) {
      return completions(text, { info: debug, codeOffset }).map(({ label, kind, detail, column, length }) => ({
        label,
        detail,
        type: KINDS[kind],
        start: column,
        length,
      }));
    }
    const prefix = /\$?[\w.]*$/.exec(text)?.[0] ?? '';
    const names = [
      ...(frame.fn?.localNames ?? []),
      ...this.debuggee.program.globals.map(({ name }) => name),
      ...RAW_NAMES,
    ];
    return [...new Set(names)]
      .filter((name) => name.startsWith(prefix) && /^\$?[\w.]+$/.test(name))
      .map((label) => ({ label, type: 'variable', start: text.length - prefix.length + 1, length: prefix.length }));
  }

  /** C where the instruction is in C. What C does not know may still be a name of the machine: `token`, `$stack[0]`. */
  compile(text: string, cursor: number, frame?: Frame): CompiledExpression | RawExpression {
    const { debug, code } = this.debuggee;
    const offset = code.codeOffset(cursor);
    if (!debug || offset === undefined || !debug.functionAt(offset) || /^\s*\$/.test(text)) return parseRaw(text);
    try {
      return compileExpression(text, { info: debug, codeOffset: offset });
    } catch (error) {
      const raw = /^\s*(token|line)\s*$|^\s*(token|line)\s*[=<>!%]/.test(text) || frame === undefined;
      if (!(error instanceof PlacedError) || !raw || !/\b(token|line)\b|\$/.test(text)) throw error;
      try {
        return parseRaw(text);
      } catch {
        throw error;
      }
    }
  }

  /** The cell of a local or global by its name in a frame. */
  cellNamed(name: string, { fn, depth }: Frame): { cell: number; type: NumberType } | undefined {
    const { program } = this.debuggee;
    const bare = name.replace(/^\$/, '');
    const isNamed = (candidate: string) => candidate === name || candidate === bare;
    const local = (fn?.localNames ?? []).findIndex(isNamed);
    const numbered = /^\$?local\.?(\d+)$/.exec(name);
    const index = local < 0 && numbered ? Number(numbered[1]) : local;
    const type = fn?.locals[index];
    if (type) return { cell: depth * program.stride + index, type };
    return program.globals.find((candidate) => isNamed(candidate.name));
  }

  /** What names of the machine mean in a frame. */
  rawScope(frame: Frame): RawScope {
    const { moment, stackBase, stackTop } = frame;
    return {
      named: (name) => {
        if (name === 'line') return moment.line;
        if (name === 'token') return this.source.firstToken(moment.line);
        const found = this.cellNamed(name, frame);
        return found && cellBits(moment, found.cell, found.type);
      },
      stack: (index) => (index >= 0 && index < stackTop - stackBase ? moment.stackBits(stackBase + index) : undefined),
      byte: (address) => moment.memory(address, 1)[0],
    };
  }
}

const KINDS = { variable: 'variable', member: 'field', constant: 'value', function: 'function' } as const;

function rawText(value: RawValue, hex = false): string {
  return numberText(value, typeof value === 'bigint' ? 'i64' : 'i32', hex);
}

/** A value that cannot be read, as an error that the user can act on. */
function unreadableAsPlaced<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) throw new PlacedError(error.message);
    throw error;
  }
}

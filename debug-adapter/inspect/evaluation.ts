/**
 * Evaluating what people type, for watches, hovers, the console, conditions and log messages: C expressions over the
 * program's names where the frame is in C, and over those of the machine everywhere.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  type CompiledExpression,
  compileExpression,
  completions,
  type ExpressionScope,
  formatValue,
  isNumberType,
  libraryScope,
  MachineScope,
  type MachineState,
  type ModuleFunction,
  nested,
  ProgramScope,
  REMOVED,
  STANDARD_SCOPE,
  Unreadable,
  type Value,
  bytesOf as valueBytes,
} from '../../engine/debuginfo/index.ts';
import { PlacedError } from '../../engine/errors.ts';
import { PAGE_SIZE } from '../../engine/isa/limits.ts';
import type { Expressions, StaticObject } from '../breakpoints/kind.ts';
import type { Answering, AnswerOf } from '../protocol/protocol.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { cellBits, type Frame } from '../recording/frames.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Called, Calls } from './calls.ts';
import { bytesOf, type DataInfos, type Evaluated, isEmpty } from './data-info.ts';
import { noReads, noting } from './reads.ts';
import type { Placed, Variables } from './variables.ts';

/** What evaluation asks of the session. */
export interface EvaluationSource {
  /** The innermost frame before a trace line. */
  frameAt(line: number): Frame;
  /** The frame of the open call of a depth. */
  frameOfDepth(line: number, depth: number): Frame;
  /** The innermost frame that is in C, or else the innermost one. */
  frameInC(line: number): Frame;
  /** Index of the first token of a trace line. */
  firstToken(line: number): number;
}

/** An expression in a frame. */
export interface Prepared extends Pick<CompiledExpression, 'source' | 'format' | 'calls'> {
  /** The value in a state of the frame. @throws PlacedError */
  evaluate(state: MachineState): Value;
  /** The frame's own state. */
  state: MachineState;
}

/** Where functions are called: by whom nobody names, too. A hover is to have no effect, and to cost nothing. */
const MAKES_CALLS = /^(?:watch|repl|clipboard|)$/;

/** Characters of a value that is copied rather than looked at. */
const UNCUT = 1_000_000;

export class Evaluation implements Expressions {
  private readonly debuggee: Debuggee;
  private readonly source: EvaluationSource;
  private readonly variables: Variables;
  private readonly data: DataInfos;
  private readonly calls: Calls;
  private readonly library: ExpressionScope;

  constructor(debuggee: Debuggee, source: EvaluationSource, variables: Variables, data: DataInfos, calls: Calls) {
    this.debuggee = debuggee;
    this.calls = calls;
    this.library = libraryScope(moduleFunctions(debuggee));
    this.source = source;
    this.variables = variables;
    this.data = data;
  }

  /** Evaluates for a person what calls no functions. @throws PlacedError */
  evaluate(text: string, frame: Frame, context: string, hex: boolean): AnswerOf<'evaluate'> {
    const prepared = this.prepared(text, frame);
    return this.told(prepared, { name: text, value: prepared.evaluate(prepared.state), frame }, context, hex);
  }

  /** Evaluates for a person; it is work where functions are called. @throws PlacedError */
  evaluating(text: string, frame: Frame, context: string, hex: boolean, pace: Pace): Answering<'evaluate'> {
    const prepared = this.prepared(text, frame);
    if (!prepared.calls) return this.evaluate(text, frame, context, hex);
    if (!MAKES_CALLS.test(context)) {
      throw new PlacedError(
        `"${text}" calls a function: that is done in watches and in the console, not in a ${context}`,
      );
    }
    return this.calling(prepared, text, frame, { context, hex, stops: this.calls.stops }, pace);
  }

  /** The value of an expression that may call functions, as bytes of its own. @throws PlacedError, BadRequest */
  *valueOf(text: string, frame: Frame, pace: Pace): Work<Called> {
    const { evaluate, state } = this.prepared(text, frame);
    const called = yield* this.calls.evaluate(evaluate, state, frame, pace);
    const { type, bits } = called.value;
    const bytes = unreadableAsPlaced(() => valueBytes(called.value, called.state).slice());
    return { ...called, value: { type, bits, place: { kind: 'bytes', bytes, known: undefined } } };
  }

  private *calling(
    prepared: Prepared,
    name: string,
    frame: Frame,
    { context, hex, stops }: { context: string; hex: boolean; stops: number },
    pace: Pace,
  ): Work<AnswerOf<'evaluate'>> {
    const called = yield* this.calls.evaluate(prepared.evaluate, prepared.state, frame, pace, stops);
    const { value, state } = called;
    // The program's own memory is another.
    const { memoryReference: _, ...told } = this.told(prepared, { name, value, frame, state }, context, hex);
    return withReport(told, called, context);
  }

  /** A value in the protocol's terms. */
  private told(
    { source, format }: Prepared,
    placed: Pick<Placed, 'name' | 'value' | 'frame' | 'state'>,
    context: string,
    hex: boolean,
  ): AnswerOf<'evaluate'> {
    if (placed.value.place === REMOVED) throw new PlacedError(`${source}: ${REMOVED.reason}`);
    const limit = context === 'clipboard' ? UNCUT : undefined;
    const shown = this.variables.show({ ...placed, evaluateName: source, format }, hex, limit);
    const { value: result, type, variablesReference, indexedVariables, namedVariables } = shown;
    const { memoryReference, valueLocationReference } = shown;
    const children = { variablesReference, indexedVariables, namedVariables };
    return { result, type, ...children, memoryReference, valueLocationReference };
  }

  /** An expression in a frame: its value in any state of that frame, and the frame's own. @throws PlacedError */
  prepared(text: string, frame: Frame): Prepared {
    const { source, format, calls, ...compiled } = compileExpression(text, this.scope(frame.cursor, frame));
    const evaluate: Prepared['evaluate'] = (state) => unreadableAsPlaced(() => compiled.evaluate(state));
    return { source, format, calls, evaluate, state: this.state(frame) };
  }

  /** Where a value lies, or points to; a number is an address. @throws PlacedError */
  address(text: string, frame: Frame): number {
    const { memoryReference, result } = this.evaluate(text, frame, 'watch', false);
    const address = Number(memoryReference ?? result);
    if (!Number.isInteger(address) || address < 0) throw new PlacedError(`"${text}" lies nowhere in memory`);
    return address;
  }

  condition(text: string, cursor: number): (line: number) => boolean {
    const compiled = this.compile(text, cursor);
    return (line) => {
      const frame = this.source.frameAt(line);
      return unreadableAsPlaced(() => compiled(frame).truth(this.state(frame)));
    };
  }

  conditionAnywhere(text: string): (line: number, depth: number | undefined) => boolean {
    const compiled = new Map<number, (frame: Frame) => CompiledExpression>();
    return (line, depth) => {
      const frame = depth === undefined ? this.source.frameInC(line) : this.source.frameOfDepth(line, depth);
      const { cursor } = frame;
      const here = compiled.get(cursor) ?? this.compile(text, cursor);
      compiled.set(cursor, here);
      return unreadableAsPlaced(() => here(frame).truth(this.state(frame)));
    };
  }

  /** An expression's value in a frame, and what it hangs on. @throws PlacedError */
  evaluated(text: string, frame: Frame): Evaluated {
    const compiled = compileExpression(text, this.scope(frame.cursor, frame));
    const reads = noReads();
    const value = unreadableAsPlaced(() => compiled.evaluate(noting(this.state(frame), reads)));
    const { name = frame.fn?.name ?? '' } =
      this.debuggee.code.framesOf(frame.cursor).find(({ index }) => index === frame.inlined) ?? {};
    return { value, reads, staticIn: isEmpty(reads) && this.isStatic(text, name, value) ? name : undefined };
  }

  /** Whether the function's first statement sees the same object: a static variable may be declared behind it. */
  private isStatic(text: string, functionName: string, { place }: Value): boolean {
    try {
      return place.kind === 'memory' && this.staticObject(text, functionName).address === place.address;
    } catch (error) {
      if (error instanceof PlacedError) return false;
      throw error;
    }
  }

  staticObject(text: string, functionName: string): StaticObject {
    const { code, entry } = this.debuggee;
    const [cursor = entry.cursor] = code.entriesOf(functionName);
    const compiled = compileExpression(text, this.scope(cursor));
    const reads = noReads();
    const value = unreadableAsPlaced(() => compiled.evaluate(noting(this.state(this.source.frameAt(0)), reads)));
    if (value.place.kind !== 'memory' || !isEmpty(reads)) {
      throw new PlacedError(`"${text}" is not static: ask for it by dataBreakpointInfo where it is in scope`);
    }
    const length = bytesOf(value);
    return { address: value.place.address, length, format: this.data.formatOf(value, length) };
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

  /** The text of an expression's value at a line, for lines of one instruction. @throws PlacedError */
  printed(text: string, cursor: number): (line: number) => string {
    const print = this.interpolation(text, cursor);
    return (line) => print(this.source.frameAt(line));
  }

  /** The memory that an expression denotes at a line, for lines of one instruction; undefined for what is elsewhere. */
  placed(text: string, cursor: number): (line: number) => { address: number; length: number } | undefined {
    const compiled = this.compile(text, cursor);
    return (line) => {
      const frame = this.source.frameAt(line);
      const value = unreadableAsPlaced(() => compiled(frame).evaluate(this.state(frame)));
      return value.place.kind === 'memory' ? { address: value.place.address, length: bytesOf(value) } : undefined;
    };
  }

  private interpolation(expression: string, cursor: number): (frame: Frame) => string {
    const compiled = this.compile(expression, cursor);
    const functionInTable = (index: number) => this.debuggee.debug?.functionInTable(index);
    return (frame) => {
      const state = this.state(frame);
      const { format } = compiled(frame);
      return formatValue(
        unreadableAsPlaced(() => compiled(frame).evaluate(state)),
        state,
        { functionInTable, format },
      );
    };
  }

  /** Names that could stand at the end of `text`. */
  completions(text: string, frame: Frame): DebugProtocol.CompletionItem[] {
    return completions(text, this.scope(frame.cursor, frame)).map(({ label, kind, detail, column, length }) => ({
      label,
      detail,
      type: KINDS[kind],
      start: column,
      length,
    }));
  }

  /**
   * An expression for every frame at an instruction: what is wrong with it is said now, and compiled it is again, once,
   * when the first frame tells which types the entries of the operand stack have there (they are always the same).
   */
  private compile(text: string, cursor: number): (frame: Frame) => CompiledExpression {
    const { calls } = compileExpression(text, this.scope(cursor));
    if (calls) throw new PlacedError(`"${text}" calls a function, which is done in watches and in the console only`);
    let compiled: CompiledExpression | undefined;
    return (frame) => {
      compiled ??= compileExpression(text, this.scope(cursor, frame));
      return compiled;
    };
  }

  /** The names at an instruction: C's where it is in C, around them those of the machine. */
  private scope(cursor: number, frame?: Frame): ExpressionScope {
    const { debug, code } = this.debuggee;
    const machine = [this.machineScope(cursor, frame), STANDARD_SCOPE, this.library];
    const offset = code.codeOffset(cursor);
    if (!debug || offset === undefined || !debug.functionAt(offset)) return nested(machine);
    return nested([new ProgramScope(debug, offset, frame?.inlined ?? code.innermost(cursor)), ...machine]);
  }

  private machineScope(cursor: number, frame: Frame | undefined): ExpressionScope {
    const { code, globals, program } = this.debuggee;
    const { locals = [], localNames = [] } = code.functionAt(cursor) ?? {};
    const stack = frame && {
      height: frame.stackTop - frame.stackBase,
      typeOf: (index: number) =>
        typeof frame.moment.stackBits(frame.stackBase + index) === 'bigint' ? ('i64' as const) : ('i32' as const),
    };
    const others = [...MOMENT_NAMES, ...program.globals.filter((global) => !globals.includes(global))];
    const memories = program.memories?.map(({ base }) => base * PAGE_SIZE);
    return new MachineScope({ locals, localNames, globals, others, stack, memories });
  }

  /** A frame's state with what the machine scope calls the others: the moment's numbers, cells that the toolchain added. */
  private state(frame: Frame): MachineState {
    const { moment } = frame;
    return {
      ...this.variables.state(frame),
      other: (name) => {
        if (name === 'line') return moment.line;
        if (name === 'token') return this.source.firstToken(moment.line);
        const found = this.debuggee.program.globals.find((global) => global.name === name);
        return found && cellBits(moment, found.cell, found.type);
      },
    };
  }
}

/** The functions that the program has of its module. */
function moduleFunctions({ program, loaded: { module } }: Debuggee): ModuleFunction[] {
  const signatures = new Map(module.functions.map(({ index, type }) => [index, module.types[type]]));
  return program.functions.flatMap(({ name, index }) => {
    const { params, results } = signatures.get(index) ?? { params: [], results: undefined };
    if (!results || !params.every(isNumberType) || !results.every(isNumberType)) return [];
    return [{ name, index, params, results }];
  });
}

/** An answer that says what its calls took and printed; in the console also in the text that people see. */
export function withReport(
  answer: AnswerOf<'evaluate'>,
  { tokens, output }: Pick<Called, 'tokens' | 'output'>,
  context: string,
): AnswerOf<'evaluate'> {
  if (tokens === 0) return answer;
  const report = { tokens, ...(output === '' ? {} : { output }) };
  if (context !== 'repl') return { ...answer, ...report };
  const separator = output === '' || output.endsWith('\n') ? '' : '\n';
  const result = `${output}${separator}${answer.result}  // ${tokens.toLocaleString('en')} tokens`;
  return { ...answer, ...report, result };
}

/** Numbers that every moment has. */
const MOMENT_NAMES = [
  { name: 'token', type: 'i32' },
  { name: 'line', type: 'i32' },
] as const;

const KINDS = { variable: 'variable', member: 'field', constant: 'value', function: 'function' } as const;

/** A value that cannot be read, as an error that the user can act on. */
function unreadableAsPlaced<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) throw new PlacedError(error.message);
    throw error;
  }
}

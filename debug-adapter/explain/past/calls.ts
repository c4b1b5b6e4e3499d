/**
 * Every call of a function in the recording: its arguments as C knows them at its first statement, what it returned, how
 * long it took. Functions without debug information have the arguments that the machine gave them.
 */
import { formatValue, readVariable, sizeOf } from '../../../engine/debuginfo/index.ts';
import type { ProgramFunction } from '../../../engine/isa/program.ts';
import { numberText } from '../../inspect/variables.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import { cellBits, type Frame, innermostFrame } from '../../recording/frames.ts';
import type { Work } from '../../recording/pace.ts';
import type { Past } from './past.ts';

type Answer = AnswerOf<'stepformer/calls'>;
type Call = Answer['calls'][number];

/** A call of the machine. */
export interface MachineCall {
  readonly fn: ProgramFunction;
  /** The line of the call, and the first one in what is called. */
  readonly call: number;
  readonly start: number;
  /** Calls that are open in it. */
  readonly depth: number;
  /** The first line behind it; undefined while it is open. */
  end: number | undefined;
}

/** Lines scanned between two looks at the clock. */
const BATCH = 1 << 14;

/** Calls of some functions from line `from` up to the user's furthest, in the order in which they began. */
export function* machineCalls(past: Past, functions: readonly ProgramFunction[], from = 0): Work<MachineCall[]> {
  const { recording, debuggee, pace } = past;
  const byStart = new Map(functions.map((fn) => [fn.start, fn]));
  const marks = new Uint8Array(debuggee.program.ops.length);
  for (const fn of functions) marks[fn.start] = 1;
  const calls: MachineCall[] = [];
  const open: MachineCall[] = [];
  const last = recording.reached;
  for (let line = from; line <= last; line++) {
    const depth = recording.depthOf(line);
    while (open.length > 0 && open[open.length - 1].depth > depth) (open.pop() as MachineCall).end = line;
    const cursor = recording.cursorOf(line);
    if (marks[cursor] === 1 && depth > 0) {
      const call = recording.moment(line).callLine(depth);
      // A loop may lead back to a function's first instruction.
      if (open.at(-1)?.call !== call) {
        const found = { fn: byStart.get(cursor) as ProgramFunction, call, start: line, depth, end: undefined };
        calls.push(found);
        open.push(found);
      }
    }
    if (line % BATCH === 0 && pace.due()) yield;
  }
  return calls;
}

/** @throws BadRequest for a name that no function has */
export function* calls(past: Past, { function: name, limit }: ArgumentsOf<'stepformer/calls'>): Work<Answer> {
  const { code } = past.debuggee;
  const functions = code.functionsNamed(name.trim());
  if (functions.length === 0) throw new BadRequest(`There is no function "${name}" that is called.`);
  const found = yield* machineCalls(past, functions);
  const told: Call[] = [];
  for (const call of found.slice(0, limit)) {
    told.push(tell(past, call));
    if (past.pace.due()) yield;
  }
  return { calls: told, total: found.length };
}

/** A call as it is told. */
export function tell(past: Past, call: MachineCall): Call {
  const { recording } = past;
  const traceLine = firstStatement(past, call);
  const returned = call.end === undefined ? undefined : returnedBy(past, call.fn, call.end);
  return {
    traceLine,
    token: recording.firstToken(traceLine),
    depth: call.depth - 1,
    arguments: argumentsAt(past, call.fn, traceLine),
    ...(returned === undefined ? {} : { returned }),
    ...(call.end === undefined ? {} : { end: call.end }),
    lines: (call.end ?? recording.reached) - call.call,
  };
}

/** The first line of a call where its arguments have been taken. */
function firstStatement({ recording, debuggee: { code } }: Past, { fn, start, depth, end }: MachineCall): number {
  const isSource = code.sourceFunctionAt(fn.body) !== undefined;
  const last = end ?? recording.reached + 1;
  for (let line = start; line < last && recording.depthOf(line) >= depth; line++) {
    const cursor = recording.cursorOf(line);
    if (recording.depthOf(line) === depth && (isSource ? code.starts[cursor] === 1 : cursor >= fn.body)) return line;
  }
  return start;
}

function argumentsAt(past: Past, fn: ProgramFunction, line: number): Call['arguments'] {
  const { debuggee, recording } = past;
  const { code, debug } = debuggee;
  const frame = innermostFrame(recording.moment(line), recording, code);
  const offset = debuggee.codeOffset(frame);
  if (!debug || offset === undefined) return machineArguments(past, fn, frame);
  const state = debuggee.state(frame);
  const functionInTable = (index: number) => debug.functionInTable(index);
  // Behind functions that were inlined, the last frame is the call's own.
  const own = code.inlined.depthOf(code.inlined.at[frame.cursor]) + frame.inlined;
  return debug
    .variablesAt(offset, own)
    .filter(({ isParameter }) => isParameter)
    .map((variable) => {
      const value = formatValue(readVariable(variable, offset, state), state, { functionInTable });
      return { name: variable.name, value };
    });
}

function machineArguments({ debuggee: { program } }: Past, fn: ProgramFunction, frame: Frame): Call['arguments'] {
  return Array.from({ length: fn.params }, (_, i) => {
    const bits = cellBits(frame.moment, frame.depth * program.stride + i, fn.locals[i]);
    return { name: fn.localNames[i] ?? `local ${i}`, value: numberText(bits, fn.locals[i]) };
  });
}

/** What a function left on the stack, as its C type has it; undefined where that is nothing. */
function returnedBy(past: Past, fn: ProgramFunction, end: number): string | undefined {
  if (fn.results === 0) return undefined;
  const { recording, debuggee } = past;
  const moment = recording.moment(end);
  const bits = moment.stackBits(moment.stackDepth - 1);
  const type = debuggee.code.sourceFunctionAt(fn.body)?.type;
  const returns = type?.kind === 'function' ? type.returns : undefined;
  if (!returns) return numberText(bits, typeof bits === 'bigint' ? 'i64' : 'i32');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(bits)), true);
  return past.data.formatOf({ type: returns }, sizeOf(returns) ?? 0)(bytes, end);
}

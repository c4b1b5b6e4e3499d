/**
 * The tree of calls around a trace line: which calls are open there, which others their caller made, and which they made
 * themselves. Nothing of it is kept: what a call made is found by scanning its lines when somebody looks.
 */
import type { ProgramFunction } from '../../../engine/isa/program.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import type { Work } from '../../recording/pace.ts';
import { type MachineCall, tell } from './calls.ts';
import type { Past } from './past.ts';

type Answer = AnswerOf<'stepformer/callTree'>;
type Node = Answer['children'][number];

/** A stretch of lines that belongs to a call: from its first line up to but not including `end`. */
type Stretch = Pick<MachineCall, 'start' | 'depth'> & { readonly end: number };

/** Lines scanned between two looks at the clock. */
const BATCH = 1 << 14;

/** Rows that lead from an indirect call to the function: a jump into the table, and one out of it. */
const TABLE_ROWS = 2;

/** @throws BadRequest for a trace line that was not reached, or where no call is open */
export function* callTree(
  past: Past,
  line: number,
  { depth, start, limit }: Omit<ArgumentsOf<'stepformer/callTree'>, 'traceLine'>,
): Work<Answer> {
  const { recording } = past;
  if (line > recording.reached) throw new BadRequest(`trace line ${line} was not reached yet`);
  const open = openCalls(past, line);
  const own = open.at(-1);
  if (!own) throw new BadRequest('No call is open here.');
  const siblings = yield* callsIn(past, stretchOf(past, open.at(-2)));
  const made = yield* callsIn(past, stretchOf(past, own));
  const at = siblings.findIndex(({ call }) => call === own.call);
  const firstSibling = Math.max(0, Math.min(at - (limit >> 1), siblings.length - limit));
  const children: Node[] = [];
  yield* gather(past, made.slice(start), depth, limit, children);
  return {
    open: yield* told(past, open.slice(-limit)),
    siblings: yield* told(past, siblings.slice(firstSibling, firstSibling + limit)),
    firstSibling,
    totalSiblings: siblings.length,
    children,
    totalChildren: made.length,
  };
}

/** Tells calls with what they made, down to some levels, until there are `limit` in all. */
function* gather(past: Past, calls: readonly MachineCall[], levels: number, limit: number, into: Node[]): Work {
  for (const call of calls) {
    if (into.length >= limit) return;
    into.push(node(past, call));
    if (levels > 1) yield* gather(past, yield* callsIn(past, stretchOf(past, call)), levels - 1, limit, into);
    if (past.pace.due()) yield;
  }
}

function* told(past: Past, calls: readonly MachineCall[]): Work<Node[]> {
  const nodes: Node[] = [];
  yield* gather(past, calls, 1, calls.length, nodes);
  return nodes;
}

function node(past: Past, call: MachineCall): Node {
  const { code } = past.debuggee;
  const name = code.sourceFunctionAt(call.fn.body)?.name ?? call.fn.name;
  const first = firstCall(past, stretchOf(past, call));
  return { ...tell(past, call), function: name, calls: first !== undefined };
}

/** The calls that are open before a line, the outermost first. */
function openCalls(past: Past, line: number): MachineCall[] {
  const moment = past.recording.moment(line);
  const open: MachineCall[] = [];
  for (let depth = 1; depth <= moment.callDepth; depth++) {
    const found = callFrom(past, moment.callLine(depth));
    if (found) open.push(found);
  }
  return open;
}

/** Where a call goes, as far as the user has come; without one, all of the recording. */
function stretchOf({ recording: { reached } }: Past, call: MachineCall | undefined): Stretch {
  return call ? { ...call, end: call.end ?? reached + 1 } : { start: 0, depth: 0, end: reached + 1 };
}

/** The calls that a call made itself, in order. */
function* callsIn(past: Past, stretch: Stretch): Work<MachineCall[]> {
  const { recording, pace } = past;
  const calls: MachineCall[] = [];
  let looked = stretch.start;
  for (let line = stretch.start; line < stretch.end; line++) {
    if (recording.depthOf(line + 1) === stretch.depth + 1 && recording.depthOf(line) === stretch.depth) {
      const found = line + 1 < stretch.end ? callFrom(past, line) : undefined;
      if (found) calls.push(found);
    }
    if (line - looked < BATCH) continue;
    looked = line;
    if (pace.due()) yield;
  }
  return calls;
}

/** The first call that a call made itself. */
function firstCall(past: Past, { start, depth, end }: Stretch): MachineCall | undefined {
  const { recording } = past;
  for (let line = start; line + 1 < end; line++) {
    if (recording.depthOf(line + 1) <= depth) continue;
    const found = callFrom(past, line);
    if (found) return found;
    // A function that stands for an operator calls nothing of the program.
    line = recording.history.firstShallower(depth + 1, line + 1, end) - 1;
    if (line < 0) return undefined;
  }
  return undefined;
}

/** The call that a line makes, if it is one of the program's functions. */
function callFrom(past: Past, call: number): MachineCall | undefined {
  const { recording, debuggee } = past;
  const { history, reached } = recording;
  const depth = recording.depthOf(call) + 1;
  let fn: ProgramFunction | undefined;
  let start = call + 1;
  for (; start <= Math.min(call + 1 + TABLE_ROWS, reached); start++) {
    if (recording.depthOf(start) !== depth) return undefined;
    fn = debuggee.code.functionAt(recording.cursorOf(start));
    if (fn && fn.index >= 0) break;
  }
  if (!fn || fn.index < 0) return undefined;
  const end = history.firstShallower(depth, start, reached + 1);
  return { fn, call, start, depth, end: end < 0 ? undefined : end };
}

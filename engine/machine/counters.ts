/**
 * What other machines keep in registers: cursor (program counter), stack depth, call depth, and how many bytes of input are read. Here
 * each is the sum of what all tokens so far changed.
 */
import type { LinearLike, Variable } from '../graph/graph.ts';
import { fetchAt, means, nearestInteger, runningSum } from '../graph/lookups.ts';
import { mostReads, mostStackSlots } from '../isa/limits.ts';
import { INSTRUCTION_TOKENS, mostInstructions, PROGRAM_START } from '../isa/prompt.ts';
import type { LineContext } from './line.ts';

/** Features and line, and where the machine stands. */
export interface CounterContext extends LineContext {
  readonly counters: ReturnType<typeof counters>;
}

/**
 * The running sums, and what is found by them alone.
 *
 * Operands: what tokens change, as features, and the jump that a line holds. Result: each sum rounded off, as a query, and
 * snapped to an integer with its square, as a key; up to the limits of the machine. Depth: the depths are snapped by layer 1,
 * the cursor, which waits for the line's jump, is a query by then and snapped by layer 2.
 *
 * Counting by a mean over all tokens is RASP's; snapping it by a look-up is what keeps it exact over millions of tokens.
 */
export function counters(context: LineContext) {
  const { graph: g, limits, features, line } = context;
  const mean = means(g, 'depth (running sums)', { stack: features.depthChange, calls: features.callChange });
  const deep = 'a push takes five tokens, and validated code never pops what is not there';
  const depth = counter(context, 'stack depth', mean.stack, mostStackSlots(limits), deep);
  const callDepth = counter(context, 'call depth', mean.calls, limits.callDepth, 'a call beyond this depth traps');
  const cursor = cursorOf(context);

  const stride = g.linear(
    context.program?.stride ?? fetchAt(g, 'frame stride', PROGRAM_START + 4, { stride: line.wordHere }).stride,
  );
  const base = g.sum('cell of local 0', g.neuron(callDepth.value, stride));
  g.bounded(base, 0, limits.cells, 'a call whose frame needs more cells traps');
  return { depth, callDepth, reads: bytesRead(context), ...cursor, stride, base };
}

/** A sum of what tokens add, from 0 to `most`: off by rounding, and snapped. */
function counter(
  { graph: g }: LineContext,
  name: string,
  mean: LinearLike,
  most: number,
  reason: string,
): ReturnType<typeof nearestInteger> {
  const rough = runningSum(g, `${name}, rounded off`, mean);
  g.bounded(rough, 0, most, reason);
  const snapped = nearestInteger(g, name, rough);
  g.bounded(snapped.value, 0, most, reason);
  g.bounded(snapped.square, 0, most ** 2, reason);
  return snapped;
}

/**
 * Which instruction is executed.
 *
 * Operands: how far tokens move the cursor, and the four bytes before the end of a jump, as a signed number. Result: the
 * cursor `rough`, for look-ups by position, and snapped; the position of the instruction's first token; how far this token
 * moves on. Range: the instructions of a prompt. Depth: the jump is complete behind layer 0, the mean and the rough cursor
 * behind layer 1, the snapped one is fetched in layer 2.
 */
function cursorOf({ graph: g, limits, features, line }: LineContext) {
  const inside = 'the cursor stays inside the program, which is a part of the prompt';
  const most = mostInstructions(limits);
  const jump = g.sum('jump', g.neuron(features.jumps, g.of([1, line.word], [-(2 ** 32), line.sign])));
  g.bounded(jump, -most, most, inside);
  const advance = g.of([1, jump], [1, features.advances]);
  const moved = means(g, 'cursor (running sum)', { advance });
  // In an edit line the cursor is held at 0, whose instruction does nothing.
  const rough = runningSum(g, 'cursor, rounded off', moved.advance, line.opener.edit);
  g.bounded(rough, 0, most, inside);
  const cursor = nearestInteger(g, 'cursor', rough);
  g.bounded(cursor.value, 0, most, inside);
  return { advance, roughCursor: rough, cursor, instruction: g.of([PROGRAM_START], [INSTRUCTION_TOKENS, rough]) };
}

/**
 * How many bytes of the input were read.
 *
 * Operands: which tokens have read one. Result: a whole number, the query for the byte that is read next. Depth: as the depths,
 * snapped by layer 1.
 */
function bytesRead({ graph: g, limits, features }: LineContext): Variable {
  const why = 'a byte that is read takes five tokens';
  const mean = means(g, 'input read (running sum)', { bytes: features.isRead });
  const rough = runningSum(g, 'input read, rounded off', mean.bytes);
  g.bounded(rough, 0, mostReads(limits), why);
  const { value } = nearestInteger(g, 'input read', rough);
  g.bounded(value, 0, mostReads(limits), why);
  return value;
}

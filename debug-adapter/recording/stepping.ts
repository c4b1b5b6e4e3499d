/**
 * Where steps lead, as functions of the recording alone, so that forwards and backwards agree.
 *
 * A *call* is one of the machine's, or one that the compiler inlined. A *visit* is an unbroken stay of one call on one C
 * line; calls that it makes belong to it. Step over goes to the next visit of this call, or back into the caller when the
 * call ends; step back goes to the beginning of the visit before, or of the one in the caller that made the call. Code
 * without lines is never stopped in. With instructions as the size of a step, every trace line is a place to stop and
 * inlined calls are none: the machine does not know them.
 *
 * Positions are trace lines: to stand at line p is to have executed the lines before it.
 */
import { NO_LINE } from './code-map.ts';
import type { InlinedCalls } from './inlined-calls.ts';

/** What steps read of the recording. `cursorOf` and `depthOf` are defined up to and including the line after the last. */
export interface Timeline {
  /** Instruction that a trace line executes. */
  cursorOf(line: number): number;
  /** Calls that are open before a trace line. */
  depthOf(line: number): number;
}

/** What steps read of the program: per instruction its C line, and the inlined call that it is in. */
export interface SteppedCode {
  lineKeys: Int32Array;
  inlined: Pick<InlinedCalls, 'at' | 'shared'>;
}

/** Kinds of step, forwards and backwards. */
export type StepKind = 'over' | 'in' | 'out';

/** Size of a step. */
export type Granularity = 'statement' | 'line' | 'instruction';

/** Told of every position on the way, in order; true where the step ends. */
export type Arrival = (line: number) => boolean;

/** The call that a step is in. It changes when the step leaves it. */
class StepCall {
  private readonly timeline: Timeline;
  private readonly code: SteppedCode;
  private depth = 0;
  private inlined = 0;

  constructor(timeline: Timeline, code: SteppedCode, line: number) {
    this.timeline = timeline;
    this.code = code;
    this.enter(line);
  }

  /** Where a position is: 0 in the call itself, 1 in one that it made, -1 outside of it. */
  side(line: number): number {
    const depth = this.timeline.depthOf(line);
    if (depth !== this.depth) return depth > this.depth ? 1 : -1;
    const { at, shared } = this.code.inlined;
    const here = at[this.timeline.cursorOf(line)];
    if (here === this.inlined) return 0;
    return shared.call(this.code.inlined, here, this.inlined) === this.inlined ? 1 : -1;
  }

  /** The call becomes the innermost one at a position. */
  enter(line: number): void {
    this.depth = this.timeline.depthOf(line);
    this.inlined = this.code.inlined.at[this.timeline.cursorOf(line)];
  }

  /**
   * The call becomes the one that it was made by, which a position outside of it, `line`, is in. `cursor` is the
   * instruction that made the call if it was one of the machine's.
   */
  leave(line: number, cursor: number): void {
    const { inlined } = this.code;
    const depth = this.timeline.depthOf(line);
    if (depth < this.depth) {
      this.depth = depth;
      this.inlined = inlined.at[cursor];
    }
    if (this.side(line) < 0) this.inlined = inlined.shared(this.inlined, inlined.at[this.timeline.cursorOf(line)]);
  }
}

/**
 * A step forward from `from`. `floor`: calls below the outermost one in C. When that has returned, whatever is in C is a
 * place to stop: what runs at exit has nobody in C who called it.
 */
export function stepForward(
  timeline: Timeline,
  code: SteppedCode,
  from: number,
  kind: StepKind,
  granularity: Granularity,
  floor = 0,
): Arrival {
  if (granularity === 'instruction') {
    if (kind === 'in') return () => true;
    const limit = timeline.depthOf(from) - (kind === 'out' ? 1 : 0);
    return (line) => timeline.depthOf(line) <= limit;
  }
  const call = new StepCall(timeline, code, from);
  const key = code.lineKeys[timeline.cursorOf(from)];
  let returned = false;
  let lowest = timeline.depthOf(from);
  return (line) => {
    const cursor = timeline.cursorOf(line);
    let side = call.side(line);
    if (side < 0) {
      // Execution goes on behind the instruction that made the call.
      call.leave(line, cursor - 1);
      lowest = timeline.depthOf(line);
      side = call.side(line);
      returned = true;
    }
    const visited = code.lineKeys[cursor];
    if (visited === NO_LINE) return false;
    if (returned) return side === 0 || lowest < floor || kind === 'in';
    if (side > 0) return kind === 'in';
    return kind !== 'out' && visited !== key;
  };
}

/**
 * A step into the call that the instruction `target` makes, or into the inlined one that begins there; where execution
 * does not come by, over the line.
 */
export function stepIntoTarget(timeline: Timeline, code: SteppedCode, from: number, target: number): Arrival {
  const call = new StepCall(timeline, code, from);
  const over = stepForward(timeline, code, from, 'over', 'line');
  let calling = timeline.cursorOf(from) === target;
  return (line) => {
    const cursor = timeline.cursorOf(line);
    const isOver = over(line);
    if (call.side(line) === 0) calling = false;
    if (cursor === target) calling = true;
    return isOver || (calling && call.side(line) > 0 && code.lineKeys[cursor] !== NO_LINE);
  };
}

/** The beginning of a stay on a line that no call interrupts; told of positions downwards from its end. */
class Stay {
  start: number;
  over = false;
  private readonly call: StepCall;
  private readonly keyOf: (line: number) => number;

  constructor(call: StepCall, keyOf: (line: number) => number, end: number) {
    this.call = call;
    this.keyOf = keyOf;
    this.start = end;
  }

  arrive(line: number): void {
    if (this.over) return;
    const side = this.call.side(line);
    const visited = this.keyOf(line);
    if (side >= 0 && visited === NO_LINE) return;
    if (side === 0 && visited === this.keyOf(this.start)) this.start = line;
    else this.over = true;
  }
}

/**
 * A step back over a line, out of a call to the line that made it, or into the end of the last call that the line before
 * made. Told of the positions before `from`, downwards, it says where the step would land if nothing earlier belonged to
 * the same visit: -1 while unknown. It is done when `done` is set; the last landing counts.
 *
 * From where no open call has a line (the end of a program, where `main` has returned), and out of the outermost call
 * that has one, it goes to the last visit there was: a step over from there leads back.
 */
export class StepBack {
  /** Where the step lands as far as is known. */
  landing = -1;
  done = false;
  private readonly timeline: Timeline;
  private readonly code: SteppedCode;
  private readonly call: StepCall;
  private readonly kind: StepKind;
  private readonly floor: number;
  private key: number;
  /** Whether the call that the step is in has yet to be found. */
  private outside: boolean;
  /** Whether the call has been left in which the step began. */
  private left = false;
  /** Of a step into: the end of the last call. */
  private called: Stay | undefined;
  /** Whether it is where the step leads; else that is known when the line is seen that made the call. */
  private into = false;

  /** `floor`: calls below the outermost one with a line that is open at `from`; Infinity without any. */
  constructor(timeline: Timeline, code: SteppedCode, from: number, kind: StepKind = 'over', floor = 0) {
    this.floor = floor;
    this.outside = floor === Number.POSITIVE_INFINITY;
    this.timeline = timeline;
    this.code = code;
    this.kind = kind;
    this.call = new StepCall(timeline, code, from);
    this.key = this.keyOf(from);
  }

  private keyOf(line: number): number {
    return this.code.lineKeys[this.timeline.cursorOf(line)];
  }

  /** The next position downwards. */
  arrive(line: number): void {
    const visited = this.keyOf(line);
    if (this.outside) {
      if (visited === NO_LINE) return;
      this.outside = false;
      this.left = true;
      if (this.kind === 'in') {
        this.arriveInCall(line, visited);
        return;
      }
      this.call.enter(line);
    }
    this.called?.arrive(line);
    if (this.called && this.into) {
      this.landing = this.called.start;
      this.done = this.called.over;
      return;
    }
    let side = this.call.side(line);
    if (side < 0) {
      // This is the call that made the frame stepped back in: the step goes on to its line, unless it has ended.
      if (this.landing >= 0) {
        this.done = true;
        return;
      }
      this.call.leave(line, this.timeline.cursorOf(line));
      side = this.call.side(line);
      this.key = NO_LINE;
      this.left = true;
      this.outside = this.timeline.depthOf(line) < this.floor;
    }
    if (side > 0) this.arriveInCall(line, visited);
    else if (visited !== NO_LINE && (this.left || this.kind !== 'out')) this.arriveOnLine(line, visited);
  }

  private arriveInCall(line: number, visited: number): void {
    if (this.kind !== 'in' || this.called || visited === NO_LINE) return;
    this.called = new Stay(new StepCall(this.timeline, this.code, line), (at) => this.keyOf(at), line);
    // Nothing later than this call was seen: the line before made it.
    this.into = this.landing < 0;
    if (this.into) this.landing = line;
  }

  private arriveOnLine(line: number, visited: number): void {
    if (visited !== this.key) {
      if (this.landing >= 0) {
        this.done = true;
        return;
      }
      this.key = visited;
    } else if (this.called) {
      this.landing = this.called.start;
      this.done = true;
      return;
    }
    this.landing = line;
  }
}

/** A step back by instructions from `from`: as steps forward, the other way. */
export function stepBackInstruction(timeline: Timeline, from: number, kind: StepKind): Arrival {
  if (kind === 'in') return () => true;
  const limit = timeline.depthOf(from) - (kind === 'out' ? 1 : 0);
  return (line) => timeline.depthOf(line) <= limit;
}

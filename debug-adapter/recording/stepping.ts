/**
 * Where steps lead, as functions of the recording alone, so that forwards and backwards agree.
 *
 * A *visit* is an unbroken stay of one call on one C line; calls that it makes belong to it. Step over goes to the
 * next visit of this call, or back into the caller when the call ends; step back goes to the beginning of the visit
 * before, or of the one in the caller that made the call. Code without lines is never stopped in. With instructions
 * as the size of a step, every trace line is a place to stop.
 *
 * Positions are trace lines: to stand at line p is to have executed the lines before it.
 */
import { NO_LINE } from './code-map.ts';

/** What steps read of the recording. `cursorOf` and `depthOf` are defined up to and including the line after the last. */
export interface Timeline {
  /** Instruction that a trace line executes. */
  cursorOf(line: number): number;
  /** Calls that are open before a trace line. */
  depthOf(line: number): number;
}

/** Kinds of step. `back` is the reverse of `over`. */
export type StepKind = 'over' | 'in' | 'out';

/** Size of a step. */
export type Granularity = 'line' | 'instruction';

/** Told of every position on the way, in order; true where the step ends. */
export type Arrival = (line: number) => boolean;

/**
 * A step forward from `from`. `floor`: calls below the outermost one in C. When that has returned, whatever is in C is a
 * place to stop: what runs at exit has nobody in C who called it.
 */
export function stepForward(
  timeline: Timeline,
  lineKeys: Int32Array,
  from: number,
  kind: StepKind,
  granularity: Granularity,
  floor = 0,
): Arrival {
  let depth = timeline.depthOf(from);
  if (granularity === 'instruction') {
    if (kind === 'in') return () => true;
    const limit = kind === 'out' ? depth - 1 : depth;
    return (line) => timeline.depthOf(line) <= limit;
  }
  const key = lineKeys[timeline.cursorOf(from)];
  let returned = false;
  return (line) => {
    const here = timeline.depthOf(line);
    if (here < depth) {
      depth = here;
      returned = true;
    }
    const visited = lineKeys[timeline.cursorOf(line)];
    if (visited === NO_LINE) return false;
    if (returned) return here === depth || depth < floor || kind === 'in';
    if (here > depth) return kind === 'in';
    return kind !== 'out' && visited !== key;
  };
}

/**
 * A step back over a line. Told of the positions before `from`, downwards, it says where the step would land if
 * nothing earlier belonged to the same visit: -1 while unknown. It is done when `done` is set; the last landing counts.
 *
 * From where no open call has a line (the end of a program, where `main` has returned), and out of the outermost call
 * that has one, it goes to the last visit there was: a step over from there leads back.
 */
export class StepBack {
  /** Where the step lands as far as is known. */
  landing = -1;
  done = false;
  private readonly timeline: Timeline;
  private readonly lineKeys: Int32Array;
  private readonly floor: number;
  private depth: number;
  private key: number;
  /** Whether the call that the step is in has yet to be found. */
  private outside: boolean;

  /** `floor`: calls below the outermost one with a line that is open at `from`; Infinity without any. */
  constructor(timeline: Timeline, lineKeys: Int32Array, from: number, floor = 0) {
    this.floor = floor;
    this.outside = floor === Number.POSITIVE_INFINITY;
    this.timeline = timeline;
    this.lineKeys = lineKeys;
    this.depth = timeline.depthOf(from);
    this.key = lineKeys[timeline.cursorOf(from)];
  }

  /** The next position downwards. */
  arrive(line: number): void {
    const here = this.timeline.depthOf(line);
    if (here > this.depth && !this.outside) return;
    const visited = this.lineKeys[this.timeline.cursorOf(line)];
    if (this.outside) {
      if (visited === NO_LINE) return;
      this.outside = false;
      this.depth = here;
    } else if (here < this.depth) {
      // This is the call that made the frame stepped back in: the step goes on to its line, unless it has ended.
      if (this.landing >= 0) {
        this.done = true;
        return;
      }
      this.depth = here;
      this.key = NO_LINE;
      this.outside = here < this.floor;
    }
    if (visited === NO_LINE) return;
    if (visited !== this.key) {
      if (this.landing >= 0) {
        this.done = true;
        return;
      }
      this.key = visited;
    }
    this.landing = line;
  }
}

/** A step back by instructions from `from`: the line before it, or the call whose return is the line before it. */
export function stepBackInstruction(timeline: Timeline, from: number): Arrival {
  const depth = timeline.depthOf(from);
  return (line) => timeline.depthOf(line) <= depth;
}

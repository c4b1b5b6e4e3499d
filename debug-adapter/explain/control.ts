/**
 * Why a line was executed at all: the last branch of its call that decided it, with the condition, which has an origin
 * of its own; where no branch did, the call.
 */
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { functionAt, instructionText } from '../../engine/isa/program.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { ControlDependence } from '../../engine/trace/control-dependence.ts';
import type { ControlAnswer } from '../protocol/protocol.ts';
import type { Teller } from './origin.ts';
import { evidenceOf } from './witness.ts';

export class Control {
  private readonly teller: Teller;
  /** By a function's first instruction. */
  private readonly dependences = new Map<number, ControlDependence>();

  constructor(teller: Teller) {
    this.teller = teller;
  }

  /** What led to a trace line. */
  of(line: number): ControlAnswer {
    const { steps } = this.teller;
    const call = steps.callOf(line);
    const branch = this.lastBranch(line, call);
    if (branch >= 0) return this.branch(branch);
    if (call < 0)
      return { kind: 'start', text: 'the program begins here', traceLine: 0, token: steps.history.firstToken(0) };
    return { kind: 'call', ...this.told(call) };
  }

  /** The last line of the call that `line` is in, before it, whose branch decided that it was executed; -1 for none. */
  private lastBranch(line: number, call: number): number {
    const { history } = this.teller.steps;
    const { program } = history;
    const cursor = history.cursorOf(line);
    const fn = functionAt(program, cursor);
    if (!fn) return -1;
    let dependence = this.dependences.get(fn.start);
    if (!dependence) {
      dependence = new ControlDependence(program, fn);
      this.dependences.set(fn.start, dependence);
    }
    const marks = new Uint8Array(program.ops.length);
    dependence.branchesOf(cursor, marks);
    const depth = history.depthOf(line);
    for (let at = line; ; ) {
      at = history.lastMarked(marks, call + 1, at);
      // Recursion: the same instruction in another call.
      if (at < 0 || history.depthOf(at) === depth) return at;
    }
  }

  private branch(line: number): ControlAnswer {
    const { steps, wording, recording } = this.teller;
    const { history } = steps;
    const { variant } = OPCODES[history.program.ops[history.cursorOf(line)]];
    const evidence = evidenceOf(recording, steps.operandLook(history.firstToken(line), line, 0));
    return {
      kind: 'branch',
      ...this.told(line),
      ...(variant === 'table' ? {} : { taken: history.tokenAt(history.firstToken(line)) === TOKEN.branchTaken }),
      condition: wording.operand(steps.operand(line, 0), line),
      ...(evidence && { evidence }),
    };
  }

  private told(line: number): Pick<ControlAnswer, 'text' | 'traceLine' | 'token' | 'place' | 'function'> {
    const { steps, places } = this.teller;
    const { history } = steps;
    const { text, place, function: name } = places.of(line);
    const shown = { text: text || instructionText(history.program, history.cursorOf(line)), traceLine: line };
    return { ...shown, token: history.firstToken(line), ...(place && { place }), ...(name && { function: name }) };
  }
}

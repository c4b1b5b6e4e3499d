/**
 * Functions that an expression calls, on the side: the model is given a prompt that states the program's memory, globals and
 * remaining input as they are at the moment, and that begins with the call (isa/calling.ts); what it then says is the call.
 * Nothing of the session changes: what the function stores, prints and reads happens there alone.
 *
 * An expression is evaluated anew after each of its calls, with the results of those that were made: so it needs no other
 * evaluation than one without calls, and those inside `&&` and `?:` are made only where C makes them.
 */
import { basename } from 'node:path';
import type { MachineArgument, MachineCall, MachineResult, MachineState, Value } from '../../engine/debuginfo/index.ts';
import { PlacedError } from '../../engine/errors.ts';
import { callingProgram, type PassedValue } from '../../engine/isa/calling.ts';
import { type ProgramFunction, widthOf } from '../../engine/isa/program.ts';
import { inputLeft, programAt } from '../../engine/run/state.ts';
import type { History } from '../../engine/trace/history.ts';
import { exceptionOf } from '../breakpoints/exceptions.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { type Frame, placeAt } from '../recording/frames.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import { RED_ZONE } from './data-info.ts';
import { Scratchpad } from './scratchpad.ts';

/** A moment of some run. */
interface Where {
  readonly history: History;
  readonly line: number;
}

/** An expression's value after its calls. */
export interface Called {
  readonly value: Value;
  /** What the value, and all that it points to, is read from. */
  readonly state: MachineState;
  /** Tokens that the model said for it. */
  readonly tokens: number;
  /** What the functions printed. */
  readonly output: string;
}

/** A call that was made. */
interface Made {
  readonly result: MachineResult;
  readonly after: Where;
  readonly tokens: number;
  readonly output: Uint8Array;
}

/** Thrown where an expression's value needs a call that was not made yet. */
class Wanted extends Error {
  readonly site: object;
  readonly call: MachineCall;

  constructor(site: object, call: MachineCall) {
    super('a call is to be made first');
    this.site = site;
    this.call = call;
  }
}

/** Makes calls for one recording. */
export class Calls {
  private readonly debuggee: Debuggee;
  private readonly recording: Recording;
  private readonly budget: number;
  /** How often calls were stopped. */
  stops = 0;

  /** `budget`: tokens after which a call counts as endless. */
  constructor(debuggee: Debuggee, recording: Recording, budget: number) {
    this.budget = budget;
    this.debuggee = debuggee;
    this.recording = recording;
  }

  /** Whatever is being called is given up. */
  stop(): void {
    this.stops++;
  }

  /**
   * Evaluates an expression in a frame, and makes the calls that it needs. `stops`: how often calls had been stopped when it
   * was asked for, which may be before the work begins.
   * @throws PlacedError where a function does not return, BadRequest when it was stopped
   */
  *evaluate(
    evaluate: (state: MachineState) => Value,
    plain: MachineState,
    { moment }: Frame,
    pace: Pace,
    stops = this.stops,
  ): Work<Called> {
    const made = new Map<object, Made>();
    let now: Where = { history: this.recording.history, line: moment.line };
    for (;;) {
      const state = replaying(plain, made);
      try {
        const value = evaluate(state);
        const all = [...made.values()];
        const tokens = all.reduce((sum, call) => sum + call.tokens, 0);
        const output = new TextDecoder().decode(Buffer.concat(all.map((call) => call.output)));
        return { value, state, tokens, output };
      } catch (error) {
        if (!(error instanceof Wanted)) throw error;
        const call: Made = yield* this.make(error.call, now, pace, stops);
        made.set(error.site, call);
        now = call.after;
      }
    }
  }

  private *make(call: MachineCall, { history, line }: Where, pace: Pace, stops: number): Work<Made> {
    const { debuggee, recording } = this;
    const fn = this.functionOf(call);
    const moment = history.moment(line);
    const pointer = debuggee.globals.find((global) => global?.name === '__stack_pointer');
    const free = pointer && moment.cell(pointer.cell) - RED_ZONE;
    const pad = new Scratchpad(free, moment.memorySize);
    const room = call.room ? pad.reserve(call.room.size, call.room.alignment) : 0;
    const hidden: MachineArgument[] = call.room ? [{ kind: 'number', type: 'i32', bits: room }] : [];
    const values = [...hidden, ...call.arguments].map((argument) => pad.place(argument));
    checkTypes(call, fn, values);
    const state = programAt(debuggee.program, moment);
    const globals = state.globals.map((global) =>
      global.cell === pointer?.cell ? { ...global, initial: pad.top } : global,
    );
    const before = { ...state, globals, data: [...state.data, ...pad.segments] };
    const { program, halt } = callingProgram(before, fn, values);
    const { bytes, more } = inputLeft(history, line);
    const run = recording.aside(program, bytes, more, this.budget);
    yield* this.toEnd(run, pace, stops);
    const { end } = run;
    if (end?.kind !== 'halt' || run.cursorOf(end.line) !== halt) throw this.noReturn(call, run);
    const after = run.moment(end.line);
    const bits = call.result === undefined ? 0 : after.stackBits(0);
    const where = { history: run.history, line: end.line };
    return { result: { bits, address: room }, after: where, tokens: run.generated, output: printed(run) };
  }

  private *toEnd(run: Recording, pace: Pace, stops: number): Work {
    const work = run.complete(Number.MAX_SAFE_INTEGER, pace);
    for (;;) {
      if (this.stops !== stops) throw new BadRequest('the call was stopped');
      if (work.next().done) return;
      yield;
    }
  }

  /** The function that is called. @throws PlacedError where there is none */
  private functionOf({ name, callee }: MachineCall): ProgramFunction {
    const { debug, program } = this.debuggee;
    const index = 'index' in callee ? callee.index : debug?.indexInTable(callee.tableEntry);
    const found = index === undefined ? undefined : program.functions.find((fn) => fn.index === index);
    if (found) return found;
    if ('tableEntry' in callee) {
      throw new PlacedError(`${name} cannot be called: 0x${callee.tableEntry.toString(16)} points to no function`);
    }
    throw new PlacedError(`${name} cannot be called: it has no code in the program`);
  }

  /** Why a call did not come back, in words. */
  private noReturn({ name }: MachineCall, run: Recording): PlacedError {
    const { code } = this.debuggee;
    const { end, failure } = run;
    if (run.wantsInput) return new PlacedError(`${name} reads input that was not given yet`);
    if (failure?.kind === 'budget') {
      const tokens = this.budget.toLocaleString('en');
      return new PlacedError(`${name} has not returned after ${tokens} tokens, and was given up (maxCallTokens)`);
    }
    if (!end) return new PlacedError(`${name} cannot be called: ${failure?.message ?? 'the model says nothing'}`);
    const place = placeAt(run, code, end.line);
    const where = place ? ` (${basename(place.file)}:${place.line})` : '';
    const text = new TextDecoder().decode(printed(run)).trim();
    const before = text === '' ? '' : `. Before, it printed: ${text}`;
    const what =
      end.kind === 'halt'
        ? `it ends the program with code ${end.code}`
        : (exceptionOf(end, run, code)?.text ?? 'it traps');
    return new PlacedError(`${name} does not return: ${what.replace(/\.$/, '')}${where}${before}`);
  }
}

/** What was printed, to whichever output. */
function printed(run: Recording): Uint8Array {
  return Buffer.concat(run.printed.pieces(0).map(({ bytes }) => bytes));
}

/** A state in which calls that were made have their results, and all that is read is read behind the last of them. */
function replaying(plain: MachineState, made: ReadonlyMap<object, Made>): MachineState {
  const reached = new Set<object>();
  let now: Where | undefined;
  return {
    ...plain,
    memory: (address, length) =>
      now ? now.history.moment(now.line).memory(address, length) : plain.memory(address, length),
    // What is known of the heap is known of the program's own run.
    extent: (address) => (now ? undefined : plain.extent?.(address)),
    call(site, call) {
      const known = made.get(site);
      if (!known) throw new Wanted(site, call);
      if (!reached.has(site)) now = known.after;
      reached.add(site);
      return known.result;
    },
  };
}

/** @throws PlacedError where the function has other parameters than its debug information says */
function checkTypes({ name, result }: MachineCall, fn: ProgramFunction, values: readonly PassedValue[]): void {
  const wanted = fn.locals.slice(0, fn.params);
  const fits =
    values.length === fn.params &&
    values.every(({ type }, i) => widthOf(type) === widthOf(wanted[i])) &&
    (result === undefined) === (fn.results === 0);
  if (fits) return;
  const shape = (types: readonly string[], returns: boolean) =>
    `(${types.join(', ')}) and returns ${returns ? 'a value' : 'nothing'}`;
  const said = shape(
    values.map(({ type }) => type),
    result !== undefined,
  );
  throw new PlacedError(
    `${name} cannot be called: its code takes ${shape(wanted, fn.results > 0)}, where its declaration says ${said}`,
  );
}

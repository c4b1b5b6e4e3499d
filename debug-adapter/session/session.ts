/**
 * A debugging session: a recording that is still being written and a position in it. Requests come in through
 * `request`, work goes on in slices through `work`, events leave through `emit`; it knows the protocol's names but
 * neither clients nor threads.
 *
 * The position is a trace line: the one that is about to be executed. What is shown is the state before it. The end
 * of the program is a stop like others: everything stays inspectable, and backwards works.
 */
import { basename } from 'node:path';
import type { Breakpoints } from '../breakpoints/breakpoints.ts';
import type { Hits } from '../breakpoints/kind.ts';
import { placeLocations } from '../breakpoints/placement.ts';
import { Explanations } from '../explain/explanations.ts';
import { dataInfoBody } from '../inspect/data-info.ts';
import { Inspector } from '../inspect/inspector.ts';
import type { LaunchOptions } from '../protocol/launch.ts';
import type { AnswerOf, ArgumentsOf, Emit, Handlers, RequestName, Whereabouts } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import { NO_LINE, type SourcePlace } from '../recording/code-map.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { cursorInC } from '../recording/frames.ts';
import { Pace, type Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import type { Granularity, StepKind } from '../recording/stepping.ts';
import { endingText, exceptionInfo, exceptionTitle, exitStatus } from './ending.ts';
import { StandardInput } from './input.ts';
import { backward, forward, type Stop, step, stepBack, type Traveller } from './motions.ts';
import { OutputCollector } from './output.ts';
import { Progress } from './progress.ts';
import { entryOfFrame, gotoTargets } from './travel.ts';

export class Session implements Traveller {
  readonly recording: Recording;
  readonly breakpoints: Breakpoints;
  readonly debuggee: Debuggee;
  readonly pace = new Pace();
  pausing = false;
  live = 0;
  private position = 0;
  /** Where the program is entered: the reverse of C lines goes no further back. */
  private entry = 0;
  private readonly options: LaunchOptions;
  private readonly emit: Emit;
  private readonly inspector: Inspector;
  private readonly explanations: Explanations;
  private readonly output: OutputCollector;
  private readonly progress: Progress;
  readonly input: StandardInput;
  private motion: Work<Stop> | undefined;
  private lastStop: Stop | undefined;
  /** Whether the end of the program was told. */
  private endTold = false;

  constructor(debuggee: Debuggee, recording: Recording, breakpoints: Breakpoints, options: LaunchOptions, emit: Emit) {
    this.debuggee = debuggee;
    this.recording = recording;
    this.breakpoints = breakpoints;
    this.options = options;
    this.emit = emit;
    this.inspector = new Inspector(debuggee, recording);
    this.explanations = new Explanations(debuggee, recording, this.inspector.evaluation);
    this.output = new OutputCollector(recording, debuggee.code);
    this.progress = new Progress(emit, () => this.where());
    this.input = new StandardInput(recording, emit);
    const { evaluation: expressions } = this.inspector;
    const say = (text: string) => this.say('console', `${text}\n`, undefined);
    for (const breakpoint of breakpoints.attach({ code: debuggee.code, recording, expressions, say })) {
      emit('breakpoint', { reason: 'changed', breakpoint });
    }
  }

  /** Whether there is work to do; there is none while input is waited for. */
  get busy(): boolean {
    return this.motion !== undefined && !this.input.waits;
  }

  /** Works for some milliseconds. */
  work(milliseconds: number): void {
    if (!this.motion || this.input.waits) return;
    this.pace.begin(milliseconds);
    const slice = this.motion.next();
    this.flushOutput();
    if (slice.done) this.stop(slice.value);
    else this.progress.report();
  }

  /** Answers a request. @throws BadRequest, PlacedError */
  request<C extends RequestName>(command: C, args: ArgumentsOf<C>): AnswerOf<C> {
    return this.handlers[command](args);
  }

  /** Stops whatever is going on at the next line. */
  pause(): void {
    if (this.motion) this.pausing = true;
    this.input.waits = false;
  }

  /** Stops the work that this is the progress of, if it still goes on. */
  cancel(progressId: string): void {
    if (progressId === this.progress.shown) this.pause();
  }

  /** The user comes to a line for the first time: what was printed on the way appears. */
  reach(line: number, logs: Hits['logs']): void {
    const { recording } = this;
    this.output.executed(recording.reached, line);
    recording.reached = line;
    for (const { text, cursor } of logs) {
      this.flushOutput();
      this.say('console', `${text}\n`, this.debuggee.code.placeOf(cursor));
    }
  }

  askForInput(): void {
    this.flushOutput();
    this.input.ask();
  }

  private readonly handlers: Handlers = {
    configurationDone: () => this.begin(),
    setBreakpoints: (args) => this.breakpoints.handlers.setBreakpoints(args),
    setFunctionBreakpoints: (args) => this.breakpoints.handlers.setFunctionBreakpoints(args),
    setInstructionBreakpoints: (args) => this.breakpoints.handlers.setInstructionBreakpoints(args),
    setDataBreakpoints: (args) => this.breakpoints.handlers.setDataBreakpoints(args),
    setExceptionBreakpoints: (args) => this.breakpoints.handlers.setExceptionBreakpoints(args),
    'stepformer/setOutputBreakpoints': (args) => this.breakpoints.handlers['stepformer/setOutputBreakpoints'](args),
    'stepformer/setAttentionBreakpoints': (args) =>
      this.breakpoints.handlers['stepformer/setAttentionBreakpoints'](args),
    dataBreakpointInfo: (args) => this.dataBreakpointInfo(args),
    breakpointLocations: (args) => ({ breakpoints: placeLocations(this.debuggee.code, args) }),
    continue: () => {
      this.stopped();
      if (this.position === this.recording.lastPosition && this.recording.extend()) this.endTold = false;
      this.start('Running', forward(this, this.position, undefined, 'breakpoint'));
      return { allThreadsContinued: true };
    },
    reverseContinue: () => this.start('Running backwards', backward(this, this.position, this.home(), undefined)),
    pause: () => {
      if (this.motion) this.pause();
      else this.tell({ line: this.position, reason: 'pause', hits: [] });
    },
    next: ({ granularity }) => this.step('over', granularity),
    stepIn: ({ granularity }) => this.step('in', granularity),
    stepOut: ({ granularity }) => this.step('out', granularity),
    stepBack: ({ granularity }) => this.stepBack('over', granularity),
    stackTrace: (args) => this.inspector.stackTrace(this.here(), args),
    scopes: (args) => this.inspector.scopes(args),
    variables: (args) => this.inspector.children(args),
    evaluate: (args) => this.inspector.evaluate(this.here(), args),
    completions: (args) => this.inspector.completions(this.here(), args),
    readMemory: (args) => this.inspector.readMemory(this.here(), args),
    disassemble: (args) => this.inspector.disassemble(args),
    source: (args) => this.inspector.source(args),
    loadedSources: () => this.inspector.loadedSources(),
    exceptionInfo: () => {
      if (this.lastStop?.reason !== 'exception') throw new BadRequest('the program has not stopped at an exception');
      const { stackFrames } = this.inspector.stackTrace(this.here(), { threadId: 1, startFrame: 0, levels: 0 });
      return exceptionInfo(this.recording, this.debuggee.code, stackFrames);
    },
    gotoTargets: (args) => ({
      targets: gotoTargets(this.recording, this.debuggee.code, this.here(), args),
    }),
    goto: ({ targetId }) => {
      if (targetId > this.recording.reached) throw new BadRequest(`${targetId} is not a target of goto`);
      this.moveTo(targetId, 'goto');
    },
    restartFrame: ({ frameId }) => {
      const frame = this.inspector.frameOf(frameId);
      this.moveTo(entryOfFrame(this.recording, this.debuggee.code, frame), 'restart');
    },
    'stepformer/tracePage': ({ page }) => this.recording.page(page),
    'stepformer/position': () => this.where(),
    'stepformer/attention': ({ token }) => this.inspector.headViews.view(token ?? this.where().token, this.here()),
    'stepformer/travel': (args) => this.travel(args),
    'stepformer/origin': (args) => this.origin(args),
    'stepformer/readers': ({ token, limit }) => this.explanations.readersOf(token, limit),
    'stepformer/control': ({ traceLine }) => this.explanations.controlOf(traceLine ?? this.here()),
    'stepformer/stepBackIn': ({ granularity }) => this.continued(() => this.stepBack('in', granularity)),
    'stepformer/stepBackOut': ({ granularity }) => this.continued(() => this.stepBack('out', granularity)),
    'stepformer/input': (args) => this.input.give(args),
    'stepformer/stepToken': ({ direction }) => this.stepToken(direction),
  };

  private dataBreakpointInfo(args: ArgumentsOf<'dataBreakpointInfo'>): AnswerOf<'dataBreakpointInfo'> {
    const info = this.inspector.dataInfo(this.here(), args);
    if (info.dataId !== undefined) this.breakpoints.data.remember(info.dataId, info.known);
    return dataInfoBody(info);
  }

  private origin(args: ArgumentsOf<'stepformer/origin'>): AnswerOf<'stepformer/origin'> {
    const { expression, frameId, token, bytes, limit } = args;
    if (token !== undefined) return this.explanations.originOfToken(token, { limit, bytes });
    if (expression === undefined) throw new BadRequest('stepformer/origin needs an expression or a token');
    return this.explanations.originOfExpression(expression, this.inspector.frame(this.here(), frameId), { limit });
  }

  /** Where requests are about: while something runs, wherever it has come to. */
  private here(): number {
    return this.motion ? this.live : this.position;
  }

  /** From loaded to stopped at the entry, or running. */
  private begin(): void {
    const { code, entry } = this.debuggee;
    const isC = code.files.size > 0;
    const { stopOnEntry, noDebug } = this.options;
    const stops = !noDebug && (stopOnEntry ?? !this.breakpoints.any);
    let found = false;
    const arrive = (line: number) => {
      if (found) return false;
      const cursor = this.recording.cursorOf(line);
      found = isC ? code.lineKeys[cursor] !== NO_LINE : cursor === entry.cursor;
      if (found) this.entry = line;
      return found && stops;
    };
    this.start('Running', forward(this, 0, arrive, 'entry'));
  }

  private step(kind: StepKind, granularity: Granularity): void {
    this.start('Stepping', step(this, this.position, kind, this.granularity(granularity)));
  }

  private stepBack(kind: StepKind, granularity: Granularity): void {
    this.start('Stepping back', stepBack(this, this.position, kind, this.granularity(granularity), this.home()));
  }

  /** A motion that the protocol does not know: clients cannot see by the request alone that the program goes on. */
  private continued(motion: () => void): void {
    this.stopped();
    this.emit('continued', { threadId: 1, allThreadsContinued: true });
    motion();
  }

  /** Without C lines every step is one of instructions. */
  private granularity(wanted: Granularity): Granularity {
    return this.debuggee.code.files.size > 0 ? wanted : 'instruction';
  }

  /** How far back the reverse commands lead. */
  private home(): number {
    return this.position >= this.entry ? this.entry : 0;
  }

  private start(title: string, motion: Work<Stop>): void {
    this.stopped();
    this.pausing = false;
    this.live = this.position;
    this.motion = this.settled(motion);
    this.progress.begin(title);
  }

  /** A motion whose last line is complete, so that its tokens can be shown. */
  private *settled(motion: Work<Stop>): Work<Stop> {
    const stop = yield* motion;
    this.live = stop.line;
    if (stop.line >= this.recording.lines) yield* this.recording.complete(stop.line, this.pace);
    return stop;
  }

  private stop(stop: Stop): void {
    this.motion = undefined;
    this.position = stop.line;
    this.live = stop.line;
    this.inspector.clear();
    if (this.options.noDebug && (stop.reason === 'end' || stop.reason === 'exception')) {
      this.progress.end('ended');
      this.tellEnd(stop);
      this.emit('exited', { exitCode: exitStatus(this.recording) });
      this.emit('terminated', {});
      return;
    }
    this.progress.end(stop.reason === 'end' || stop.reason === 'exception' ? 'ended' : 'stopped');
    this.tell(stop);
  }

  private tell(stop: Stop): void {
    this.lastStop = stop;
    if (stop.reason === 'end' || stop.reason === 'exception') this.tellEnd(stop);
    this.emit('stopped', {
      reason: stop.reason,
      threadId: 1,
      allThreadsStopped: true,
      ...(stop.hits.length > 0 ? { hitBreakpointIds: stop.hits } : {}),
      ...this.described(stop),
    });
  }

  /** A stop in words, where its reason alone does not say everything. */
  private described({ reason, description }: Stop): { description?: string; text?: string } {
    const { recording, debuggee } = this;
    if (reason === 'end') return { description: 'Program ended', text: endingText(recording, debuggee.code) };
    if (reason !== 'exception') return description === undefined ? {} : { description, text: description };
    return { description: exceptionTitle(recording, debuggee.code), text: endingText(recording, debuggee.code) };
  }

  /** How the program ended, in the console, once. */
  private tellEnd(stop: Stop): void {
    if (this.endTold) return;
    this.endTold = true;
    const text = endingText(this.recording, this.debuggee.code);
    const more = this.options.noDebug ? '' : ' Step back to see how it came to this.';
    this.say('important', `${text}${more}\n`, this.placeOfLine(stop.line));
  }

  /** Moves to a trace line, or to that of a token; a token of the prompt is only looked at. */
  private travel({ token, traceLine }: ArgumentsOf<'stepformer/travel'>): AnswerOf<'stepformer/travel'> {
    const { recording } = this;
    const line = token === undefined ? traceLine : recording.lineOfToken(token);
    if (line === undefined) throw new BadRequest('stepformer/travel: "token" or "traceLine" must say where to');
    if (token !== undefined && token > recording.now) throw new BadRequest(`there is no token ${token} yet`);
    if (line > recording.reached) throw new BadRequest(`trace line ${line} has not been reached yet`);
    if (line < 0) return { ...this.where(), travelled: false };
    this.moveTo(line, 'goto', token === undefined ? 0 : token - recording.firstToken(line));
    return { ...this.where(), travelled: true };
  }

  /** Moves the focus to the next or previous token; at the edge of the line, to the line beside it. */
  private stepToken(direction: 'forward' | 'backward'): Whereabouts {
    this.stopped();
    const { recording, inspector, position } = this;
    const length = (line: number) => recording.firstToken(line + 1) - recording.firstToken(line);
    const focus = inspector.focus + (direction === 'forward' ? 1 : -1);
    if (focus >= Math.max(length(position), 1)) {
      this.step('in', 'instruction');
    } else if (focus >= 0) {
      inspector.focus = focus;
      this.progress.end('stopped');
      this.emit('invalidated', { areas: ['variables'] });
    } else if (position > 0) {
      this.moveTo(position - 1, 'step', length(position - 1) - 1);
    }
    return this.where();
  }

  /** Stands at a line that has been reached before, with one of its tokens in focus. */
  private moveTo(line: number, reason: Stop['reason'], focus = 0): void {
    this.stopped();
    this.position = line;
    this.live = line;
    this.inspector.clear();
    this.inspector.focus = focus;
    this.progress.end('stopped');
    this.tell({ line, reason, hits: [] });
  }

  /** @throws BadRequest while something runs */
  private stopped(): void {
    if (this.motion) throw new BadRequest('the program is running; pause it first');
  }

  /** The position, for status bars and views. */
  private where(): Whereabouts {
    const traceLine = this.here();
    const { recording } = this;
    const { now, reached } = recording;
    const token = recording.firstToken(traceLine) + (this.motion ? 0 : this.inspector.focus);
    return { token, traceLine, past: traceLine < reached, now };
  }

  private placeOfLine(line: number): SourcePlace | undefined {
    const { recording, debuggee } = this;
    const cursor = cursorInC(recording.moment(line), recording, debuggee.code);
    return cursor === undefined ? undefined : debuggee.code.placeOf(cursor);
  }

  private flushOutput(): void {
    for (const { text, stream, place } of this.output.take()) {
      this.say(stream === 'errors' ? 'stderr' : 'stdout', text, place);
    }
  }

  private say(category: string, output: string, place: SourcePlace | undefined): void {
    const where = place && { source: { name: basename(place.file), path: place.file }, line: place.line };
    this.emit('output', { category, output, ...where });
  }
}

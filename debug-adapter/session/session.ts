/**
 * A debugging session: a recording that is still being written and a position in it. Requests come in through
 * `request`, work goes on in slices through `work`, events leave through `emit`; it knows the protocol's names but
 * neither clients nor threads.
 *
 * The position is a trace line: the one that is about to be executed. What is shown is the state before it. The end
 * of the program is a stop like others: everything stays inspectable, and backwards works. Only what is shown there is
 * of another moment, see ending.ts.
 */
import { basename } from 'node:path';
import type { Breakpoints } from '../breakpoints/breakpoints.ts';
import type { Hits } from '../breakpoints/kind.ts';
import { Explanations } from '../explain/explanations.ts';
import type { Past } from '../explain/past/past.ts';
import { Inspector } from '../inspect/inspector.ts';
import type { LaunchOptions } from '../protocol/launch.ts';
import type {
  Answering,
  ArgumentsOf,
  BranchRequest,
  Emit,
  Handlers,
  RequestName,
  Whereabouts,
} from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { SourcePlace } from '../recording/code-map.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { type Frame, placeAt } from '../recording/frames.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import { Bookmarks, bookmarkHandlers, type Marking, type Note } from './bookmarks.ts';
import { breakpointHandlers, type Stopping } from './breakpoint-handlers.ts';
import { describedStop, endingReport, exceptionAtEnd, exceptionInfo, exitStatus, isOver, shownAt } from './ending.ts';
import { type Going, goingOnHandlers, pauseAt } from './going-on.ts';
import { StandardInput } from './input.ts';
import { type Looking, momentHandlers } from './moment-handlers.ts';
import { backward, forward, type Stop, settled } from './motions.ts';
import { OutputCollector } from './output.ts';
import { pastHandlers, type Remembering } from './past-handlers.ts';
import { Progress } from './progress.ts';
import { stepHandlers } from './steps.ts';
import { entryUpTo, isEntry, type Travelling, travelHandlers } from './travel.ts';
import { type Viewed, viewHandlers } from './view-handlers/view-handlers.ts';

/** Lines that are gone over between two looks at the clock. */
const STRETCH = 4096;

/** All but those that its branches answer together. */
export type SessionRequest = Exclude<RequestName, BranchRequest>;

/** What the branches of a recording have in common. */
export interface Shared {
  readonly debuggee: Debuggee;
  readonly breakpoints: Breakpoints;
  readonly options: LaunchOptions;
  readonly emit: Emit;
  readonly pace: Pace;
}

/** Where to go on in a recording. */
export interface Resumed {
  readonly position: number;
  readonly reached: number;
  readonly bookmarks: readonly Note[];
}

export class Session implements Going, Marking, Remembering, Stopping, Looking, Travelling, Viewed {
  readonly recording: Recording;
  readonly breakpoints: Breakpoints;
  readonly debuggee: Debuggee;
  readonly pace: Pace;
  pausing = false;
  live = 0;
  position = 0;
  private begun = false;
  /** Where the program is entered: the reverse of C lines goes no further back. */
  private entry = 0;
  readonly options: LaunchOptions;
  private readonly emit: Emit;
  readonly inspector: Inspector;
  readonly past: Past;
  readonly explanations: Explanations;
  readonly output: OutputCollector;
  private readonly progress: Progress;
  readonly input: StandardInput;
  private motion: Work<Stop> | undefined;
  /** Whether the motion is, or was, a step forward. */
  private stepping = false;
  private lastStop: Stop | undefined;
  /** Whether the end of the program was told in words, and as an event. */
  private endTold = false;
  readonly bookmarks: Bookmarks;
  private readonly resumed: Resumed | undefined;
  private exitTold = false;

  /** `resumed`: where to go on in a recording. */
  constructor({ debuggee, breakpoints, options, emit, pace }: Shared, recording: Recording, resumed?: Resumed) {
    this.debuggee = debuggee;
    this.recording = recording;
    this.breakpoints = breakpoints;
    this.options = options;
    this.emit = emit;
    this.pace = pace;
    this.resumed = resumed;
    this.bookmarks = new Bookmarks(recording, resumed?.bookmarks);
    this.inspector = new Inspector(debuggee, recording, options.maxCallTokens);
    this.explanations = new Explanations(debuggee, recording, this.inspector.evaluation);
    const { evaluation, data } = this.inspector;
    const { places } = this.explanations.teller;
    this.past = { debuggee, recording, evaluation, data, places, pace };
    this.output = new OutputCollector(recording, debuggee.code);
    this.progress = new Progress(
      emit,
      () => this.where(),
      () => recording.feeding,
    );
    this.input = new StandardInput(recording, emit);
  }

  /** Breakpoints are all branches': they lie in the one that is shown. */
  placeBreakpoints(): void {
    const { breakpoints, debuggee, recording, inspector, emit } = this;
    const say = (text: string) => this.say('console', `${text}\n`, undefined);
    const { code, loaded } = debuggee;
    const program = { code, module: loaded.module, recording, expressions: inspector.evaluation, say };
    for (const breakpoint of breakpoints.attach(program)) emit('breakpoint', { reason: 'changed', breakpoint });
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

  /**
   * Answers a request; one about all of the recording by work, which ends with the answer and takes slices of `pace`.
   * @throws BadRequest, PlacedError
   */
  request<C extends SessionRequest>(command: C, args: ArgumentsOf<C>): Answering<C> {
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

  /** The session is about to be over: of a program that has ended, the client is told so if it was not before. */
  finish(): void {
    const { end, reached } = this.recording;
    if (end !== undefined && reached >= end.line) this.tellExit();
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

  complain(text: string): void {
    this.say('important', `${text}\n`, undefined);
  }

  askForInput(): void {
    this.flushOutput();
    this.input.ask();
  }

  private readonly handlers: Pick<Handlers, SessionRequest> = {
    ...bookmarkHandlers(this),
    ...pastHandlers(this),
    ...viewHandlers(this),
    configurationDone: () => this.begin(),
    ...breakpointHandlers(this),
    ...goingOnHandlers(this),
    reverseContinue: () => this.start('Running backwards', backward(this, this.position, this.home(), undefined)),
    pause: () => {
      this.inspector.stopCalls();
      if (this.motion) this.pause();
      else this.tell({ line: this.position, reason: 'pause', hits: [] });
    },
    ...stepHandlers(this),
    ...momentHandlers(this),
    exceptionInfo: () => {
      if (this.lastStop?.reason !== 'exception') throw new BadRequest('the program has not stopped at an exception');
      const { stackFrames } = this.inspector.stackTrace(this.shown(), { threadId: 1, startFrame: 0, levels: 0 });
      const exception = this.lastStop.exception ?? exceptionAtEnd(this.recording, this.debuggee.code);
      return exceptionInfo(exception, stackFrames);
    },
    ...travelHandlers(this),
    'stepformer/output': (args) => this.output.all(args),
    'stepformer/tracePage': ({ page }) => this.recording.page(page),
    'stepformer/input': (args) => this.input.give(args),
  };

  /** Where requests are about: while something runs, wherever it has come to. */
  here(): number {
    return this.motion ? this.live : this.position;
  }

  /** The moment that is shown there. */
  shown(): number {
    return shownAt(this.recording, this.debuggee.code, this.here());
  }

  /** From loaded to stopped at the entry, or running. */
  private begin(): void {
    if (this.begun) throw new BadRequest('the program has been started: configurationDone comes once');
    this.begun = true;
    if (this.resumed) {
      this.start('Opening', this.resume(this.resumed));
      return;
    }
    const { stopOnEntry, noDebug } = this.options;
    const stops = !noDebug && (stopOnEntry ?? !this.breakpoints.stopsInSource);
    let found = false;
    const arrive = (line: number) => {
      if (found) return false;
      found = isEntry(this.recording, this.debuggee, line);
      if (found) this.entry = line;
      return found && stops;
    };
    this.start('Running', forward(this, 0, arrive, 'entry'));
  }

  private *resume(resumed: Resumed): Work<Stop> {
    yield* this.follow(resumed, false);
    return { line: this.position, reason: 'entry', hits: [] };
  }

  /** Stands where one stood in a recording, or another branch. What was printed up to there appears, if it has not yet. */
  *follow({ position, reached }: Resumed, isTold = true): Work {
    const { recording } = this;
    this.begun = true;
    this.entry = entryUpTo(recording, this.debuggee, reached);
    while (recording.reached < reached) {
      this.reach(Math.min(recording.reached + STRETCH, reached), []);
      if (this.pace.due()) yield;
    }
    if (isTold) this.output.take();
    else this.flushOutput();
    this.position = position;
  }

  /** The client is to see this branch again. */
  show(): void {
    this.placeBreakpoints();
    this.moveTo(this.position, 'goto');
  }

  /** A motion that the protocol does not know: clients cannot see by the request alone that the program goes on. */
  tellContinued(): void {
    this.stopped();
    this.emit('continued', { threadId: 1, allThreadsContinued: true });
  }

  frameOf(frameId: number): Frame {
    return this.inspector.frameOf(frameId);
  }

  /** How far back the reverse commands lead. */
  home(): number {
    return this.position >= this.entry ? this.entry : 0;
  }

  start(title: string, motion: Work<Stop>, stepping = false): void {
    this.stopped();
    // What clients hold is of the stop that ends here.
    this.inspector.clear();
    this.pausing = false;
    this.live = this.position;
    this.recording.departure = this.position;
    this.stepping = stepping;
    this.motion = settled(this, motion);
    this.progress.begin(title);
  }

  private stop(stop: Stop): void {
    this.motion = undefined;
    this.position = stop.line;
    this.live = stop.line;
    this.inspector.clear();
    this.inspector.steppedFrom = this.stepping ? this.recording.departure : undefined;
    const { noDebug, exitedAtEnd } = this.options;
    this.progress.end(isOver(stop) ? 'ended' : 'stopped');
    if (noDebug && isOver(stop)) {
      this.tellEnd(stop);
      this.tellExit();
      this.emit('terminated', {});
      return;
    }
    if (exitedAtEnd && isOver(stop)) this.finish();
    this.tell(stop);
  }

  private tell(stop: Stop): void {
    this.lastStop = stop;
    if (isOver(stop)) this.tellEnd(stop);
    this.emit('stopped', {
      reason: stop.reason,
      threadId: 1,
      allThreadsStopped: true,
      ...(stop.hits.length > 0 ? { hitBreakpointIds: stop.hits } : {}),
      ...describedStop(stop, this.recording, this.debuggee.code),
    });
    for (const range of this.inspector.changedMemory(stop.line)) this.emit('memory', range);
    const pause = pauseAt(stop, this.recording);
    if (pause) this.emit('stepformer/paused', pause);
  }

  goOn(): void {
    this.endTold = false;
  }

  /** How the program ended, in the console, once. */
  private tellEnd(stop: Stop): void {
    if (this.endTold) return;
    this.endTold = true;
    this.output.end();
    this.flushOutput();
    const text = endingReport(this.recording, this.debuggee.code, this.options.noDebug);
    const category = !this.options.noDebug && pauseAt(stop, this.recording) ? 'console' : 'important';
    this.say(category, `${text}\n`, placeAt(this.recording, this.debuggee.code, stop.line));
  }

  private tellExit(): void {
    if (this.exitTold) return;
    this.exitTold = true;
    this.emit('exited', { exitCode: exitStatus(this.recording) });
  }

  /** Something was changed by hand where the session is. */
  changed(): void {
    this.progress.end('stopped');
    this.emit('invalidated', { areas: ['all'] });
  }

  focusOn(focus: number): void {
    this.inspector.focus = focus;
    this.progress.end('stopped');
    this.emit('invalidated', { areas: ['variables'] });
  }

  /** Stands at a line that has been reached before, with one of its tokens in focus. */
  moveTo(line: number, reason: Stop['reason'], focus = 0): void {
    this.stopped();
    this.position = line;
    this.live = line;
    this.inspector.clear();
    this.inspector.focus = focus;
    this.progress.end(this.recording.end?.line === line ? 'ended' : 'stopped');
    this.tell({ line, reason, hits: [] });
  }

  /** @throws BadRequest while something runs */
  stopped(): void {
    if (this.motion) throw new BadRequest('the program is running; pause it first');
  }

  /** The position, for status bars and views. */
  where(): Whereabouts {
    const traceLine = this.here();
    const { recording } = this;
    const { now, reached, end } = recording;
    const token = recording.firstToken(traceLine) + (this.motion ? 0 : this.inspector.focus);
    const ended = end?.line === reached;
    return { token, traceLine, past: traceLine < reached, now, reached, ended, home: this.entry };
  }

  private flushOutput(): void {
    for (const { text, category, place } of this.output.take()) this.say(category, text, place);
  }

  private say(category: string, output: string, place: SourcePlace | undefined): void {
    const where = place && { source: { name: basename(place.file), path: place.file }, line: place.line };
    this.emit('output', { category, output, ...where });
  }
}

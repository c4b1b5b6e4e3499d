/**
 * What can be asked about a moment: stack, scopes, variables, expressions, memory, instructions, attention. Reads
 * only; every answer is made from generated tokens when it is asked for.
 */
import { basename } from 'node:path';
import type { Edit } from '../../engine/isa/edit-lines.ts';
import { embeddedSource } from '../../engine/toolchain/debug/texts.ts';
import { DEFAULT_CALL_TOKENS } from '../protocol/launch.ts';
import type { Answering, AnswerOf, ArgumentsOf, EventBody } from '../protocol/protocol.ts';
import { References } from '../protocol/references.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { type Frame, frameAt, frameInC, framesOf, innermostFrame } from '../recording/frames.ts';
import type { Pace } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import { pageOfUri } from '../recording/trace-pages.ts';
import { assignment } from './assignment.ts';
import { Calls } from './calls.ts';
import { type DataInfo, DataInfos } from './data-info.ts';
import { disassemble } from './disassembly.ts';
import { Evaluation } from './evaluation.ts';
import { HeadViews } from './heads/head-views.ts';
import { MemoryReads } from './memory.ts';
import { modules } from './modules.ts';
import { type Returned, returnedBetween } from './returned.ts';
import { stackFrame } from './stack-frames.ts';
import { Variables } from './variables.ts';
import { fileText } from './written-files.ts';

/** What is written, and the expression that is assigned to in its frame. */
export interface Assignment {
  readonly edit: Edit;
  readonly expression: string;
  readonly frame: Frame;
}

export class Inspector {
  readonly evaluation: Evaluation;
  readonly headViews: HeadViews;
  readonly data: DataInfos;
  private readonly calls: Calls;
  private readonly debuggee: Debuggee;
  private readonly recording: Recording;
  private readonly references = new References();
  private readonly memoryReads = new MemoryReads();
  private readonly variables: Variables;
  /** Which of the position's tokens is in focus, counted from its first. */
  focus = 0;
  /** Where the step began that has led here: what calls returned since is shown. */
  steppedFrom: number | undefined;
  private last: { line: number; frames: Frame[] } | undefined;

  /** `callTokens`: most of them for a function that an expression calls. */
  constructor(debuggee: Debuggee, recording: Recording, callTokens = DEFAULT_CALL_TOKENS) {
    this.debuggee = debuggee;
    this.recording = recording;
    this.variables = new Variables(debuggee, this.references, recording.history);
    const source = {
      frameAt: (line: number) => innermostFrame(recording.moment(line), recording, debuggee.code),
      frameOfDepth: (line: number, depth: number) => frameAt(recording.moment(line), depth, recording, debuggee.code),
      frameInC: (line: number) => frameInC(recording.moment(line), recording, debuggee.code),
      firstToken: (line: number) => recording.firstToken(line),
    };
    this.data = new DataInfos(debuggee, recording);
    this.calls = new Calls(debuggee, recording, callTokens);
    this.evaluation = new Evaluation(debuggee, source, this.variables, this.data, this.calls);
    this.headViews = new HeadViews(debuggee, recording, this.references);
  }

  /** Functions that are being called are given up. */
  stopCalls(): void {
    this.calls.stop();
  }

  /** The position has moved: what clients hold is stale. */
  clear(): void {
    this.stopCalls();
    this.focus = 0;
    this.references.clear();
    this.last = undefined;
    this.steppedFrom = undefined;
  }

  stackTrace(line: number, { startFrame, levels }: ArgumentsOf<'stackTrace'>): AnswerOf<'stackTrace'> {
    const frames = this.shown(this.framesAt(line));
    const page = frames.slice(startFrame, levels > 0 ? startFrame + levels : undefined);
    return {
      totalFrames: frames.length,
      stackFrames: page.map((frame) => stackFrame(frame, this.debuggee, this.references.frame(frame))),
    };
  }

  scopes({ frameId }: ArgumentsOf<'scopes'>): AnswerOf<'scopes'> {
    const frame = this.references.frameOf(frameId);
    const attention = () => this.headViews.scope(this.recording.firstToken(frame.moment.line) + this.focus);
    return { scopes: this.variables.scopesOf(frame, attention, () => this.returnedTo(frame)) };
  }

  children({ variablesReference, format, ...page }: ArgumentsOf<'variables'>): AnswerOf<'variables'> {
    return { variables: this.references.childrenOf(variablesReference)({ ...page, ...format }) };
  }

  evaluate(line: number, args: ArgumentsOf<'evaluate'>, pace: Pace): Answering<'evaluate'> {
    const { expression, frameId, context, format } = args;
    return this.evaluation.evaluating(expression, this.frame(line, frameId), context, format.hex, pace);
  }

  /** What a data breakpoint on a name would lie on. @throws BadRequest, PlacedError */
  dataInfo(line: number, args: ArgumentsOf<'dataBreakpointInfo'>): DataInfo {
    const { name, variablesReference, frameId, bytes, asAddress } = args;
    if (asAddress) return this.data.ofAddress(name, bytes ?? 1);
    const { expression, frame } = this.named(line, name, variablesReference, frameId);
    return this.data.ofValue(expression, this.evaluation.evaluated(expression, frame), frame, bytes);
  }

  /** What an expression denotes. @throws BadRequest, PlacedError */
  dataOf(line: number, expression: string, frameId: number | undefined): DataInfo {
    const frame = this.frame(line, frameId);
    return this.data.ofValue(expression, this.evaluation.evaluated(expression, frame), frame, undefined);
  }

  /** A name as an expression: of a child of something shown, or by itself. */
  private named(line: number, name: string, reference: number | undefined, frameId: number | undefined) {
    if (reference === undefined) return { expression: name, frame: this.frame(line, frameId) };
    const { child, frame } = this.references.childOf(reference, name);
    if (child.evaluateName === undefined) throw new BadRequest(`"${name}" is no value of the program`);
    return { expression: child.evaluateName, frame };
  }

  /** What an assignment to a name, or an expression, would write. @throws BadRequest, PlacedError */
  assignment(line: number, name: string, value: string, where: { reference?: number; frameId?: number }): Assignment {
    const { expression, frame } = this.named(line, name, where.reference, where.frameId);
    const target = this.evaluation.evaluated(expression, frame);
    const edit = assignment(this.debuggee, expression, target, this.evaluation.evaluated(value, frame).value, frame);
    return { edit, expression, frame };
  }

  /** What an assignment by an expression that may call functions would write. @throws BadRequest, PlacedError */
  *assigning(line: number, name: string, value: string, frameId: number | undefined, pace: Pace) {
    const frame = this.frame(line, frameId);
    const called = yield* this.evaluation.valueOf(value, frame, pace);
    const target = this.evaluation.evaluated(name, frame);
    const edit = assignment(this.debuggee, name, target, called.value, frame);
    return { made: { edit, expression: name, frame }, called };
  }

  /** The frame of another moment that is the same call. */
  counterpart(line: number, { depth, inlined }: Frame): Frame | undefined {
    return this.framesAt(line).find((frame) => frame.depth === depth && frame.inlined === inlined);
  }

  completions(line: number, { text, column, frameId }: ArgumentsOf<'completions'>): AnswerOf<'completions'> {
    const before = text.slice(0, Math.max(column - 1, 0));
    return { targets: this.evaluation.completions(before, this.frame(line, frameId)) };
  }

  readMemory(line: number, args: ArgumentsOf<'readMemory'>): AnswerOf<'readMemory'> {
    return this.memoryReads.read(this.recording.moment(line), args);
  }

  /** What clients have read of memory and is different at a line. */
  changedMemory(line: number): EventBody<'memory'>[] {
    return this.memoryReads.changed(this.recording.moment(line));
  }

  disassemble(args: ArgumentsOf<'disassemble'>): AnswerOf<'disassemble'> {
    return { instructions: disassemble(this.debuggee.code, args) };
  }

  /** The text of what is no file of the host: a trace page, a module's text, a source that came with a source map, a file that the program wrote. */
  source(line: number, { source: path }: ArgumentsOf<'source'>): AnswerOf<'source'> {
    const written = fileText(this.debuggee, this.recording.moment(line), path);
    const text = written ?? this.debuggee.texts.get(embeddedSource(path) ?? '');
    if (text !== undefined) return { content: text, mimeType: 'text/plain' };
    const page = pageOfUri(path);
    if (page === undefined)
      throw new BadRequest(`"${path}" is neither a page of the trace nor a source of the program that is no file`);
    return { content: this.recording.page(page).text, mimeType: 'text/plain' };
  }

  /** Where a variable is declared, or the function is that a pointer calls. */
  location({ locationReference }: ArgumentsOf<'locations'>): AnswerOf<'locations'> {
    const { file, line } = this.references.locationOf(locationReference);
    return { source: { name: basename(file), path: file }, line };
  }

  modules(args: ArgumentsOf<'modules'>): AnswerOf<'modules'> {
    return modules(this.debuggee, args);
  }

  loadedSources(): AnswerOf<'loadedSources'> {
    return { sources: [...this.debuggee.code.files.keys()].map((path) => ({ name: basename(path), path })) };
  }

  /** What calls have returned to a frame on the way here, if it is the innermost. */
  private returnedTo({ moment, depth, inlined, cursor }: Frame): Returned[] {
    const { debuggee, recording, steppedFrom } = this;
    if (steppedFrom === undefined || depth < moment.callDepth || inlined > debuggee.code.innermost(cursor)) return [];
    return returnedBetween(debuggee, recording, steppedFrom, moment.line);
  }

  /** The frames before a trace line, innermost first. */
  private framesAt(line: number): Frame[] {
    if (this.last?.line !== line) {
      const frames = framesOf(this.recording.moment(line), this.recording, this.debuggee.code);
      this.last = { line, frames };
    }
    return this.last.frames;
  }

  /** Below the outermost C function is what calls main: of no interest unless that is where the machine is. */
  private shown(frames: Frame[]): Frame[] {
    const outermost = frames.findLastIndex((frame) => this.debuggee.codeOffset(frame) !== undefined);
    return outermost < 0 ? frames : frames.slice(0, outermost + 1);
  }

  /** @throws BadRequest for a frame of another stop */
  frameOf(frameId: number): Frame {
    return this.references.frameOf(frameId);
  }

  /** A frame by its number, or the innermost that is shown at a line. @throws BadRequest for one of another stop */
  frame(line: number, frameId: number | undefined): Frame {
    return frameId === undefined ? this.shown(this.framesAt(line))[0] : this.references.frameOf(frameId);
  }
}

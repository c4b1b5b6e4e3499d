/**
 * Why: where a value came from, who read it later, what led to a line. The room's face.
 *
 * Everything is read from the recording when it is asked for: chains from its write logs, and for each hop the head
 * that testifies, from the one pass in which it worked.
 */
import { INSTRUCTION_TOKENS, PROGRAM_START } from '../../engine/isa/prompt.ts';
import { ByteSteps } from '../../engine/trace/byte-steps.ts';
import { byteOf, KIND, KINDS } from '../../engine/trace/notation.ts';
import { ReadLog } from '../../engine/trace/read-log.ts';
import { Readers } from '../../engine/trace/readers.ts';
import type { Evaluation } from '../inspect/evaluation.ts';
import { numberText } from '../inspect/variables.ts';
import type {
  ArgumentsOf,
  ControlAnswer,
  HeadlinePart,
  MemoryMap,
  OriginAnswer,
  ReadersAnswer,
} from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { type Frame, frameInC } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';
import { SourceText } from '../recording/source-text.ts';
import { Control } from './control.ts';
import { Endings } from './endings.ts';
import { headline } from './headline/headline.ts';
import { memoryMap } from './memory-map.ts';
import { originOf, type Teller } from './origin.ts';
import { subjectOfExpression, subjectOfToken } from './subject.ts';
import { readersOf } from './uses.ts';
import { Places } from './whereabouts.ts';
import { Wording } from './wording.ts';

export interface OriginQuestion {
  /** Hops at most. */
  readonly limit: number;
  /** Of a token: how many bytes from it on are meant, if not one. */
  readonly bytes?: number;
  /** Whether heads are looked at; if not, hops have no evidence. */
  readonly evidence?: boolean;
}

export class Explanations {
  readonly teller: Teller;
  readonly readers: Readers;
  private readonly debuggee: Debuggee;
  private readonly evaluation: Evaluation;
  private readonly control: Control;
  private readonly sources = new SourceText();

  constructor(debuggee: Debuggee, recording: Recording, evaluation: Evaluation) {
    const steps = new ByteSteps(recording.history);
    const places = new Places(debuggee, steps);
    const wording = new Wording(steps, places);
    this.teller = { recording, steps, places, wording, endings: new Endings(debuggee, steps, places) };
    this.readers = new Readers(steps, new ReadLog(recording.history));
    this.control = new Control(this.teller);
    this.debuggee = debuggee;
    this.evaluation = evaluation;
  }

  /** A trace line in C's terms; empty for a program without C. */
  headline(line: number): HeadlinePart[] {
    return headline({ debuggee: this.debuggee, recording: this.teller.recording, sources: this.sources }, line);
  }

  /** Memory before a line: what is at an address or an expression, or where the variables are. @throws PlacedError */
  memory(line: number, { address, expression, count }: ArgumentsOf<'stepformer/memory'>): MemoryMap {
    const { recording } = this.teller;
    const frame = () => frameInC(recording.moment(line), recording, this.debuggee.code);
    const found = expression === undefined ? address : this.evaluation.address(expression, frame());
    return memoryMap(this.debuggee, recording, line, { address: found, count });
  }

  /** Where what is asked about came from; `frame`: where an expression is read. @throws BadRequest, PlacedError */
  originAsked({ expression, token, bytes, limit }: ArgumentsOf<'stepformer/origin'>, frame: () => Frame): OriginAnswer {
    if (token !== undefined) return this.originOfToken(token, { limit, bytes });
    if (expression === undefined) throw new BadRequest('stepformer/origin needs an expression or a token');
    return this.originOfExpression(expression, frame(), { limit });
  }

  /** Where the value of an expression came from. @throws PlacedError for what is no value of the program */
  originOfExpression(expression: string, frame: Frame, { limit, evidence }: OriginQuestion): OriginAnswer {
    const subject = subjectOfExpression(this.teller.steps, this.debuggee, this.evaluation, expression, frame);
    return originOf(this.teller, subject, limit, evidence);
  }

  /** Where what a token holds came from. @throws BadRequest for one that holds nothing */
  originOfToken(token: number, { limit, bytes, evidence }: OriginQuestion): OriginAnswer {
    this.generated(token);
    const { history } = this.teller.recording;
    const told = this.ofInput(token) ?? (token < history.promptLength ? this.ofPrompt(token) : undefined);
    return told ?? originOf(this.teller, subjectOfToken(this.teller.steps, token, bytes), limit, evidence);
  }

  /** Who read what a token wrote, up to the next write. @throws BadRequest for one that wrote nothing */
  readersOf(token: number, limit: number): ReadersAnswer {
    this.generated(token);
    return readersOf(this.teller, this.readers, token, limit);
  }

  /** What led to a trace line. @throws BadRequest for one that was not reached */
  controlOf(line: number): ControlAnswer {
    const { recording } = this.teller;
    if (line < 0 || line > recording.reached) throw new BadRequest(`trace line ${line} was not reached yet`);
    return this.control.of(line);
  }

  /** What was generated ahead of what the user has seen is not there yet. */
  private generated(token: number): void {
    if (token > this.teller.recording.now) throw new BadRequest(`there is no token ${token} yet`);
  }

  /** A byte of the input is an end by itself. */
  private ofInput(token: number): OriginAnswer | undefined {
    const { history } = this.teller.steps;
    if (history.input.numberOf(token) < 0) return undefined;
    const value = String(byteOf(history.tokenAt(token)));
    return {
      hops: [{ ...this.teller.endings.input(token), value, traceLine: history.lineOfToken(token), token }],
      more: false,
    };
  }

  /** So is a token of an instruction. */
  private ofPrompt(token: number): OriginAnswer | undefined {
    const { history } = this.teller.steps;
    const { ops, imms } = history.program;
    const cursor = Math.floor((token - PROGRAM_START) / INSTRUCTION_TOKENS);
    const isInstruction = cursor >= 1 && cursor < ops.length;
    if (!isInstruction && KINDS[history.tokenAt(token)] === KIND.byte) return undefined;
    if (!isInstruction) throw new BadRequest(`token ${token} is no value`);
    const found = this.teller.places.ofCursor(cursor);
    const text = found?.text ?? this.teller.recording.instructionText(cursor);
    const place = found ? { place: found.place } : {};
    return {
      hops: [{ kind: 'constant', text, value: numberText(imms[cursor], 'i32'), traceLine: -1, token, ...place }],
      more: false,
    };
  }
}

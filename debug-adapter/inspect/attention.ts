/**
 * What the heads did: for the Attention scope, one variable per working head of the position's first token, and for
 * the Attention view the same as data, for any token.
 *
 * A token was chosen by the pass over the token before it, so the heads of token t are those of the pass at t - 1.
 */

import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { lineNumber } from '../../engine/trace/notation.ts';
import { BadRequest } from '../protocol/arguments.ts';
import type { References } from '../protocol/references.ts';
import { NO_LINE, type SourcePlace } from '../recording/code-map.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Recording } from '../recording/recording.ts';

/** Where a token stands. */
export interface TokenView {
  token: number;
  text: string;
  /** Number of its trace line, from 1; absent for tokens of the prompt. */
  line?: number;
  lineText?: string;
  source?: { file: string; line: number };
}

/** One head of a token. */
export interface HeadView {
  layer: number;
  head: number;
  role: string;
  /** Whether it had a part in this token. */
  active: boolean;
  query: readonly [number, number];
  /** The token it attended to; null when its attention is spread over many. */
  target: TokenView | null;
  /** Tokens that share its attention equally. */
  shared: number;
  /** What it brought. */
  value: string;
  margin: number;
  runnerUp?: { token: number; text: string };
}

export class AttentionView {
  private readonly debuggee: Debuggee;
  private readonly recording: Recording;
  private readonly references: References;

  constructor(debuggee: Debuggee, recording: Recording, references: References) {
    this.debuggee = debuggee;
    this.recording = recording;
    this.references = references;
  }

  /** The Attention scope: heads of the pass that chose `token`, the idle ones folded into one. */
  scope(token: number): DebugProtocol.Variable[] {
    const heads = this.heads(token);
    const active = heads.filter((head) => head.active);
    const idle = heads.filter((head) => !head.active);
    const variables = active.map((head) => this.headVariable(head));
    if (idle.length > 0) {
      const variablesReference = this.references.children(() => idle.map((head) => this.headVariable(head)));
      variables.push({ name: 'idle', value: `${idle.length} heads`, variablesReference });
    }
    return variables;
  }

  /** The data of the Attention view at `token`, or at the first token of the position. @throws BadRequest */
  view(token: number, position: number): object {
    const { recording } = this;
    if (token > recording.now) throw new BadRequest(`there is no token ${token} yet`);
    const line = recording.lineOfToken(token);
    const shown = line < 0 ? position : line;
    const start = recording.firstToken(shown);
    const end = recording.firstToken(shown + 1);
    const tokens = Array.from({ length: end - start }, (_, i) => ({
      index: start + i,
      text: this.text(start + i),
      focus: start + i === token,
    }));
    return {
      sentence: recording.sentence(shown).map((part) => {
        const at = part.token === undefined ? -1 : recording.lineOfToken(part.token);
        return at < 0 ? part : { ...part, line: lineNumber(at) };
      }),
      line: { index: shown, number: lineNumber(shown), text: recording.lineText(shown), cLine: this.sourceOf(shown) },
      tokens,
      token,
      now: recording.now,
      heads: this.heads(token),
    };
  }

  private heads(token: number): HeadView[] {
    if (token < 1 || token > this.recording.now) return [];
    const inspection = this.recording.inspect(token - 1);
    return (inspection?.heads ?? []).map((head) => ({
      layer: head.layer,
      head: head.head,
      role: head.name,
      active: head.active,
      query: [head.query[0], head.query[1]],
      target: head.target < 0 ? null : this.tokenView(head.target),
      shared: head.shared,
      value: valueText(head.value),
      margin: head.margin,
      ...(head.runnerUp >= 0 ? { runnerUp: { token: head.runnerUp, text: this.text(head.runnerUp) } } : {}),
    }));
  }

  private headVariable(head: HeadView): DebugProtocol.Variable {
    const place = head.target ? this.placeText(head.target) : `all ${head.shared} tokens, equally`;
    const children = (): DebugProtocol.Variable[] => [
      { name: 'query', value: `(${head.query[0]}, ${head.query[1]})`, variablesReference: 0 },
      { name: 'winner', value: place, variablesReference: 0 },
      { name: 'value', value: head.value, variablesReference: 0 },
      { name: 'margin', value: numberText(head.margin), variablesReference: 0 },
      {
        name: 'runner-up',
        value: head.runnerUp ? this.placeText(this.tokenView(head.runnerUp.token)) : 'none',
        variablesReference: 0,
      },
    ];
    return {
      name: `L${head.layer}·H${head.head} ${head.role}`,
      value: `${place} -> ${head.value}`,
      variablesReference: this.references.children(children),
    };
  }

  private tokenView(token: number): TokenView {
    const line = this.recording.lineOfToken(token);
    if (line < 0) return { token, text: this.text(token), ...this.promptPlace(token) };
    const source = this.sourceOf(line);
    return {
      token,
      text: this.text(token),
      line: lineNumber(line),
      lineText: this.recording.lineText(line),
      ...(source && { source }),
    };
  }

  /** A token of the program stands for an instruction, which may belong to a C line. */
  private promptPlace(token: number): Pick<TokenView, 'source' | 'lineText'> {
    const cursor = this.recording.instructionOfToken(token);
    if (cursor < 0) return {};
    const source = this.sourceOfCursor(cursor);
    return { lineText: this.recording.instructionText(cursor), ...(source && { source }) };
  }

  private placeText({ token, text, line, source, lineText }: TokenView): string {
    const where = line === undefined ? (lineText ? `program: ${lineText}` : 'prompt') : `line ${line}`;
    const c = source ? ` · ${basename(source.file)}:${source.line}` : '';
    return `token ${token} "${text}" · ${where}${c}`;
  }

  /** The C line of a trace line: its own, or that of the innermost call with one. */
  private sourceOf(line: number): TokenView['source'] {
    const { recording } = this;
    const own = this.sourceOfCursor(recording.cursorOf(line));
    if (own) return own;
    for (const call of [...recording.moment(line).calls].reverse()) {
      const found = this.sourceOfCursor(recording.cursorOf(call));
      if (found) return found;
    }
    return undefined;
  }

  private sourceOfCursor(cursor: number): TokenView['source'] {
    const { code } = this.debuggee;
    const place: SourcePlace | undefined = code.lineKeys[cursor] === NO_LINE ? undefined : code.placeOf(cursor);
    return place && { file: place.file, line: place.line };
  }

  private text(token: number): string {
    return VOCABULARY[this.recording.tokenAt(token)] ?? '?';
  }
}

function valueText(value: ArrayLike<number>): string {
  const parts = Array.from(value, numberText);
  while (parts.length > 1 && parts.at(-1) === '0') parts.pop();
  return parts.length === 1 ? parts[0] : `(${parts.join(', ')})`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(12)));
}

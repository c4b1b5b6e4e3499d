/**
 * What the heads did: for the Attention scope, one variable per working head of the position's first token, and for
 * the Attention view the same as data, for any token.
 *
 * A token was chosen by the pass over the token before it, so the heads of token t are those of the pass at t - 1.
 */

import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { VOCABULARY } from '../../../engine/isa/vocabulary.ts';
import { lineNumber } from '../../../engine/trace/notation.ts';
import type { HeadView, Standing, TokenAttention } from '../../protocol/protocol.ts';
import type { References } from '../../protocol/references.ts';
import { BadRequest } from '../../protocol/schema.ts';
import { NO_LINE } from '../../recording/code-map.ts';
import type { Debuggee } from '../../recording/debuggee.ts';
import { cursorInC } from '../../recording/frames.ts';
import type { Recording } from '../../recording/recording.ts';
import { meaning, numberText } from './meaning.ts';

/** The heads of a recording, for people. */
export class HeadViews {
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
    const variables = active.map((head) => this.headVariable(head, token));
    if (idle.length > 0) {
      const variablesReference = this.references.children(() => idle.map((head) => this.headVariable(head, token)));
      variables.push({ name: 'idle', value: `${idle.length} heads`, variablesReference });
    }
    return variables;
  }

  /** The data of the Attention view at `token`; of the prompt, with the line of the position. @throws BadRequest */
  view(token: number, position: number): Omit<TokenAttention, 'headline'> {
    const { recording } = this;
    if (token > recording.now) throw new BadRequest(`there is no token ${token} yet`);
    const line = recording.lineOfToken(token);
    const shown = line < 0 ? position : line;
    const start = recording.firstToken(shown);
    const end = recording.firstToken(shown + 1);
    const tokens = Array.from({ length: end - start }, (_, i) => ({
      token: start + i,
      text: this.text(start + i),
      focus: start + i === token,
    }));
    return {
      sentence: recording.sentence(shown).map((part) => recording.followed(part)),
      ...this.lineView(shown),
      tokens,
      token,
      now: recording.now,
      heads: this.heads(token),
    };
  }

  private heads(token: number): HeadView[] {
    if (token < 1 || token > this.recording.now) return [];
    const inspection = this.recording.passes.inspect(token - 1);
    return (inspection?.heads ?? []).map((head) => ({
      layer: head.layer,
      head: head.head,
      role: head.name,
      active: head.active,
      query: [head.query[0], head.query[1]],
      target: head.target < 0 ? null : this.standing(head.target, token - 1),
      shared: head.shared,
      value: valueText(head.value),
      meaning: meaning(head),
      margin: Number.isFinite(head.margin) ? head.margin : null,
      ...(head.runnerUp >= 0 ? { runnerUp: { token: head.runnerUp, text: this.text(head.runnerUp) } } : {}),
    }));
  }

  private headVariable(head: HeadView, token: number): DebugProtocol.Variable {
    const place = head.target ? this.placeText(head.target) : `all ${numberText(head.shared)} tokens, equally`;
    const children = (): DebugProtocol.Variable[] => [
      { name: 'query', value: `(${head.query[0]}, ${head.query[1]})`, variablesReference: 0 },
      { name: 'winner', value: place, variablesReference: 0 },
      { name: 'value', value: `${head.meaning}: ${head.value}`, variablesReference: 0 },
      { name: 'margin', value: marginText(head.margin), variablesReference: 0 },
      {
        name: 'runner-up',
        value: head.runnerUp ? this.placeText(this.standing(head.runnerUp.token, token - 1)) : 'none',
        variablesReference: 0,
      },
    ];
    return {
      name: `L${head.layer}·H${head.head} ${head.role}`,
      value: `${place} -> ${head.meaning}`,
      variablesReference: this.references.children(children),
    };
  }

  /** A token, and what it is. */
  named(token: number): Pick<Standing, 'token' | 'text'> {
    return { token, text: this.text(token) };
  }

  /** A token, and where it stands; `pass`: the token in whose pass a head attended to it. */
  standing(token: number, pass = token): Standing {
    const traceLine = this.recording.lineOfToken(token);
    const where = traceLine < 0 ? this.instructionView(token) : this.lineView(traceLine);
    const carried = this.recording.passes.carriedTo(pass, token);
    return { token, text: this.text(token), ...where, ...(carried !== undefined && { carried }) };
  }

  /** A trace line, and the C line that it was executed for. */
  lineView(traceLine: number): { traceLine: number; lineText: string; place?: Standing['place'] } {
    const { recording, debuggee } = this;
    const cursor = cursorInC(recording.moment(traceLine), recording, debuggee.code);
    return { traceLine, lineText: recording.lineText(traceLine), ...this.placeOf(cursor) };
  }

  /** A token of the program stands for an instruction, which may belong to a C line. */
  private instructionView(token: number): Pick<Standing, 'lineText' | 'place'> {
    const cursor = this.recording.instructionOfToken(token);
    if (cursor < 0) return {};
    const isInC = this.debuggee.code.lineKeys[cursor] !== NO_LINE;
    return { lineText: this.recording.instructionText(cursor), ...this.placeOf(isInC ? cursor : undefined) };
  }

  private placeOf(cursor: number | undefined): Pick<Standing, 'place'> {
    const found = cursor === undefined ? undefined : this.debuggee.code.placeOf(cursor);
    return found ? { place: { path: found.file, line: found.line } } : {};
  }

  private placeText({ token, text, traceLine, place, lineText, carried }: Standing): string {
    const program = lineText ? `program: ${lineText}` : 'prompt';
    const where = traceLine === undefined ? program : `line ${numberText(lineNumber(traceLine))}`;
    const c = place ? ` · ${basename(place.path)}:${place.line}` : '';
    const over = carried === undefined ? '' : ` · carried over to context ${carried}`;
    return `token ${numberText(token)} "${text}" · ${where}${c}${over}`;
  }

  private text(token: number): string {
    return VOCABULARY[this.recording.tokenAt(token)] ?? '?';
  }
}

/** What a head brought, as text. */
export function valueText(value: ArrayLike<number>): string {
  const parts = Array.from(value, numberText);
  while (parts.length > 1 && parts.at(-1) === '0') parts.pop();
  return parts.length === 1 ? parts[0] : `(${parts.join(', ')})`;
}

function marginText(margin: number | null): string {
  if (margin === null) return 'alone';
  return margin === 0 ? 'tie: the latest wins' : numberText(margin);
}

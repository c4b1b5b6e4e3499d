/**
 * Where a value came from, in C's terms: the trail of its bytes (engine/trace/trail.ts) as hops, the newest first.
 *
 * Of a run of copies the newest and the oldest are hops; those between are folded into the oldest. In C, wasm locals
 * are where the compiler keeps what it works with: moving a value there is no copy that anybody wrote. Elsewhere it is.
 */
import type { Type } from '../../engine/debuginfo/index.ts';
import type { ByteSteps, Look } from '../../engine/trace/byte-steps.ts';
import { STORES } from '../../engine/trace/notation.ts';
import { type Move, type Part, type Stretch, trail } from '../../engine/trace/trail.ts';
import type { Hop, HopOperand, OriginAnswer } from '../protocol/protocol.ts';
import type { Recording } from '../recording/recording.ts';
import type { Endings } from './endings.ts';
import { partName } from './part-name.ts';
import type { Subject } from './subject.ts';
import { bytesText, typeOf, type ValueType, valueText } from './value-text.ts';
import type { Places } from './whereabouts.ts';
import { evidenceOf } from './witness.ts';
import type { Wording } from './wording.ts';

/** What origins are told with. */
export interface Teller {
  readonly recording: Recording;
  readonly steps: ByteSteps;
  readonly places: Places;
  readonly wording: Wording;
  readonly endings: Endings;
}

/** A hop, and the look-up whose head testifies to it. */
interface Found {
  readonly hop: Hop;
  readonly look: Look | undefined;
}

/** C lines of folded copies that are told. */
const MOST_PLACES = 20;

/** The first `limit` hops. `evidence`: whether the heads are looked at, a few milliseconds a hop. */
export function originOf(teller: Teller, subject: Subject, limit: number, evidence = true): OriginAnswer {
  const found: Found[] = [];
  let more = false;
  for (const step of hops(teller, subject)) {
    more = found.length === limit;
    if (more) break;
    found.push(step);
  }
  const testified = ({ hop, look }: Found): Hop => {
    const seen = evidence && look && look.token > 0 ? evidenceOf(teller.recording, look) : undefined;
    return seen ? { ...hop, evidence: seen } : hop;
  };
  const cut = found.at(-1)?.look === CUT;
  return { hops: found.map(testified), more: more || cut };
}

/** Stands where copies were too many to be followed at once. */
const CUT: Look = { token: -1, role: 'memory load', target: -1 };

/** The hops of a subject, lazily, each with what testifies to it. */
export function* hops(teller: Teller, subject: Subject): Generator<Found> {
  if (subject.parts) {
    yield { hop: computedHere(teller, subject, subject.parts), look: undefined };
    return;
  }
  let type = typeOf(subject.type);
  let whole: Type | undefined = subject.type;
  for (const step of trail(teller.steps, subject.start)) {
    if (step.kind === 'parts') {
      yield partsHop(teller, step.parts, whole);
      return;
    }
    whole = undefined;
    const { moves, bytes } = step.kind === 'cut' ? step : step.stretch;
    yield* copyHops(teller, moves, bytesText(teller.steps.history, bytes, type), bytes.length);
    if (step.kind === 'cut') {
      yield { hop: told(teller, step.at), look: CUT };
      return;
    }
    yield makerHop(teller, step.stretch, type);
    type = teller.wording.typesOf(Math.max(step.stretch.maker.line, 0)).operand;
  }
}

/** A value of the debugger's own making. */
function computedHere(teller: Teller, { text }: Subject, parts: readonly Subject[]): Hop {
  const operands = parts.map(({ text: name, start: { tokens } }): HopOperand => {
    return { text: name, value: bytesText(teller.steps.history, tokens), token: tokens[0], bytes: tokens.length };
  });
  return { kind: 'compute', text, value: '', traceLine: -1, token: -1, operands };
}

/** Where a token stands: of a line of the trace, with its place in C. */
function told({ steps, places }: Teller, token: number): Hop {
  const traceLine = steps.history.lineOfToken(token);
  const { text, place, function: name } = places.of(traceLine);
  const value = valueText(steps.history, token);
  return { kind: 'copy', text, value, traceLine, token, ...(place && { place }), ...(name && { function: name }) };
}

function* copyHops(teller: Teller, all: readonly Move[], value: string, count: number): Generator<Found> {
  const moves = all.filter((move, i) => isCopy(teller, move, all[i - 1]));
  if (moves.length === 0) return;
  yield { hop: copyHop(teller, moves[0], value, count), look: moves[0].look };
  const oldest = moves[moves.length - 1];
  if (moves.length === 1) return;
  const hop = copyHop(teller, oldest, value, count);
  if (moves.length > 2) {
    hop.folded = moves.length - 2;
    hop.through = folds(teller, moves.slice(1, -1));
  }
  yield { hop, look: oldest.look };
}

/** Whether a move is a copy that somebody wrote. `newer`: the move after it. */
function isCopy({ steps, places }: Teller, { how, line }: Move, newer: Move | undefined): boolean {
  if (!places.isC) return true;
  if (how === 'local') return false;
  if (how !== 'parameter' || newer?.how !== 'store') return true;
  // A parameter that is at once put into its place in memory is one copy, not two.
  const isSame = steps.callOf(newer.line) === steps.callOf(line);
  return !(isSame && places.isPrologue(steps.history.cursorOf(newer.line)));
}

/** `count`: bytes of the value, of which the move's token is the first. */
function copyHop(teller: Teller, { how, line, token }: Move, value: string, count: number): Hop {
  const { history } = teller.steps;
  const hop: Hop = { ...told(teller, token), value, how };
  if (teller.places.isC && !teller.places.ofCursor(history.cursorOf(line))) hop.library = true;
  if (how !== 'store') return hop;
  const address = teller.steps.operand(line, 1);
  const { imms } = history.program;
  const offset = token - history.firstToken(line);
  const width = history.firstToken(line + 1) - 1 - history.firstToken(line);
  return {
    ...hop,
    address: {
      token: address + history.widthAt(address),
      value: valueText(history, address),
      at: history.word(address) + imms[history.cursorOf(line)] + offset,
      bytes: Math.min(count, width - offset),
    },
  };
}

type Folded = NonNullable<Hop['through']>[number];

/** Folded copies by C line, those of most copies first. */
function folds(teller: Teller, moves: readonly Move[]): Folded[] {
  const found = new Map<string, Folded>();
  for (const { line } of moves) {
    const { text, place, function: name } = teller.places.of(line);
    const key = `${place?.path}:${place?.line}:${name}:${text}`;
    const known = found.get(key);
    if (known) known.count++;
    else found.set(key, { text, count: 1, ...(place && { place }), ...(name && { function: name }) });
  }
  return [...found.values()].slice(0, MOST_PLACES);
}

function makerHop(teller: Teller, stretch: Stretch, type: ValueType | undefined): Found {
  const { steps, wording, places, endings } = teller;
  const { maker, token, look, bytes } = stretch;
  const ending = endings.of(stretch);
  const traceLine = maker.line;
  if (maker.kind === 'initial' || traceLine < 0) {
    return { hop: { ...ending, value: bytesText(steps.history, bytes, type), traceLine: -1, token }, look };
  }
  const { place, function: name } = places.of(traceLine);
  if (maker.kind === 'edit') {
    const value = bytesText(steps.history, bytes, type);
    return {
      hop: { ...(place && { place }), ...(name && { function: name }), ...ending, value, traceLine, token },
      look,
    };
  }
  const first = firstOf(teller, token);
  const width = steps.history.widthAt(first);
  // What was kept of a wider result does not say how that is read.
  const own = wording.typesOf(traceLine).result ?? (width === bytes.length ? type : undefined);
  // Of an extension only what fills up was asked for.
  const value = maker.kind === 'extension' ? bytesText(steps.history, bytes) : valueText(steps.history, first, own);
  const hop: Hop = { ...(place && { place }), ...(name && { function: name }), ...ending, value, traceLine, token };
  if (maker.kind !== 'compute') return { hop, look: maker.kind === 'extension' ? look : maker.look };
  hop.token = first + width;
  hop.operands = wording.operands(maker);
  hop.expression = wording.expression(maker);
  return { hop, look: look ?? maker.look };
}

/** First byte of the value that a byte token belongs to. */
function firstOf({ steps: { history } }: Teller, token: number): number {
  const line = history.lineOfToken(token);
  const value = history.valueOf(line);
  // A result's bytes can have others before them in their line; what a line states or stores begins with it.
  return token >= value && STORES[history.tokenAt(history.firstToken(line + 1) - 1)] ? value : history.firstToken(line);
}

/** A value that was put together: each part with a way of its own. `type`: of the whole, where it is known. */
function partsHop(teller: Teller, parts: readonly Part[], type: Type | undefined): Found {
  const { steps } = teller;
  const operands = parts.map(({ offset, count, token }): HopOperand => {
    const tokens = Array.from({ length: count }, (_, i) => (token < 0 ? -1 : token + i));
    const part = partName(type, offset, count);
    const text = part?.name ?? (count === 1 ? `byte ${offset}` : `bytes ${offset} to ${offset + count - 1}`);
    return { text, value: bytesText(steps.history, tokens, typeOf(part?.type)), token, bytes: count };
  });
  const newest = operands.reduce((a, b) => (b.token > a.token ? b : a));
  const hop: Hop = { ...told(teller, newest.token), text: `put together of ${operands.length} parts`, operands };
  const step = steps.step(newest.token);
  return { hop, look: 'look' in step ? step.look : undefined };
}

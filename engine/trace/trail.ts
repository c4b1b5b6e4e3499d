/**
 * Where a value came from, back to its beginning: runs of moves, and what made the value before them.
 *
 * The bytes of a value are followed each by itself, since each may have another writer, and are one again where they
 * come together: at the line that made them all. So an integer copied byte by byte is one value, and one that was put
 * together from several is so many parts. Bytes that only fill up (zeros of an extension) follow the others.
 *
 * A trail goes on through a computation with exactly one operand that is no constant, and ends everywhere else.
 */
import { functionAt } from '../isa/program.ts';
import type { ByteSteps, Look, Step } from './byte-steps.ts';

/** A move that put a value somewhere: into memory, a cell, or out of the program. */
export interface Move {
  readonly how: 'store' | 'local' | 'parameter' | 'global' | 'output';
  readonly line: number;
  /** The byte token of a store or output; of a cell, the first token of the line that set it. */
  readonly token: number;
  /** First byte of the value that was moved. */
  readonly value: number;
  /** The look-up that led here: that of who read it later, or that of the move itself where nobody did. */
  readonly look: Look;
}

/** What made a value: the steps that move nothing on. */
export type Maker = Exclude<Step, { kind: 'copy' }>;

/** Moves, the newest first, and what was there before them. */
export interface Stretch {
  readonly moves: readonly Move[];
  readonly maker: Maker;
  /** First byte of the value in the maker's line; a token of the prompt; -1 where nothing was ever written. */
  readonly token: number;
  /** Bytes of the value that came from there; those that only fill up are not counted. */
  readonly count: number;
  /** The byte tokens that the trail was followed from, all of them. */
  readonly bytes: readonly number[];
  /** Address of the first byte, where it stood in memory all the time. */
  readonly address: number | undefined;
  /** The look-up that led to the maker's token; undefined where the trail begins at it. */
  readonly look: Look | undefined;
  /** Operands that are no constants; the trail goes on if there is exactly one. */
  readonly open: readonly number[];
}

/** A part of a value that came by a way of its own. */
export interface Part {
  /** Bytes `offset` up to but not including `offset + count` of the value asked for. */
  readonly offset: number;
  readonly count: number;
  /** Where the part was last: a byte token, good for another question; -1 where nothing was ever written. */
  readonly token: number;
}

/** Where a trail begins: bytes, and how the first came to be where they were asked for. */
export interface Start {
  /** Byte tokens; -1 where nothing was ever written. */
  readonly tokens: readonly number[];
  /** The moves that put them there, where that is no token of a line with bytes: a set cell. */
  readonly moves?: readonly Move[];
  /** Of the first byte, where the bytes are in memory. */
  readonly address?: number | undefined;
}

/** One step of a trail. `cut`: the moves were too many to be followed further in one go; `at` is where to go on. */
export type TrailStep =
  | { readonly kind: 'stretch'; readonly stretch: Stretch }
  | { readonly kind: 'parts'; readonly parts: readonly Part[] }
  | { readonly kind: 'cut'; readonly moves: readonly Move[]; readonly at: number; readonly bytes: readonly number[] };

/** Steps that one byte is followed at once: a loop may have copied it millions of times. */
const MOST_STEPS = 5_000;

interface Path {
  readonly moves: Move[];
  readonly maker: Maker | undefined;
  readonly token: number;
  readonly look: Look | undefined;
  /** Where the byte was read in memory that no line wrote. */
  readonly address: number | undefined;
  /** Whether the byte only filled up a wider value on its way. */
  readonly fills: boolean;
}

type Ended = Path & { readonly maker: Maker };

/** The trail of a value, lazily. */
export function* trail(steps: ByteSteps, start: Start): Generator<TrailStep, void> {
  let { tokens, address } = start;
  let before = start.moves ?? [];
  for (;;) {
    const bytes = tokens;
    const paths = bytes.map((token, i) => follow(steps, token, address === undefined ? undefined : address + i));
    const unended = paths.find((path) => !path.maker);
    if (unended) {
      yield { kind: 'cut', moves: [...before, ...unended.moves], at: unended.token, bytes };
      return;
    }
    const groups = grouped(paths as Ended[]);
    if (groups.length > 1) {
      yield { kind: 'parts', parts: groups.flatMap((group) => partsOf(group, bytes)) };
      return;
    }
    const [group] = groups;
    // Of static storage some bytes are stated and others are the zeros that memory begins with.
    const told = group.find((i) => paths[i].maker?.kind === 'initial') ?? group[0];
    const { maker, token, look, moves: own, address: at } = paths[told] as Ended;
    const moves = [...before, ...own];
    const open = maker.kind === 'compute' ? maker.operands.filter((value) => !steps.isConstant(value, maker.line)) : [];
    yield { kind: 'stretch', stretch: { moves, maker, token, count: group.length, bytes, address: at, look, open } };
    if (open.length !== 1) return;
    tokens = bytesFrom(open[0], steps.history.widthAt(open[0]));
    address = undefined;
    before = [];
  }
}

/** The byte tokens of the value that begins at a token. */
export function bytesFrom(token: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => token + i);
}

/** Follows a byte to what made it. */
function follow(steps: ByteSteps, start: number, place: number | undefined): Path {
  const moves: Move[] = [];
  let token = start;
  let look: Look | undefined;
  let address = place;
  let fills = false;
  const path = (maker: Maker | undefined): Path => ({ moves, maker, token, look, address, fills });
  if (token < 0) return path({ kind: 'unwritten', line: -1, look: NO_LOOK });
  for (let taken = 0; taken < MOST_STEPS; taken++) {
    const step = steps.step(token);
    if (step.kind === 'extension') fills = true;
    if (step.kind === 'extension' && step.from >= 0) {
      token = step.from;
    } else if (step.kind !== 'copy') {
      if (step.kind === 'unwritten') address = step.address;
      return path(step);
    } else {
      const move = moveOf(steps, step, token, look);
      if (move) moves.push(move);
      ({ look, address } = step);
      token = step.from;
    }
  }
  return path(undefined);
}

/** Of bytes that were never written and nobody looked up. */
const NO_LOOK: Look = { token: -1, role: 'memory load', target: -1 };

function moveOf(
  steps: ByteSteps,
  step: Step & { kind: 'copy' },
  token: number,
  look: Look | undefined,
): Move | undefined {
  const { history } = steps;
  if (step.write !== undefined) {
    const reading: Look = { token, role: 'local or global', target: step.write - 1 };
    return cellMove(steps, step.write, step.from, reading);
  }
  const { circuit } = steps.opcode(step.line);
  if (circuit !== 'store' && circuit !== 'write') return undefined;
  const how = circuit === 'store' ? 'store' : 'output';
  return { how, line: history.lineOfToken(token), token, value: step.from, look: look ?? step.look };
}

/** The move of the line that set a cell, whose first token is `write`. `look`: who read it; without, its own. */
export function cellMove(steps: ByteSteps, write: number, value: number, look?: Look): Move {
  const { history } = steps;
  const line = history.lineOfToken(write);
  const cursor = history.cursorOf(line);
  const isPrologue = cursor < (functionAt(history.program, cursor)?.body ?? 0);
  const how = steps.opcode(line).variant === 'global' ? 'global' : isPrologue ? 'parameter' : 'local';
  return { how, line, token: write, value, look: look ?? steps.operandLook(write, line, 0) };
}

/** Indices of paths that end at the same maker, by the lowest. Bytes that fill up belong to whatever else there is. */
function grouped(paths: readonly Ended[]): number[][] {
  const groups = new Map<string, number[]>();
  const onlyFilling = paths.every(({ fills }) => fills);
  for (const [i, path] of paths.entries()) {
    if (path.fills && !onlyFilling) continue;
    const key = makerKey(path, onlyFilling ? 0 : i);
    const known = groups.get(key);
    if (known) known.push(i);
    else groups.set(key, [i]);
  }
  return [...groups.values()];
}

/** Equal for bytes that were made together, as parts of one value. */
function makerKey({ maker, token, address }: Ended, index: number): string {
  if (maker.kind !== 'initial' && maker.kind !== 'unwritten') return `${maker.kind} ${maker.line}`;
  if (address !== undefined) return `memory ${address - index}`;
  return maker.kind === 'initial' ? `initial ${token - index}` : maker.kind;
}

/** The parts of a value that a group of its bytes makes: each a run of tokens. */
function partsOf(group: readonly number[], tokens: readonly number[]): Part[] {
  const parts: { offset: number; count: number; token: number }[] = [];
  for (const offset of group) {
    const last = parts.at(-1);
    const token = tokens[offset];
    const follows =
      last && last.offset + last.count === offset && (token < 0 ? last.token < 0 : token === last.token + last.count);
    if (follows) last.count++;
    else parts.push({ offset, count: 1, token });
  }
  return parts;
}

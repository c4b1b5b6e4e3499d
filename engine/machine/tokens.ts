/**
 * What the machine knows of a token by itself: the columns of the embedding.
 *
 * Table tokens carry tables: value k of a table is a feature of token `Tk`, found by a head whose keys are `(2k, -k²)`
 * (`tableAt` of graph/lookups.ts).
 */
import type { Graph } from '../graph/graph.ts';
import type { MachineLimits } from '../isa/limits.ts';
import { OPCODES } from '../isa/opcodes.ts';
import type { ProgramCode } from '../isa/program.ts';
import { COMMITS, EDIT_KINDS, type EditKind, TABLE_SIZE, TOKEN, tokenId } from '../isa/vocabulary.ts';

/** Opcodes are integer points on the circle of this squared radius: a dot product tells each from all others. */
export const RADIUS_SQUARED = 5928325;

/** The points of the circle, in order of angle-free enumeration; opcode i is point i. */
export const OPCODE_POINTS: readonly (readonly [number, number])[] = circlePoints(RADIUS_SQUARED);

function circlePoints(radiusSquared: number): [number, number][] {
  const points: [number, number][] = [];
  const radius = Math.floor(Math.sqrt(radiusSquared));
  for (let x = -radius; x <= radius; x++) {
    const y = Math.round(Math.sqrt(radiusSquared - x * x));
    if (x * x + y * y !== radiusSquared) continue;
    points.push([x, y]);
    if (y !== 0) points.push([x, -y]);
  }
  if (points.length < OPCODES.length) throw new RangeError('the circle has too few integer points for the opcodes');
  return points;
}

/** Nibble with bit i at 4^i: the sum of two such numbers has a base-4 digit per pair of bits. */
const spread = (nibble: number) => [0, 1, 2, 3].reduce((sum, bit) => sum + ((nibble >> bit) & 1) * 4 ** bit, 0);
/** Nibble made of the base-4 digits that equal `digit`: 2 gives `and`, 1 gives `xor`. */
const digits = (sum: number, digit: number) =>
  [0, 1, 2, 3].reduce((nibble, bit) => nibble + (Math.floor(sum / 4 ** bit) % 4 === digit ? 1 << bit : 0), 0);
const popcount = (byte: number) => [...byte.toString(2)].filter((bit) => bit === '1').length;

/** What a machine is made in and for. */
export interface MachineContext {
  readonly graph: Graph;
  /** Up to which sizes its numbers are to be exact. */
  readonly limits: MachineLimits;
  /** The program that it runs, if it is made for one. */
  readonly program?: ProgramCode;
}

/**
 * What is there to build with once the tokens are known. Every stage of the pipeline (machine.ts) takes such a context and
 * adds what it makes: its file says what the next one has.
 */
export interface TokenContext extends MachineContext {
  readonly features: ReturnType<typeof tokenFeatures>;
}

/**
 * Features of tokens; every field is a column of the embedding, or the few that make an index.
 *
 * Operands: none but the token. Result: integers, 0 on tokens that they say nothing of. Depth: none.
 */
export function tokenFeatures({ graph: g }: MachineContext) {
  const byteOf = (t: number) => (t >= TOKEN.byte && t < TOKEN.opcode ? (t - TOKEN.byte) & 0xff : -1);
  const flag = (name: string, ...ids: number[]) => g.feature(name, (t) => Number(ids.includes(t)));
  const onByte = (name: string, f: (byte: number) => number) =>
    g.feature(name, (t) => (byteOf(t) < 0 ? 0 : f(byteOf(t))));
  const onTable = (name: string, f: (k: number) => number, elsewhere = 0) =>
    g.feature(name, (t) => (t < TABLE_SIZE ? f(t) : elsewhere));
  const onOpcode = (name: string, f: (index: number) => number) =>
    g.feature(name, (t) => (t >= TOKEN.opcode && t < TOKEN.opcode + OPCODES.length ? f(t - TOKEN.opcode) : 0));
  const commit = (t: number) => COMMITS[t - TOKEN.commit];
  const isOut = (t: number) => t >= TOKEN.out && t < TOKEN.out + 256;
  const edit = (kind: EditKind) => tokenId(`edit(${kind})`);

  return {
    byte: onByte('byte', (v) => v),
    sign: onByte('sign of byte', (v) => v >> 7),
    isByte: onByte('is byte', () => 1),
    carry: g.feature('carry', (t) => Number(t >= TOKEN.carryByte && t < TOKEN.opcode)),
    lowNibble: onByte('low nibble, spread', (v) => spread(v & 15)),
    highNibble: onByte('high nibble, spread', (v) => spread(v >> 4)),
    // Of a byte whose high bit is the last to be kept, and whose next is half of that one.
    roundsUp: onByte('rounds up', (v) => Number((v & 127) > 64 || v === 192)),
    tie: onByte('rounds up if more is lost', (v) => Number(v === 64)),
    fraction: onByte('has more than the bit to keep', (v) => Number((v & 127) > 0)),
    marker: g.feature('is no byte', (t) => Number(byteOf(t) < 0)),

    depthChange: g.feature('change of stack depth', (t) =>
      isOut(t) ? -1 : t === TOKEN.readCommit ? 1 : (commit(t)?.depth ?? 0),
    ),
    callChange: g.feature('change of call depth', (t) =>
      t === TOKEN.callCommit ? 1 : t === TOKEN.returnCommit ? -1 : 0,
    ),
    advances: g.feature(
      'instructions it moves on',
      (t) =>
        Number(isOut(t) || [TOKEN.callCommit, TOKEN.returnCommit, TOKEN.readCommit, TOKEN.run].includes(t as never)) +
        (commit(t)?.advance ?? 0),
    ),
    jumps: g.feature('ends a jump', (t) =>
      Number(commit(t)?.branch || t === TOKEN.callCommit || t === TOKEN.returnCommit),
    ),
    pushes: g.feature('puts its bytes on the stack', (t) => Number(commit(t)?.stores || t === TOKEN.readCommit)),
    isCall: flag('is call', TOKEN.callCommit),
    isRead: flag('has read input', TOKEN.readCommit),
    isRun: flag('is run', TOKEN.run),
    endsInput: flag('ends the input', TOKEN.inputEnd),
    branchTaken: flag('is branch_taken', TOKEN.branchTaken),
    opensEdit: flag('opens an edit', TOKEN.data, TOKEN.global, TOKEN.input, ...EDIT_KINDS.map(edit)),
    opensMemoryEdit: flag('opens a memory edit', TOKEN.data, edit('memory')),
    opensCellEdit: flag('opens a cell edit', TOKEN.global, edit('local'), edit('global')),
    opensInput: flag('opens input', TOKEN.input),
    endsStackEdit: flag('ends a stack edit', TOKEN.editStackCommit),

    opcodeX: onOpcode('opcode x', (i) => OPCODE_POINTS[i][0]),
    opcodeY: onOpcode('opcode y', (i) => OPCODE_POINTS[i][1]),

    /** 0 to 2,047. */
    table: { key: onTable('table: 2k', (k) => 2 * k), square: onTable('table: -k²', (k) => -k * k, -1) },
    /** 0 to 255: products with their squares are exact for factors of 2^32 and more. */
    byteTable: {
      key: onTable('table of bytes: 2k', (k) => (k < 256 ? 2 * k : 0)),
      square: onTable('table of bytes: -k²', (k) => (k < 256 ? -k * k : -1), -1),
    },
    and: onTable('table: and', (k) => digits(k, 2)),
    xor: onTable('table: xor', (k) => digits(k, 1)),
    popcount: onTable('table: popcnt', (k) => (k < 256 ? popcount(k) : 0)),
    trailing: onTable('table: ctz', (k) => (k === 0 ? 8 : k < 256 ? 31 - Math.clz32(k & -k) : 0)),
    shiftFactor: onTable('table: shift factor', (k) => 2 ** (leftShift(k).bits & 7)),
    shiftOffset: onTable('table: shift offset', (k) => leftShift(k).higher - Math.floor(leftShift(k).bits / 8)),
    // The root of a number of 62 bits whose eleven highest are k, and what eleven more add: less than 2^32, four times an integer.
    root: onTable('table: root', (k) => root(k)),
    rootSlope: onTable('table: root, slope', (k) => 4 * Math.floor((root(k + 1) - root(k)) / 4 / 2048)),
    // An envelope of lines that cross at 2^j - 1/2: line k is the highest for 2^(k-1) <= a < 2^k.
    envelope: {
      slope: onTable('table: envelope x', (k) => (k <= 32 ? k : 0)),
      intercept: onTable('table: envelope y', (k) => (k <= 32 ? 1 - 2 ** k + k / 2 : -(2 ** 45)), -(2 ** 45)),
    },
    leading: onTable('table: clz', (k) => (k <= 32 ? 32 - k : 0)),
  };
}

function root(k: number): number {
  return 4 * Math.floor(Math.sqrt(k * 2 ** 49));
}

/** Index in the shift tables of a shift by 0 bits that nothing wraps: one by n, to the left or (below 0) to the right, is n beside it. */
export const SHIFT_BY_ZERO = 1536;
/** Most bits of such a shift. */
const FARTHEST_SHIFT = 100;

/**
 * Index k of the shift tables: shift byte, plus 256 for shifts to the right, plus 512 for eight bytes; or a number of bits
 * beside `SHIFT_BY_ZERO`. Every shift is one to the left: one to the right by s of n bits is one by n - s that reads n bits
 * higher.
 */
function leftShift(k: number): { bits: number; higher: number } {
  if (k >= 1024) return { bits: Math.max(-FARTHEST_SHIFT, Math.min(FARTHEST_SHIFT, k - SHIFT_BY_ZERO)), higher: 0 };
  const bytes = k < 512 ? 4 : 8;
  const bits = k % (8 * bytes);
  return k % 512 < 256 ? { bits, higher: 0 } : { bits: 8 * bytes - bits, higher: bytes };
}

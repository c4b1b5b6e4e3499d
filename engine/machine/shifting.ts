/**
 * Shifting: integers, and the significands of floats. A byte of the result is the low part of one byte, times a power of two, and
 * the high part of the one below. Every shift is one to the left: one to the right by s of n bits is one by n - s that reads n
 * bits higher.
 */
import type { Graph, Linear, LinearLike, Neuron, Variable } from '../graph/graph.ts';
import { fetchAt, floorDivide, tableAt } from '../graph/lookups.ts';
import type { Opcode } from '../isa/opcodes.ts';
import type { FloatContext } from './floats/fields.ts';
import { type FloatShift, floatShift } from './floats/shift.ts';

/** Beyond 512 times any number of tokens. */
const BEYOND = 2 ** 37;

const shiftsInteger = (row: Opcode) => row.circuit === 'shift' || row.circuit === 'rotate';

/** What is shifted: by how many bits, where it ends, and how many bytes count. */
interface Shifted {
  readonly by: { readonly factor: Variable; readonly offset: Variable };
  /** Position behind the value's bytes. */
  readonly end: Variable;
  readonly isWide: Variable;
  readonly float: FloatShift;
}

/**
 * The byte of the shifted value that comes next.
 *
 * Operands: the low byte of the stack's top, which says how far, and the value below; or a float (see `floatShift`). Result:
 * `byte`, 0 to 255, of any instruction that shifts, and neurons of the next byte for those on integers. Depth: how far in layer
 * 8, two neighbouring bytes in layer 9, divided in layer 10, as late as the floats are; integers alone would be there by layer 6.
 */
export function shifting(context: FloatContext): { byte: Linear; float: FloatShift; result: Neuron[] } {
  const { graph: g, limits, features, dispatch, stack } = context;
  const isRight = dispatch.is('right shift', (row) => row.variant === 'right');
  const isInteger = dispatch.is('shift or rotation', shiftsInteger);
  const float = floatShift(context);
  const isWide = dispatch.is(
    'shift of eight bytes',
    (row) => row.operand === 8 && (shiftsInteger(row) || ['significand', 'round', 'pack'].includes(row.circuit)),
  );
  const wideInteger = dispatch.is('integer shift of eight bytes', (row) => row.operand === 8 && shiftsInteger(row));
  const index = g.sum(
    'shift',
    g.neuron(isInteger, g.of([1, stack.top.bytes[0]], [256, isRight], [512, wideInteger])),
    float.index,
  );
  const by = tableAt(g, 'shift amount', features.table, index, {
    factor: features.shiftFactor,
    offset: features.shiftOffset,
  });
  const end = g.sum('end of value that is shifted', g.neuron(isInteger, stack.second.position), float.end);
  g.bounded(end, 0, limits.tokens, 'it is one of two positions, or 0');
  const shifted: Shifted = { by, end, isWide, float };
  const upper = shiftedByte(context, 'upper byte of shift', shifted, 0);
  const lower = shiftedByte(context, 'lower byte of shift', shifted, 1);
  const over = floorDivide(g, 'bits shifted out', features.table, upper, 256);
  const into = floorDivide(g, 'bits shifted in', features.table, lower, 256);
  const byte = g.of([1, upper], [-256, over], [1, into]);
  return { byte, float, result: [g.neuron(isInteger, byte)] };
}

/** A byte of the value that is shifted, `back` below the one that the shift reads first, times the power of two. */
function shiftedByte(
  { graph: g, features, line, dispatch, stack }: FloatContext,
  name: string,
  { by, end, isWide, float }: Shifted,
  back: number,
): Variable {
  const drops = dispatch.is('shift that drops bits', (row) =>
    ['shift', 'significand', 'round', 'pack'].includes(row.circuit),
  );
  const isSigned = dispatch.is('signed shift', (row) => row.circuit === 'shift' && row.signed === true);
  const at = g.of([1, line.index], [1, by.offset], [-back]);
  // At 0 or more where the byte lies below the value, or above it. A float's highest byte is none of its significand.
  const low = g.of([-1, at], [-1]);
  const high = g.of([1, at], [-4], [-4, isWide], [1, float.isFloat]);
  const wrap = g.sum(
    `${name} wraps`,
    g.step(low, 4),
    g.stepIf(isWide, low, 4),
    g.step(high, -4),
    g.stepIf(isWide, high, -4),
  );
  const gone = g.sum(
    `${name} is outside`,
    g.reluIf(drops, g.of([1, low], [1])),
    g.reluIf(drops, g.of([1, high], [1])),
    g.neuron(1, float.vanishes),
  );
  const fill = g.sum(`${name} is sign`, g.stepIf(g.of([1, isSigned], [1, stack.second.sign], [-1]), high));
  const fix = g.sum(`${name} is fixed`, fixed(g, float, high));
  const position = g.of([1, end], [-4], [-4, isWide], [1, at], [1, wrap]);
  const byte = fetchAt(g, name, position, { byte: features.byte }).byte;
  return g.sum(
    `${name}, shifted`,
    g.neuron(g.of([1, byte], [1, fix], [-512, gone]), by.factor),
    g.neuron(fill, by.factor, 255),
  );
}

/**
 * What a float's highest byte lacks, from that byte on (what lies above is outside), else nothing: 256 outweighs it. `above` is a
 * number of bytes, up to the length of the prompt where no line is.
 */
function fixed(g: Graph, { isFloat, fix }: FloatShift, above: LinearLike): Neuron[] {
  const x = g.of([512, above], [512 + 256], [BEYOND, isFloat], [-BEYOND]);
  return [g.neuron(g.of([1, fix], [1, x]), 1), g.neuron(x, 1, -1)];
}

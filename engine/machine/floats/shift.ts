/** How far the significand of a float is shifted, and from where: all that the shifter has to know of floats. */
import type { LinearLike, Neuron, Variable } from '../../graph/graph.ts';
import { SHIFT_BY_ZERO } from '../tokens.ts';
import type { FloatContext } from './fields.ts';
import { packing } from './pack.ts';

/** A shift of a float, for the shifter; all is 0 where the instruction has none. */
export interface FloatShift {
  /** 1 where what is shifted is a float as it is stored, with sign and exponent. */
  readonly isFloat: Variable;
  /** Index in the table of shifts. */
  readonly index: Neuron[];
  /** Position behind the value. */
  readonly end: Neuron[];
  /** What is added to the significand's highest byte: the leading bit, without the exponent's. */
  readonly fix: Variable;
  /** 1 where nothing of the significand is left. */
  readonly vanishes: Variable;
  /** 1 where bits are lost of which the shifted bytes say nothing. */
  readonly lost: Variable;
  readonly packing: ReturnType<typeof packing>;
}

/** Most bits by which the lesser of two numbers is shifted: all of it is then below the lowest bit that counts. */
const FARTHEST = 56;
/** Bytes of the lesser's line that stand below its value. */
const BELOW = 6;

/**
 * The shifts of `significand`, `radicand`, `greater`, `lesser`, `round` and `pack`.
 *
 * Operands: the parts of both floats; of `pack` a significand and its scale. Result: see `FloatShift`. Range: 128 bits to
 * either side. Depth: how far behind layer 7, where from behind layer 6.
 */
export function floatShift(context: FloatContext): FloatShift {
  const { graph: g, line, dispatch, stack, floats, bits } = context;
  const { top, second, isDouble, order } = floats;
  const of = (name: string) =>
    dispatch.is(`significand of ${name}`, (row) => row.circuit === 'significand' && row.variant === name);
  const [one, greater, lesser] = ['one', 'greater', 'lesser'].map(of);
  const isFloat = dispatch.is('shift of a float', (row) => ['significand', 'round'].includes(row.circuit));
  const isLast = dispatch.is('rounding', (row) => ['round', 'pack'].includes(row.circuit));
  const packed = packing(context);

  const takesSecond = g.sum(
    'float below is taken',
    g.stepIf(greater, g.of([1, order], [-1])),
    g.stepIf(lesser, g.of([-1, order])),
  );
  const chosen = (flag: LinearLike, ofTop: LinearLike, ofSecond: LinearLike) => [
    g.neuron(flag, ofTop),
    g.neuron(takesSecond, g.of([1, ofSecond], [-1, ofTop])),
  ];
  const apart = (by: LinearLike, least: number, coefficient: number) => ({
    ...g.reluIf(lesser, g.of([1, by], [-least])),
    coefficient,
  });
  const [up, down] = [
    g.of([1, second.atLeastOne], [-1, top.atLeastOne]),
    g.of([1, top.atLeastOne], [-1, second.atLeastOne]),
  ];
  /** Bits by which a rounded result is shifted to the left. */
  const bitsLeft = g.sum('bits to the left', packed.bitsLeft, roundedLeft(context));
  // A byte stands before the result, which says how to round: it begins with the lowest bit that is kept.
  const atFirst = g.of([1], [-1, line.atLeast[1]]);
  const index = [
    g.neuron(one, g.of([SHIFT_BY_ZERO + 32], [-29, isDouble], [1, top.lack])),
    g.neuron(of('radicand'), g.of([SHIFT_BY_ZERO + 37], [-29, isDouble], [1, top.lack], [1, floats.halves.odd])),
    g.neuron(greater, g.of([SHIFT_BY_ZERO + 39], [-29, isDouble])),
    g.neuron(lesser, g.of([SHIFT_BY_ZERO + 39 + 8 * BELOW], [-29, isDouble])),
    ...[up, down].flatMap((by) => [apart(by, 0, -1), apart(by, FARTHEST, 1)]),
    g.neuron(isLast, g.of([SHIFT_BY_ZERO + 8], [1, bitsLeft], [-1, atFirst])),
  ];
  return {
    isFloat,
    index,
    end: chosen(g.of([1, isFloat], [1, packed.isPack]), stack.top.position, stack.second.position),
    fix: g.sum('leading bit for exponent', chosen(isFloat, top.fix, second.fix)),
    vanishes: packed.isSpecial,
    lost: g.sum('bits are lost', g.stepIf(isLast, g.of([-1, bitsLeft], [-8], [-1, bits.trailing]))),
    packing: packed,
  };
}

/**
 * To an integer: the significand times a power of two. At most so far to the right that the byte which says how to round still
 * has the leading bit: what is less rounds alike. Integers of more than 64 bits are not made.
 */
function roundedLeft({ graph: g, dispatch, floats }: FloatContext): Neuron[] {
  const { top } = floats;
  const of = (type: 'f32' | 'f64', fractionBits: number, bias: number, most: number) => {
    const is = dispatch.is(
      `rounding of ${type}`,
      (row) => row.circuit === 'round' && (row.operand === 8) === (type === 'f64'),
    );
    const least = -(fractionBits + 7);
    const left = g.of([1, top.atLeastOne], [-bias - fractionBits]);
    return [
      g.neuron(is, least),
      g.reluIf(is, g.of([1, left], [-least])),
      { ...g.reluIf(is, g.of([1, left], [-most])), coefficient: -1 },
    ];
  };
  return [...of('f32', 23, 127, 48), ...of('f64', 52, 1023, 16)];
}

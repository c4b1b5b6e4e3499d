/**
 * Floats taken apart: exponent, fraction and class of both operands, and which of them is greater. IEEE 754's formats, of four
 * and of eight bytes, with one division: the exponent ends in the middle of the second byte from the end.
 */
import type { Linear, Variable } from '../../graph/graph.ts';
import { floorDivide } from '../../graph/lookups.ts';
import type { BitContext } from '../bits.ts';
import { order } from '../order.ts';

/** Bits counted, and floats taken apart. */
export interface FloatContext extends BitContext {
  readonly floats: ReturnType<typeof floats>;
}

/** A float's parts. Flags are 0 or 1, and 0 where the operand is no float. */
export type Fields = ReturnType<typeof fields>;

/**
 * Both operands' parts.
 *
 * Operands: the bytes of the two topmost values. Result: their `Fields`; whether they have eight bytes (else four); whether
 * their signs differ; `order`, a number with the sign of |second| - |top|. Depth: see `fields`; the order behind layer 4.
 */
export function floats(context: BitContext) {
  const { graph: g, features, dispatch, stack } = context;
  const isFloat = dispatch.is('float operands', (row) => row.float === true);
  const isDouble = dispatch.is('f64 operands', (row) => row.float === true && row.operand === 8);
  const { top, second } = stack;
  const float = fields(context, 'top', isFloat, isDouble);
  // From an even number on, so that none is negative.
  const half = floorDivide(g, 'half of exponent', features.table, g.of([2 ** 11], [1, float.unbiased]), 2);
  return {
    isFloat,
    isDouble,
    top: float,
    /** Of the exponent of the float on top: half of it, rounded down, and what is left, 0 or 1. */
    halves: { half: g.of([1, half], [-(2 ** 10)]), odd: g.of([2 ** 11], [1, float.unbiased], [-2, half]) },
    second: fields(context, 'second', isFloat, isDouble),
    signsDiffer: g.sum(
      'signs differ',
      g.neuron(g.of([1, top.sign], [-1, second.sign]), 1),
      g.neuron(g.of([1, second.sign], [-1, top.sign]), 1),
    ),
    order: order(context),
  };
}

/**
 * One operand's parts.
 *
 * Result: `exponent` as it is stored; `least`, 1 where that is 0: the exponent is then one more, and the leading bit missing;
 * `fix`, what makes the second byte from the end the significand's highest; `lack`, by how many bits the significand of a
 * subnormal number has to be raised; `unbiased`, the exponent that it has then; classes. Range: exponents up to 2,047.
 * Depth: the exponent in layer 4, what depends on its being 0 in layer 5, classes in layer 6.
 */
function fields(context: BitContext, which: 'top' | 'second', isFloat: Variable, isDouble: Variable) {
  const { graph: g, features, stack, bits } = context;
  const value = stack[which];
  const name = which === 'top' ? 'float' : 'float below';
  // How many values the bits of the second byte that belong to the fraction have.
  const below = g.of([128], [-112, isDouble]);
  const low = floorDivide(g, `exponent in second byte of ${name}`, features.table, value.narrow[2], below);
  g.bounded(low, 0, 15, 'a byte divided by 16 or more');
  const high = g.of([1, value.narrow[3]], [-128, value.sign]);
  g.bounded(high, 0, 127, 'the sign is the highest bit of the byte');
  const exponent = g.sum(`exponent of ${name}`, g.neuron(high, g.of([2], [14, isDouble])), g.neuron(1, low));
  const isLeast = g.of([1], [-1, exponent]);
  const least = g.sum(`${name} has the least exponent`, g.neuron(isLeast, 1));
  const inSecond = g.sum(`exponent's share of second byte of ${name}`, g.neuron(low, below));
  const fix = g.sum(
    `${name}: leading bit for exponent`,
    g.neuron(1, g.of([1, below], [-1, inSecond])),
    g.neuron(isLeast, below, -1),
  );
  // 0 only if the fraction is.
  const fraction: Linear = g.of(
    ...value.bytes.map((byte) => [1, byte] as const),
    [-1, value.narrow[3]],
    [-1, inSecond],
  );
  const isSpecial = g.sum(
    `${name} is infinite or no number`,
    g.stepIf(isFloat, g.of([1, exponent], [-255], [-1792, isDouble])),
  );
  const isNoNumber = g.sum(`${name} is no number`, g.stepIf(isSpecial, g.of([1, fraction], [-1])));
  const leading = which === 'top' ? bits.leading : bits.leadingOfSecond;
  const lack = g.sum(`${name} lacks leading bits`, g.neuron(isLeast, g.of([1, leading], [-8], [-3, isDouble])));
  return {
    exponent,
    least,
    /** The exponent that counts: that of subnormal numbers is 1. */
    atLeastOne: g.of([1, exponent], [1, least]),
    fix,
    lack,
    unbiased: g.of([1, exponent], [1, least], [-1, lack], [-127], [-896, isDouble]),
    isNoNumber,
    isInfinite: g.of([1, isSpecial], [-1, isNoNumber]),
    isZero: g.sum(`${name} is zero`, g.reluIf(isFloat, g.of([1, isLeast], [-1, fraction]))),
  };
}

/**
 * Scales: exponent, class and sign of a result, as a number of four bytes. The exponent is that of a significand whose leading
 * bit is at bit 63, so that `pack` has only to count how many are missing.
 */
import type { LinearLike, Neuron, Variable } from '../../graph/graph.ts';
import type { FloatContext } from './fields.ts';

/** An exponent is kept as its distance from this, in the low half. */
export const SCALE_ZERO = 2 ** 14;
/** The class, in the third byte: 0 of numbers, below `NO_NUMBER` of infinity, from there on of NaNs. */
export const NO_NUMBER = 4;
const CLASS = 2 ** 16;
const SIGN = 2 ** 31;
/** Far below every exponent: what has it is packed as zero. */
const VANISHING = 2 ** 13;
/** How far below bit 63 the leading bit is where `significand` puts it, and in a quotient between 1 and 2 (helpers/float.h). */
const SIGNIFICAND_PLACE = 8;
const QUOTIENT_PLACE = 8;
/** The same for roots of both formats. */
const ROOT_PLACE = { f32: 33, f64: 8 } as const;

/**
 * Scales of a product, a quotient, a sum, a float and an integer.
 *
 * Operands: the parts of both floats. Result: neurons of a number, below 2^32. Range: exponents from -2,200 to 2,200, but for a
 * quotient by infinity and the root of zero. Depth: behind the classes, layer 7.
 *
 * Other zeros need nothing: their significand is 0. Infinity times zero, and its like, adds the class of no number.
 */
export function scales(context: FloatContext): { number: Neuron[]; isScale: Variable } {
  const { graph: g, dispatch, floats } = context;
  const flags = {
    product: scaleOf(context, 'product'),
    quotient: scaleOf(context, 'quotient'),
    sum: scaleOf(context, 'sum'),
    one: scaleOf(context, 'one'),
    root: scaleOf(context, 'root'),
    integer: scaleOf(context, 'integer'),
  };
  const { product, quotient, sum, one, root, integer } = flags;
  const { top, second, isDouble, halves } = floats;
  const exponents = [
    g.neuron(product, g.of([SCALE_ZERO + 1], [1, second.unbiased], [1, top.unbiased])),
    g.neuron(quotient, g.of([SCALE_ZERO + QUOTIENT_PLACE], [1, second.unbiased], [-1, top.unbiased])),
    g.neuron(g.of([1, quotient], [1, top.isInfinite], [-1]), -VANISHING),
    g.neuron(g.of([1, root], [1, top.isZero], [-1]), -VANISHING),
    // The greater exponent of the two, and one more: the leading bits are at bit 62.
    g.neuron(sum, g.of([SCALE_ZERO + 1 - 127], [1, top.atLeastOne], [-896, isDouble])),
    g.reluIf(sum, g.of([1, second.atLeastOne], [-1, top.atLeastOne])),
    g.neuron(one, g.of([SCALE_ZERO + SIGNIFICAND_PLACE], [1, top.unbiased])),
    g.neuron(
      root,
      g.of([SCALE_ZERO + ROOT_PLACE.f32, 1], [ROOT_PLACE.f64 - ROOT_PLACE.f32, isDouble], [1, halves.half]),
    ),
    g.neuron(integer, SCALE_ZERO + 63),
  ];
  return {
    number: [...exponents, ...classes(context, flags), ...signs(context, flags)],
    isScale: dispatch.is('scale', (row) => row.circuit === 'scale'),
  };
}

type Flags = Readonly<Record<'product' | 'quotient' | 'sum' | 'one' | 'root' | 'integer', Variable>>;

function scaleOf({ dispatch }: FloatContext, variant: string): Variable {
  return dispatch.is(`scale of ${variant}`, (row) => row.circuit === 'scale' && row.variant === variant);
}

function classes({ graph: g, stack, floats }: FloatContext, { product, quotient, sum, one, root }: Flags): Neuron[] {
  const { top, second, signsDiffer } = floats;
  const binary = g.of([1, product], [1, quotient], [1, sum]);
  const noNumber = CLASS * NO_NUMBER;
  // The flag outweighs all the others together: without it the neuron is closed, whatever they are.
  const noNumberIf = (flag: Variable, ...all: LinearLike[]) =>
    g.neuron(g.of([all.length, flag], ...all.map((each) => [1, each] as const), [1 - 2 * all.length]), noNumber);
  return [
    g.neuron(binary, g.of([noNumber, second.isNoNumber], [noNumber, top.isNoNumber], [CLASS, second.isInfinite])),
    g.neuron(g.of([1, product], [1, sum]), g.of([CLASS, top.isInfinite])),
    g.neuron(quotient, g.of([CLASS, top.isZero])),
    g.neuron(g.of([1, one], [1, root]), g.of([noNumber, top.isNoNumber], [CLASS, top.isInfinite])),
    // Below zero; -0 is its own root.
    g.neuron(g.of([1, root], [1, stack.top.sign], [-1], [-1, top.isZero]), noNumber),
    noNumberIf(product, second.isInfinite, top.isZero),
    noNumberIf(product, second.isZero, top.isInfinite),
    noNumberIf(quotient, second.isInfinite, top.isInfinite),
    noNumberIf(quotient, second.isZero, top.isZero),
    noNumberIf(sum, second.isInfinite, top.isInfinite, signsDiffer),
  ];
}

/** The sign of a sum is that of the greater magnitude; of two that are equal it is negative only if both are. */
function signs(
  { graph: g, stack, floats }: FloatContext,
  { product, quotient, sum, one, root, integer }: Flags,
): Neuron[] {
  const { top, second } = stack;
  const { order, signsDiffer } = floats;
  const isGreater = g.sum('float below is greater', g.stepIf(sum, g.of([1, order], [-1])));
  const isLess = g.sum('float below is less', g.stepIf(sum, g.of([-1, order], [-1])));
  return [
    g.neuron(g.of([2, product], [2, quotient], [1, signsDiffer], [-2]), SIGN),
    g.neuron(g.of([1, isGreater], [1, second.sign], [-1]), SIGN),
    g.neuron(g.of([1, isLess], [1, top.sign], [-1]), SIGN),
    g.neuron(g.of([1, sum], [1, second.sign], [1, top.sign], [-2], [-1, isGreater], [-1, isLess]), SIGN),
    g.neuron(g.of([1, one], [1, root], [1, integer], [1, top.sign], [-1]), SIGN),
  ];
}

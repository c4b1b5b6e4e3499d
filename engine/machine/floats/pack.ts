/** Packing: a significand and its scale become a float. */
import type { Linear, Neuron, Variable } from '../../graph/graph.ts';
import { floorDivide } from '../../graph/lookups.ts';
import type { FloatContext } from './fields.ts';
import { NO_NUMBER, SCALE_ZERO } from './scale.ts';

/** Outweighs any exponent. */
const FAR = 2 ** 18;
/** No bit of a significand is left when it is shifted by so many to the right. */
const EVERYTHING = 70;

/**
 * What `pack` makes of a scale: how far to shift, and the bits beside the fraction.
 *
 * Operands: the significand on top, of eight bytes, any bit of it the leading one; the scale below. Result: `bitsLeft`, neurons;
 * `isSpecial`, 1 where infinity or no number comes out; `upper`, what the two highest bytes are beside the significand. Range:
 * exponents 16 bits wide, of which all beyond the format's are infinity or zero. Depth: `bitsLeft` and `isSpecial` in
 * layer 6, `upper` behind layer 8.
 *
 * The significand's leading bit adds one to the exponent, and so may rounding, up to infinity: the exponent is stored one less.
 */
export function packing(context: FloatContext) {
  const { graph: g, features, line, dispatch, stack, bits } = context;
  const { top, second } = stack;
  const isPack = dispatch.is('pack', (row) => row.circuit === 'pack');
  const isDouble = dispatch.is('pack f64', (row) => row.circuit === 'pack' && row.bytes === 9);
  const isSingle = g.of([1, isPack], [-1, isDouble]);
  const isZero = g.sum('significand is zero', g.neuron(g.of([1], ...top.bytes.map((byte) => [-1, byte] as const)), 1));
  const least = [[127], [896, isDouble]] as const;
  const exponent = g.of([1, second.narrow[0]], [256, second.narrow[1]], [-SCALE_ZERO], ...least, [-1, bits.leading]);
  const classOf = second.narrow[2];
  const overflows = g.sum(
    'float overflows',
    g.stepIf(isPack, g.of([1, exponent], [-255], [-1792, isDouble], [-FAR, isZero])),
  );
  const isSpecial = g.sum('no finite float', g.stepIf(isPack, g.of([1, overflows], [1, classOf], [-1])));
  const isNoNumber = g.sum('no number is packed', g.stepIf(isPack, g.of([1, classOf], [-NO_NUMBER])));
  const sign = g.sum('sign that is packed', g.neuron(g.of([1, second.sign], [-1, isNoNumber]), 1));
  const stored = g.sum(
    'exponent that is stored',
    g.reluIf(isPack, g.of([1, exponent], [-1], [-FAR, isSpecial], [-FAR, isZero])),
    g.neuron(isSpecial, g.of([255], [1792, isDouble])),
  );
  g.bounded(stored, 0, 2047, 'what is beyond the format is infinity, which has its largest exponent');
  const high = floorDivide(g, 'high bits of exponent', features.table, stored, g.of([2], [14, isDouble]));
  g.bounded(high, 0, 127, 'the last byte without its sign');
  const at = (flag: Linear | Variable, k: number) => g.of([1, flag], [1, line.at[k]], [-1]);
  const upper = g.sum(
    'exponent and sign',
    g.neuron(at(isDouble, 7), g.of([16, stored], [-256, high], [8, isNoNumber])),
    g.neuron(at(isSingle, 3), g.of([128, stored], [-256, high], [64, isNoNumber])),
    g.neuron(at(isDouble, 8), g.of([1, high], [128, sign])),
    g.neuron(at(isSingle, 4), g.of([1, high], [128, sign])),
  );
  // The leading bit to bit 63, and from there to that of the format; of a subnormal number as much farther as it is below it.
  const bitsLeft = ([flag, beyond]: readonly [Linear | Variable, number]): Neuron[] => [
    g.neuron(flag, g.of([1, bits.leading], [-beyond])),
    { ...g.reluIf(flag, g.of([1], [-1, exponent])), coefficient: -1 },
    g.reluIf(flag, g.of([1 - EVERYTHING + beyond], [-1, exponent], [-1, bits.leading])),
  ];
  const places = [
    [isDouble, 11],
    [isSingle, 40],
  ] as const;
  return { isPack, isSpecial, upper, bitsLeft: places.flatMap(bitsLeft) };
}

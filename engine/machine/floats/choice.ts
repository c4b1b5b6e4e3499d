/** Floats that pass through: with another sign, or one of two. */
import type { LinearLike, Neuron } from '../../graph/graph.ts';
import type { Opcode } from '../../isa/opcodes.ts';
import type { FloatContext } from './fields.ts';

/**
 * `abs`, `neg` and `copysign`: the sign is the highest bit of the last byte.
 *
 * Operands: the byte of each float, and their signs. Result: neurons of the next byte, 0 to 255. Depth: a layer of neurons behind
 * the bytes of the operands, layer 4.
 */
export function signChanges({ graph: g, line, dispatch, stack, operands }: FloatContext): Neuron[] {
  const { top, second } = stack;
  const last = (name: string, wide: boolean) =>
    g.of(
      [1, dispatch.is(name, (row) => row.circuit === 'sign' && `${row.variant}${row.bytes}` === name)],
      [1, line.at[wide ? 7 : 3]],
      [-1],
    );
  const inLast = (variant: string, change: LinearLike) => [
    g.neuron(last(`${variant}4`, false), change),
    g.neuron(last(`${variant}8`, true), change),
  ];
  const takesSign = dispatch.is('copysign', (row) => row.variant === 'copysign');
  return [
    g.neuron(
      dispatch.is('sign of float', (row) => row.circuit === 'sign' && row.variant !== 'copysign'),
      operands.top.byte,
    ),
    g.neuron(takesSign, operands.second.byte),
    ...inLast('abs', g.of([-128, top.sign])),
    ...inLast('neg', g.of([128], [-256, top.sign])),
    ...inLast('copysign', g.of([128, top.sign], [-128, second.sign])),
  ];
}

/**
 * `min` and `max`.
 *
 * Operands: the byte of each float, their order and signs, and whether they are numbers. Result: neurons of the next byte, 0 to
 * 255: of one of them, or of the NaN that stands for all. Depth: chosen behind the classes, layer 7, and a layer of neurons.
 */
export function extremes({ graph: g, line, dispatch, stack, operands, floats }: FloatContext): Neuron[] {
  const { order, top, second } = floats;
  const is = (name: string, test: (row: Opcode) => boolean) =>
    dispatch.is(name, (row) => row.circuit === 'extremum' && test(row));
  const isEither = is('min or max', () => true);
  const unordered = g.of([1, top.isNoNumber], [1, second.isNoNumber]);
  // Zeros are equal, and yet -0 is less. Where others have two signs, those say what the order does.
  const lower = g.of([1, stack.second.sign], [-1, stack.top.sign], [-1, order]);
  const higher = g.of([1, stack.top.sign], [-1, stack.second.sign], [1, order]);
  const takesSecond = g.sum(
    'value below is chosen',
    g.stepIf(g.of([1, is('min', (row) => row.variant === 'min')], [-1, unordered]), lower),
    g.stepIf(g.of([1, is('max', (row) => row.variant === 'max')], [-1, unordered]), higher),
  );
  // Three times the flag outweigh the two operands that can be no number.
  const noNumber = g.sum('chooses no number', g.step(g.of([3, isEither], [1, unordered], [-4])));
  const isWide = is('min or max of f64', (row) => row.bytes === 8);
  const at = (k: number, wide: LinearLike) => g.of([1, noNumber], [1, line.at[k]], [1, wide], [-2]);
  const narrow = g.of([1], [-1, isWide]);
  return [
    g.neuron(takesSecond, operands.second.byte),
    g.neuron(g.of([1, isEither], [-1, takesSecond], [-1, noNumber]), operands.top.byte),
    g.neuron(at(6, isWide), 0xf8),
    g.neuron(at(7, isWide), 0x7f),
    g.neuron(at(2, narrow), 0xc0),
    g.neuron(at(3, narrow), 0x7f),
  ];
}

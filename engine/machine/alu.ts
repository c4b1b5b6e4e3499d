/** Arithmetic that needs no chain: addition, comparison, bit counts, bitwise operations, sign extension, selection. */
import type { Graph, Linear, LinearLike, Neuron } from '../graph/graph.ts';
import { fetchAt } from '../graph/lookups.ts';
import type { Dispatch } from './dispatch.ts';
import type { Line } from './line.ts';
import type { memory, Stack } from './storage.ts';
import { type TokenFeatures, tableAt } from './tokens.ts';

/** What circuits contribute to the next byte, and to the carry mark on it. */
export interface Contributions {
  readonly result: Neuron[];
  readonly carry: Neuron[];
}

export type Operands = ReturnType<typeof operands>;

/** The bytes of the operands that belong to the result byte which comes next. */
export function operands(g: Graph, f: TokenFeatures, line: Line, s: Stack) {
  const behind = (value: { position: LinearLike }) => g.of([1, value.position], [-4], [-4, s.isWide], [1, line.index]);
  const values = { byte: f.byte, low: f.lowNibble, high: f.highNibble };
  return {
    top: fetchAt(g, 'byte of stack top', behind(s.top), values),
    second: fetchAt(g, 'byte below stack top', behind(s.second), values),
    third: fetchAt(g, 'byte of third of stack', behind(s.third), { byte: f.byte }),
  };
}

export function addition(g: Graph, f: TokenFeatures, d: Dispatch, o: Operands, busy: Linear): Contributions {
  const isAdd = d.is('add', (row) => row.circuit === 'add');
  const isSub = d.is('sub', (row) => row.circuit === 'sub');
  const sum = g.of([1, o.second.byte], [1, o.top.byte], [1, f.carry]);
  const difference = g.of([1, o.second.byte], [-1, o.top.byte], [-1, f.carry]);
  const carried = (c: number) => [...g.stepIf(g.of([1, isAdd], [-1], [1, busy]), g.of([1, sum], [-256]), c)];
  const borrowed = (c: number) => [...g.stepIf(g.of([1, isSub], [-1], [1, busy]), g.of([-1, difference], [-1]), c)];
  return {
    result: [g.neuron(isAdd, sum), ...carried(-256), g.neuron(isSub, difference), ...borrowed(256)],
    carry: [...carried(1), ...borrowed(1)],
  };
}

export function comparison(g: Graph, line: Line, d: Dispatch, s: Stack): Neuron[] {
  // Not the index itself: a condition is multiplied by BIG, and positions times BIG are beyond what is exact.
  const first = (name: string, test: string) =>
    g.of([1, d.is(name, (row) => row.circuit === 'compare' && row.variant === test)], [-1, line.atLeast[1]]);
  const signed = d.is('signed comparison', (row) => row.circuit === 'compare' && row.signed === true);
  const negative = (name: string, sign: LinearLike) => g.sum(name, g.neuron(g.of([1, signed], [1, sign], [-1]), 1));
  // The last four bytes are all there is of four, and the high ones of eight: those decide first.
  const last = g.of(
    [1, s.second.word],
    [-1, s.top.word],
    [-(2 ** 32), negative('first is negative', s.second.sign)],
    [2 ** 32, negative('second is negative', s.top.sign)],
  );
  const least = (c: number): [number] => [c];
  const highDecides = g.sum(
    'high bytes differ',
    g.stepIf(s.isWide, g.of([1, last], least(-1))),
    g.stepIf(s.isWide, g.of([-1, last], least(-1)), -1),
  );
  const difference = g.sum(
    'difference',
    g.neuron(g.of([1], [-1, s.isWide]), last),
    g.neuron(s.isWide, g.of([1, s.second.before], [-1, s.top.before])),
  );
  const x = g.of([1, difference], [2 ** 32, highDecides]);
  const isEqz = g.of([1, d.is('eqz', (row) => row.circuit === 'eqz')], [-1, line.atLeast[1]]);
  const lt = first('lt', 'lt');
  const le = first('le', 'le');
  const gt = first('gt', 'gt');
  const ge = first('ge', 'ge');
  const eq = first('eq', 'eq');
  const ne = first('ne', 'ne');
  return [
    ...g.stepIf(lt, g.of([-1, x], least(-1))),
    ...g.stepIf(le, g.of([-1, x])),
    ...g.stepIf(gt, g.of([1, x], least(-1))),
    ...g.stepIf(ge, x),
    ...g.stepIf(eq, x),
    ...g.stepIf(eq, g.of([1, x], least(-1)), -1),
    ...g.stepIf(ne, g.of([1, x], least(-1))),
    ...g.stepIf(ne, g.of([-1, x], least(-1))),
    g.neuron(g.of([1, isEqz], ...s.top.bytes.map((byte) => [-1, byte] as const)), 1),
  ];
}

export function bitCounts(g: Graph, f: TokenFeatures, line: Line, d: Dispatch, s: Stack): Neuron[] {
  const first = (circuit: string) => g.of([1, d.is(circuit, (row) => row.circuit === circuit)], [-1, line.index]);
  const leadingOf = (role: string, word: LinearLike) =>
    g.attend({ role, key: [f.envelopeX, f.envelopeY], query: [word, 1], values: { count: f.leading } }).count;
  const high = leadingOf('leading zeros of high bytes', s.top.high);
  const leading = g.sum(
    'leading zeros',
    g.neuron(s.isWide, high),
    // All 32 of the high bytes: the low ones count.
    g.neuron(g.of([1, high], [-31]), leadingOf('leading zeros of low bytes', s.top.low)),
  );
  const bytes = s.top.bytes.map((byte, k) =>
    tableAt(g, f, `bits of byte ${k}`, byte, { ones: f.popcount, trailing: f.trailing }),
  );
  // Byte k counts only if all lower bytes were zero, that is, had eight trailing zeros each.
  const lower = (k: number) => g.of([8 * k], ...bytes.slice(0, k).map((b) => [-1, b.trailing] as const));
  const trailing = g.sum(
    'trailing zeros',
    ...bytes.map((b, k) =>
      g.neuron(g.of([1, b.trailing], [-8, lower(k)], ...(k < 4 ? [] : ([[8, s.isWide], [-8]] as const))), 1),
    ),
  );
  return [
    g.neuron(first('clz'), leading),
    g.neuron(first('popcnt'), g.of(...bytes.map((b) => [1, b.ones] as const))),
    g.neuron(first('ctz'), trailing),
  ];
}

export function bitwise(g: Graph, f: TokenFeatures, d: Dispatch, o: Operands): Neuron[] {
  const both = (name: string, nibble: 'low' | 'high') =>
    tableAt(g, f, name, g.of([1, o.top[nibble]], [1, o.second[nibble]]), { and: f.and, xor: f.xor });
  const low = both('bits of low nibbles', 'low');
  const high = both('bits of high nibbles', 'high');
  const and = g.of([1, low.and], [16, high.and]);
  const xor = g.of([1, low.xor], [16, high.xor]);
  const is = (circuit: string) => d.is(circuit, (row) => row.circuit === circuit);
  return [g.neuron(is('and'), and), g.neuron(is('or'), g.of([1, and], [1, xor])), g.neuron(is('xor'), xor)];
}

/** Bytes that pass through as they are: constants, jumps, stores, output, selection, extension, input. */
export function passing(
  g: Graph,
  f: TokenFeatures,
  line: Line,
  d: Dispatch,
  s: Stack,
  o: Operands,
  m: ReturnType<typeof memory>,
): Neuron[] {
  const isSelect = d.is('select', (row) => row.circuit === 'select');
  const takesFirst = g.sum('condition holds', g.stepIf(isSelect, g.of([1, s.top.anyOfFour], [-1])));
  const isTable = d.is('br_table', (row) => row.variant === 'table');
  const inTable = g.sum('index lies in the table', g.stepIf(isTable, g.of([1, d.immediate], [-1, s.top.word])));
  const isExtend = d.is('extend', (row) => row.circuit === 'extend');
  const kept = g.sum('byte is kept', g.stepIf(isExtend, g.of([1, m.access], [-1, line.index], [-1])));
  // As long as there are bytes of the access to come, more than 0.
  const within = g.sum(
    'byte is within',
    g.reluIf(g.of([1, isExtend], [1, m.isLoad]), g.of([1, m.access], [-1, line.index])),
  );
  const fills = d.is(
    'sign filling',
    (row) => row.signed === true && (row.circuit === 'load' || row.circuit === 'extend'),
  );
  const isRead = d.is('read', (row) => row.circuit === 'read');
  return [
    ...d.when((row) => row.circuit === 'const' || row.immediate === 'jump', d.immediateByte),
    ...d.when((row) => row.circuit === 'store' || row.circuit === 'write', o.top.byte),
    g.neuron(takesFirst, o.third.byte),
    g.neuron(g.of([1, isSelect], [-1, takesFirst]), o.second.byte),
    g.neuron(inTable, o.top.byte),
    g.neuron(g.of([1, isTable], [-1, inTable]), d.immediateByte),
    g.neuron(kept, o.top.byte),
    g.neuron(g.of([1, fills], [1, f.sign], [-1, within], [-1]), 255),
    g.neuron(g.of([1, isRead], [-1, line.index]), line.input.byte),
    g.neuron(g.of([1, isRead], [1, line.input.end], [-1]), 255),
  ];
}

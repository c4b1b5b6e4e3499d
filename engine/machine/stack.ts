/**
 * The operand stack: nothing is stored. A slot is an address that is its depth, and its value is looked up among the
 * tokens that pushed there, the latest first. So are the calls that are open.
 */
import { BIG, type Graph, type Linear, type LinearLike, type Variable } from '../graph/graph.ts';
import { fetchAt, fetchLatest, type Write } from '../graph/lookups.ts';
import type { InstructionContext } from './dispatch.ts';

/** The instruction, and what it finds on the stack. */
export interface StackContext extends InstructionContext {
  readonly stack: ReturnType<typeof stack>;
}

/** The same, with the bytes of operands that a result byte is made of. */
export interface OperandContext extends StackContext {
  readonly operands: ReturnType<typeof operands>;
}

/**
 * The three topmost values, each with the position behind its bytes, and the frame of the open call.
 *
 * The number of a value's bytes is the instruction's to know: `word` and `sign` are of its last four bytes, which are
 * all that addresses and conditions have; `bytes` are the eight that arithmetic takes, the high four 0 where the
 * instruction's operands have four.
 *
 * Operands: stack depth and call depth, snapped; what the tokens before push. Result: positions, bytes (0 to 255), words
 * (below 2^32). Depth: found in layer 3; `bytes`, which wait for the instruction, behind it. A stack as look-ups of the
 * latest write at a depth is Percepta's.
 */
export function stack(context: InstructionContext) {
  const { graph: g, features, line, counters, dispatch } = context;
  const { depth, callDepth } = counters;
  const write = pushes(context);
  const isWide = dispatch.is('operands of eight bytes', (row) => row.operand === 8);
  const top = operand(context, 'stack top', write, depth.value, isWide);
  const second = operand(context, 'below stack top', write, g.of([1, depth.value], [-1]), isWide);
  const third = fetchLatest(g, 'third of stack', write, g.of([1, depth.value], [-2]), {
    position: g.position,
    word: line.word,
  });
  const call = {
    key: g.sum('call made', g.neuron(features.isCall, callDepth.value)),
    square: g.sum('call made²', g.neuron(features.isCall, callDepth.square)),
    writes: features.isCall,
  };
  const frame = fetchLatest(g, 'call of this frame', call, callDepth.value, {
    position: g.position,
    returnTo: g.of([1, counters.cursor.value], [-1, counters.advance], [1]),
  });
  return { top, second, third, frame, isWide };
}

/** Which tokens push, and at which depth: commits, and edits of the stack. */
function pushes({ graph: g, features, line, counters }: InstructionContext): Write {
  const { depth } = counters;
  // Squares come with the snapped depth: a product would cost a layer. For an edit the gate is closed by its size.
  const edited = g.of([1, line.slotOfEdit], [BIG, features.endsStackEdit], [-BIG]);
  return {
    key: g.sum(
      'slot written',
      g.neuron(features.pushes, depth.value),
      g.neuron(features.endsStackEdit, line.slotOfEdit),
    ),
    square: g.sum('slot written²', g.neuron(features.pushes, depth.square), g.neuron(edited, line.slotOfEdit)),
    writes: g.of([1, features.pushes], [1, features.endsStackEdit]),
  };
}

/** The value in a slot; see `stack`. */
function operand(
  { graph: g, line }: InstructionContext,
  role: string,
  write: Write,
  slot: LinearLike,
  isWide: Variable,
) {
  const found = fetchLatest(g, role, write, slot, {
    position: g.position,
    sign: line.sign,
    ...Object.fromEntries(line.back.map((byte, k) => [`byte ${k + 1} back`, byte])),
  } as { position: Variable; sign: Variable });
  const from = found as Record<string, Variable>;
  const behind = (k: number) => from[`byte ${k} back`];
  const narrow = [0, 1, 2, 3].map((k) => behind(4 - k));
  const earlier = [0, 1, 2, 3].map((k) => behind(8 - k));
  const low = narrow.map((byte, k) => {
    const wider = g.of([1, behind(8 - k)], [-1, byte]);
    return g.of([1, byte], [1, g.sum(`${role}: byte ${k} of eight`, g.neuron(isWide, wider))]);
  });
  const high = [4, 5, 6, 7].map((k) => g.sum(`${role}: byte ${k}`, g.neuron(isWide, behind(8 - k))));
  return {
    position: found.position,
    sign: found.sign,
    narrow,
    word: wordOf(g, narrow),
    /** 0 only if the number is. */
    anyOfFour: g.of(...narrow.map((byte) => [1, byte] as const)),
    /** The four bytes before these, which are the low ones of eight. */
    earlier,
    before: wordOf(g, earlier),
    bytes: [...low, ...high],
    low: wordOf(g, low),
    high: wordOf(g, high),
  };
}

/** The number that four bytes are, the low one first. */
function wordOf(g: Graph, bytes: readonly LinearLike[]): Linear {
  return g.of(...bytes.map((byte, k) => [256 ** k, byte] as const));
}

/**
 * The bytes of the operands that belong to the result byte which comes next.
 *
 * Operands: the positions behind the topmost values, and the index in the line. Result: `byte`, 0 to 255, and its nibbles,
 * spread. Depth: one head behind the stack's, layer 4. Fetching a digit where it was written, instead of carrying the whole
 * number along, is what a token at a time allows.
 */
export function operands({ graph: g, features, line, stack }: StackContext) {
  const behind = (value: { position: LinearLike }) =>
    g.of([1, value.position], [-4], [-4, stack.isWide], [1, line.index]);
  const values = { byte: features.byte, low: features.lowNibble, high: features.highNibble };
  return {
    top: fetchAt(g, 'byte of stack top', behind(stack.top), values),
    second: fetchAt(g, 'byte below stack top', behind(stack.second), values),
    third: fetchAt(g, 'byte of third of stack', behind(stack.third), { byte: features.byte }),
  };
}

/**
 * The decision: of which kind the next token is, and the logits, which prefer the kind first and then the nearest byte.
 */
import type { Neuron, Variable } from '../graph/graph.ts';
import { type Opcode, TRAP_REASONS, type TrapReason, trapNumber } from '../isa/opcodes.ts';
import { COMMITS, commitIndex, TOKEN, VOCABULARY } from '../isa/vocabulary.ts';
import type { division } from './chains.ts';
import { type CircuitContext, isJump } from './ending.ts';

/** Kinds of token that can be generated. Those up to `out` have a byte. */
export const NEXT_KIND = {
  byte: 0,
  carryByte: 1,
  out: 2,
  commit: 3,
  call: 3 + COMMITS.length,
  return: 4 + COMMITS.length,
  read: 5 + COMMITS.length,
  branch: 6 + COMMITS.length,
  needInput: 7 + COMMITS.length,
  halt: 8 + COMMITS.length,
  trap: 9 + COMMITS.length,
} as const;
/** Outweighs any score inside a kind. */
const KIND_WEIGHT = 2 ** 30;
/** Below any score of a token that can be generated. */
const NEVER = -(2 ** 50);

const commitKind = (depth: number, stores: boolean, branch = false, advance: 1 | 2 = 1) =>
  NEXT_KIND.commit + commitIndex({ depth, stores, branch, advance });

const trapKind = (reason: TrapReason) => NEXT_KIND.trap + trapNumber(reason);

/** The token that ends (or is) the line of an instruction, when no branch is taken. */
function finalKind(row: Opcode): number {
  switch (row.circuit) {
    case 'read':
      return NEXT_KIND.read;
    case 'write':
      return NEXT_KIND.out;
    case 'halt':
      return NEXT_KIND.halt;
    case 'trap':
      return NEXT_KIND.trap;
    default:
      return commitKind(row.pushes - row.pops, row.pushes > 0, false, row.advance);
  }
}

/** The token that ends a taken branch. */
function branchKind(row: Opcode): number {
  if (row.circuit === 'return') return NEXT_KIND.return;
  if (row.circuit !== 'branch') return 0;
  return row.variant === 'call' ? NEXT_KIND.call : commitKind(-row.pops, false, true);
}

/**
 * The kind of the next token, a byte's if nothing says otherwise.
 *
 * Operands: whether the line is complete or branches, the carry of the byte, whether input is missing, what traps. Result: an integer of `NEXT_KIND`; it adds
 * up, for at most one end applies, and a trap outweighs what else there is: kinds beyond the last are none, so the nearest
 * wins. Depth: complete behind layer 10, where floats carry; else layer 5.
 */
export function kindOfNext(
  context: CircuitContext,
  carry: readonly Neuron[],
  quotients: ReturnType<typeof division>,
): Variable {
  const { graph: g, limits, counters, instruction, dispatch, memory, input, ending } = context;
  const { complete, taken, branches } = ending;
  const isCall = dispatch.is('call', (row) => row.variant === 'call');
  const tooDeep = g.sum(
    'calls too deep',
    g.reluIf(isCall, g.of([1, counters.callDepth.value], [1 - limits.callDepth])),
    g.reluIf(isCall, g.of([1, counters.base], [2, counters.stride], [-limits.cells])),
  );
  const final = g.sum('final token', [
    ...dispatch.when((row) => !isJump(row) && row.name !== 'frame' && row.immediate !== 'high', finalKind),
    ...dispatch.when((row) => row.name === 'trap', instruction.immediate),
  ]);
  const branchFinal = g.sum(
    'final token of branch',
    dispatch.when(() => true, branchKind),
  );
  const kinds: Neuron[] = [
    ...carry,
    g.neuron(g.of([1, complete], [-1, taken], [-1, branches]), final),
    g.neuron(g.of([1, complete], [1, taken], [-1]), branchFinal),
    g.neuron(branches, NEXT_KIND.branch),
    g.neuron(g.of([1, complete], [1, input.atEnd], [-1]), commitKind(1, true) - NEXT_KIND.read),
    g.neuron(input.wanted, NEXT_KIND.needInput),
    g.neuron(memory.outside, trapKind('out of bounds memory access')),
    g.neuron(quotients.byZero, trapKind('integer divide by zero')),
    g.neuron(quotients.overflows, trapKind('integer overflow')),
    ...g.step(g.of([1, tooDeep], [-1]), trapKind('call stack exhausted') - NEXT_KIND.branch),
  ];
  return g.sum('kind of next token', kinds);
}

/**
 * The unembedding. A token of kind k scores `(2k · kind - k²)` times a weight, which is greatest at the nearest kind; a byte
 * v adds `2v · result - v²`, greatest at the nearest byte. Tokens that are only given are out of reach.
 *
 * Operands: the kind and the result byte, complete behind the last layer. Result: a logit for every token of the vocabulary.
 */
export function unembed({ graph: g }: CircuitContext, kind: Variable, result: Variable): void {
  const emits = (token: number, k: number, byte?: number) =>
    g.logits.set(
      token,
      g.of(
        [2 * k * KIND_WEIGHT, kind],
        [-k * k * KIND_WEIGHT],
        ...(byte === undefined ? [] : [[2 * byte, result] as const, [-byte * byte] as const]),
      ),
    );
  for (let token = 0; token < VOCABULARY.length; token++) g.logits.set(token, g.of([NEVER]));
  for (let byte = 0; byte < 256; byte++) {
    emits(TOKEN.byte + byte, NEXT_KIND.byte, byte);
    emits(TOKEN.carryByte + byte, NEXT_KIND.carryByte, byte);
    emits(TOKEN.out + byte, NEXT_KIND.out, byte);
  }
  for (let i = 0; i < COMMITS.length; i++) emits(TOKEN.commit + i, NEXT_KIND.commit + i);
  emits(TOKEN.callCommit, NEXT_KIND.call);
  emits(TOKEN.returnCommit, NEXT_KIND.return);
  emits(TOKEN.readCommit, NEXT_KIND.read);
  emits(TOKEN.branchTaken, NEXT_KIND.branch);
  emits(TOKEN.needInput, NEXT_KIND.needInput);
  emits(TOKEN.halt, NEXT_KIND.halt);
  for (let i = 0; i < TRAP_REASONS.length; i++) emits(TOKEN.trap + i, NEXT_KIND.trap + i);
}

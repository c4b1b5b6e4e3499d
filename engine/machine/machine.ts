/**
 * The WebAssembly machine: from the features of a token and the tokens before it to the token that comes next.
 * Reads like the pipeline: tokens, line, instruction, operands, circuits, decision.
 */
import { Graph, type Neuron } from '../graph/graph.ts';
import { LIMITS, PAGE_SIZE } from '../isa/limits.ts';
import { type Opcode, TRAP_REASONS } from '../isa/opcodes.ts';
import { COMMITS, TOKEN, VOCABULARY } from '../isa/vocabulary.ts';
import { addition, bitCounts, bitwise, comparison, operands, passing } from './alu.ts';
import { division, multiplication, shifting } from './chains.ts';
import { dispatch } from './dispatch.ts';
import { type Limits, stateFacts } from './facts.ts';
import { type BakedProgram, bakedInstruction, fetchInstruction } from './instruction.ts';
import { line as lineOf } from './line.ts';
import { cells, memory, stack } from './storage.ts';
import { tokenFeatures } from './tokens.ts';

/** Kinds of token that can be generated: the logits pick the nearest kind first, then the nearest byte. */
const KIND = {
  byte: 0,
  carryByte: 1,
  out: 2,
  commit: 3,
  call: 3 + COMMITS.length,
  return: 4 + COMMITS.length,
  read: 5 + COMMITS.length,
  branch: 6 + COMMITS.length,
  halt: 7 + COMMITS.length,
  trap: 8 + COMMITS.length,
} as const;
/** Outweighs any score inside a kind. */
const KIND_WEIGHT = 2 ** 30;

const commitKind = (depth: number, stores: boolean, branch = false, advance = 1) => {
  const index = COMMITS.findIndex(
    (c) => c.depth === depth && c.stores === stores && c.branch === branch && c.advance === advance,
  );
  if (index < 0) throw new RangeError(`no commit token for depth ${depth}, stores ${stores}, branch ${branch}`);
  return KIND.commit + index;
};

/** Whether a branch is taken whenever the instruction is executed. */
const isJump = (row: Opcode) => row.circuit === 'return' || ['always', 'call', 'table'].includes(row.variant ?? '');

/** The token that ends (or is) the line of an instruction, when no branch is taken. */
function finalKind(row: Opcode): number {
  switch (row.circuit) {
    case 'read':
      return KIND.read;
    case 'write':
      return KIND.out;
    case 'halt':
      return KIND.halt;
    case 'trap':
      return KIND.trap;
    default:
      return commitKind(row.pushes - row.pops, row.pushes > 0, false, row.advance);
  }
}

/** The token that ends a taken branch. */
function branchKind(row: Opcode): number {
  if (row.circuit === 'return') return KIND.return;
  if (row.circuit !== 'branch') return 0;
  return row.variant === 'call' ? KIND.call : commitKind(-row.pops, false, true);
}

export type { Limits };

/** The machine's limits, all in one unit each. */
export const MACHINE_LIMITS: Limits = {
  tokens: LIMITS.tokens,
  promptTokens: LIMITS.promptTokens,
  memory: LIMITS.memoryPages * PAGE_SIZE,
  cells: LIMITS.cells,
  callDepth: LIMITS.callDepth,
};

/**
 * Builds the machine's graph; with other limits than its own, to find out how far they could go. With a program, the
 * machine that runs this one alone, and does not look for it in the prompt.
 */
export function machine(limits: Limits = MACHINE_LIMITS, program?: BakedProgram): Graph {
  const g = new Graph(VOCABULARY.length);
  const f = tokenFeatures(g);
  const line = lineOf(g, f, program?.stride);
  const d = dispatch(g, program ? bakedInstruction(g, line, program) : fetchInstruction(g, f, line));
  const s = stack(g, f, line, d);
  const o = operands(g, f, line, s);
  const taken = line.marker.branchTaken;

  const bytes = d.number('bytes in line', (row) => row.bytes);
  const done = g.sum('line is complete', g.step(g.of([1, line.index], [-1, bytes], [-4, taken])));
  const is = (name: string, test: (row: Opcode) => boolean) => g.of([1, d.is(name, test)], [-1, taken]);
  const takes = g.sum(
    'branch is taken',
    g.stepIf(
      is('branch if', (row) => row.variant === 'nonzero'),
      g.of([1, s.top.anyOfFour], [-1]),
    ),
    // A number that is not negative is 0 where the flag outweighs it.
    g.neuron(g.of([1, is('branch unless', (row) => row.variant === 'zero')], [-1, s.top.anyOfFour]), 1),
    g.neuron(is('jump', isJump), 1),
  );

  const c = cells(g, f, line, d, s);
  const m = memory(g, f, line, d, s, c.pages, limits.memory);
  const sums = addition(g, f, d, o, g.of([1], [-1, done]));
  const quotients = division(g, f, line, d, s);
  const result = g.sum('next byte', [
    ...passing(g, f, line, d, s, o, m),
    ...c.result,
    ...m.result,
    ...sums.result,
    ...comparison(g, line, d, s),
    ...bitCounts(g, f, line, d, s),
    ...bitwise(g, f, d, o),
    ...multiplication(g, f, line, d, s),
    ...shifting(g, f, line, d, s),
    ...quotients.result,
  ]);

  const isCall = d.is('call', (row) => row.variant === 'call');
  const tooDeep = g.sum(
    'calls too deep',
    g.reluIf(isCall, g.of([1, line.callDepth.value], [1 - limits.callDepth])),
    g.reluIf(isCall, g.of([1, line.base], [2, line.stride], [-limits.cells])),
  );
  const final = g.sum('final token', [
    ...d.when((row) => !isJump(row) && row.name !== 'frame' && row.immediate !== 'high', finalKind),
    ...d.when((row) => row.name === 'trap', d.immediate),
  ]);
  const branchFinal = g.sum(
    'final token of branch',
    d.when(() => true, branchKind),
  );
  const isRead = d.is('read', (row) => row.circuit === 'read');
  const trap = (reason: (typeof TRAP_REASONS)[number]) => KIND.trap + TRAP_REASONS.indexOf(reason);
  const stackTrap = trap('call stack exhausted') - KIND.branch;
  const kinds: Neuron[] = [
    ...sums.carry,
    g.neuron(g.of([1, done], [-1, taken], [-1, takes]), final),
    g.neuron(g.of([1, done], [1, taken], [-1]), branchFinal),
    g.neuron(takes, KIND.branch),
    g.neuron(g.of([1, done], [1, isRead], [1, line.input.end], [-2]), commitKind(1, true) - KIND.read),
    g.neuron(m.outside, trap('out of bounds memory access')),
    g.neuron(quotients.byZero, trap('integer divide by zero')),
    g.neuron(quotients.overflows, trap('integer overflow')),
    ...g.step(g.of([1, tooDeep], [-1]), stackTrap),
  ];
  const kind = g.sum('kind of next token', kinds);

  const emits = (token: number, k: number, byte?: number) =>
    g.logits.set(
      token,
      g.of(
        [2 * k * KIND_WEIGHT, kind],
        [-k * k * KIND_WEIGHT],
        ...(byte === undefined ? [] : [[2 * byte, result] as const, [-byte * byte] as const]),
      ),
    );
  for (let token = 0; token < VOCABULARY.length; token++) g.logits.set(token, g.of([-(2 ** 50)]));
  for (let byte = 0; byte < 256; byte++) {
    emits(TOKEN.byte + byte, KIND.byte, byte);
    emits(TOKEN.carryByte + byte, KIND.carryByte, byte);
    emits(TOKEN.out + byte, KIND.out, byte);
  }
  for (let i = 0; i < COMMITS.length; i++) emits(TOKEN.commit + i, KIND.commit + i);
  emits(TOKEN.callCommit, KIND.call);
  emits(TOKEN.returnCommit, KIND.return);
  emits(TOKEN.readCommit, KIND.read);
  emits(TOKEN.branchTaken, KIND.branch);
  emits(TOKEN.halt, KIND.halt);
  for (let i = 0; i < TRAP_REASONS.length; i++) emits(TOKEN.trap + i, KIND.trap + i);
  stateFacts(g, limits, program?.ops);
  return g;
}

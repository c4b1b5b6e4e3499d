/**
 * What the analysis of exactness may know of the machine: facts that the weights alone do not say, and the cases that
 * it goes through one by one.
 *
 * A fact is an invariant of the programs that the toolchain makes (the cursor stays inside the program), or of a
 * relation between variables that intervals forget (a remainder is below its divisor). There are few of them; each has
 * its reason, and tests check every one on the residual stream of real runs. A case fixes which instruction is being
 * executed and how many bytes its line has so far: then dispatch flags are constants, and what they gate is 0 or whole.
 */
import type { Case, Fact, Graph, LinearLike, Variable } from '../graph/graph.ts';
import { OPCODES, TRAP_REASONS } from '../isa/opcodes.ts';
import { INSTRUCTION_TOKENS } from '../isa/prompt.ts';
import { EDIT_KINDS, TOKEN, tokenId, VOCABULARY } from '../isa/vocabulary.ts';
import { OPCODE_POINTS } from './tokens.ts';

/** What a machine's numbers depend on. */
export interface Limits {
  /** Tokens in all. */
  readonly tokens: number;
  /** Tokens of the prompt: program, data and input. */
  readonly promptTokens: number;
  /** Bytes of memory. */
  readonly memory: number;
  readonly cells: number;
  readonly callDepth: number;
}

/** A push takes five tokens: four bytes or more, and their commit. */
const PUSH_TOKENS = 5;

/** Most bytes of a line that states a fact behind the prompt: an edit of memory. */
const EDIT_BYTES = 2 ** 20;

/** The variable with this name. @throws RangeError if the machine has none */
function named(g: Graph, name: string): Variable {
  const found = g.variables.find((variable) => variable.name === name);
  if (!found) throw new RangeError(`the machine has no variable named "${name}"`);
  return found;
}

/** States the machine's facts and cases: of any program, or of one that it is made for, by opcode. */
export function stateFacts(g: Graph, limits: Limits, program?: ArrayLike<number>): void {
  const { tokens, promptTokens, memory, cells, callDepth } = limits;
  const of = (name: string) => named(g, name);
  const slots = Math.floor(tokens / PUSH_TOKENS);
  const instructions = Math.floor(promptTokens / INSTRUCTION_TOKENS);

  g.bounded(g.position, 0, tokens - 1, 'the limit of tokens');
  g.bounded(g.square, 0, (tokens - 1) ** 2, 'the limit of tokens');
  g.bounded(lineIndex(g), 0, tokens - 1, 'a line starts at a token that is not later');

  const deep = 'a push takes five tokens, and validated code never pops what is not there';
  g.bounded(of('stack depth, rounded off'), 0, slots, deep);
  g.bounded(of('stack depth: value'), 0, slots, deep);
  g.bounded(of('stack depth: square'), 0, slots ** 2, deep);
  const nested = 'a call beyond this depth traps';
  g.bounded(of('call depth, rounded off'), 0, callDepth, nested);
  g.bounded(of('call depth: value'), 0, callDepth, nested);
  g.bounded(of('call depth: square'), 0, callDepth ** 2, nested);
  const inside = 'the cursor stays inside the program, which is a part of the prompt';
  g.bounded(of('jump'), -instructions, instructions, inside);
  g.bounded(of('cursor, rounded off'), 0, instructions, inside);
  g.bounded(of('cursor: value'), 0, instructions, inside);
  g.bounded(
    g.of([1, of('end of program: position')], [1], [1, of('input read, rounded off')]),
    0,
    promptTokens,
    'no more input is read than stands in the prompt',
  );

  g.bounded(of('cell of local 0'), 0, cells, 'a call whose frame needs more cells traps');
  const cell = 'the toolchain numbers cells inside their frame';
  g.bounded(of('cell read'), 0, cells, cell);
  g.bounded(of('cell written'), 0, cells, cell);
  g.bounded(of('address written'), 0, memory - 1, 'a store outside memory traps before it writes a byte');
  g.bounded(
    g.of([1, of('address read')], [-1, of('beyond any memory')]),
    0,
    memory,
    'x - relu(x - m) is the smaller of x and m',
  );
  g.bounded(of('value of cell'), 0, tokens, 'it is one of two positions');
  for (const k of [3, 2, 1, 0]) {
    const why = 'a remainder is below its divisor; without one it is the digits so far';
    g.bounded(of(`remainder after digit ${k}`), 0, 2 ** 32 - 1, why);
  }
  const number = of('number put out');
  g.bounded(number, 0, 2 ** 32, 'it is reckoned modulo 2^32, but for 2^32 - 0');
  const digits: [number, Variable][] = [];
  for (const k of [3, 2, 1]) {
    digits.push([-(256 ** k), of(`byte ${k} of number: quotient`)]);
    g.bounded(g.of([1, number], ...digits), 0, 256 ** k - 1, 'what a division leaves is below the divisor');
  }
  g.cases.push(...casesOf(g, slots, promptTokens, program && new Set(Array.from(program))));
}

/** Bytes of the line so far. */
function lineIndex(g: Graph) {
  return g.of([1, g.position], [-1, named(g, 'start of line: position')]);
}

/** Ids that pass a test. */
const ids = (test: (id: number) => boolean) => Uint8Array.from(VOCABULARY, (_, id) => Number(test(id)));

/**
 * Nothing is executed in the prompt and in lines that state a fact: the cursor is 0, where `frame` stands. Everywhere
 * else some instruction is, and its line has so many bytes so far; the bytes and the start of the line are tokens of
 * their kinds.
 */
function casesOf(g: Graph, slots: number, promptTokens: number, known?: ReadonlySet<number>): Case[] {
  const opcodeX = named(g, 'fetch opcode: x');
  const opcodeY = named(g, 'fetch opcode: y');
  const slotOfEdit = named(g, 'slot of edit: word');
  const index = lineIndex(g);
  const marker = (name: string) => named(g, `start of line: ${name}`);
  const is = (what: LinearLike, value: number): Fact => ({
    of: g.linear(what),
    low: value,
    high: value,
    reason: 'the case',
  });
  const opcodeIs = ([x, y]: readonly [number, number]) => [is(opcodeX, x), is(opcodeY, y)];

  const isByte = (id: number) => id >= TOKEN.byte && id < TOKEN.opcode;
  const opensEdit = [TOKEN.data, TOKEN.global, ...EDIT_KINDS.map((kind) => tokenId(`edit(${kind})`))] as number[];
  const bytes = ids(isByte);
  const stackEdit = ids((id) => id === TOKEN.editStackCommit);
  const branchTaken = ids((id) => id === TOKEN.branchTaken);
  const lineEnds = ids(
    (id) => id >= TOKEN.run && id !== TOKEN.editStackCommit && id !== TOKEN.branchTaken && !opensEdit.includes(id),
  );
  const halt = ids((id) => id === TOKEN.halt);
  for (const [id, flag] of halt.entries()) lineEnds[id] |= flag;
  const editedSlot: Fact = {
    of: g.linear(slotOfEdit),
    low: 0,
    high: slots,
    reason: 'an edit names a slot that is there',
  };
  const still = is(named(g, 'cursor, rounded off'), 0);
  const frame = OPCODE_POINTS[OPCODES.findIndex(({ name }) => name === 'frame')];
  const inPrompt: Fact = { of: g.linear(g.position), low: 0, high: promptTokens - 1, reason: 'the case' };
  const found: Fact = {
    of: g.linear(named(g, 'local or global: pointer')),
    low: 0,
    high: promptTokens,
    reason: 'what a token of the prompt finds stands in the prompt',
  };
  const inEdit: Fact = { of: index, low: 0, high: EDIT_BYTES, reason: 'the case' };
  const knownReason: Fact = {
    of: g.linear(named(g, 'fetch immediate: word')),
    low: 0,
    high: TRAP_REASONS.length - 1,
    reason: 'a trap names one of the reasons',
  };
  const cases: Case[] = [
    {
      name: 'prompt, no program yet',
      tokens: ids((id) => id < TOKEN.run),
      facts: [...opcodeIs(known ? frame : [0, 0]), still, inPrompt, found],
    },
    {
      name: 'prompt',
      tokens: ids((id) => id < TOKEN.run || opensEdit.includes(id) || id === TOKEN.editCommit),
      facts: [...opcodeIs(frame), still, inPrompt, found],
    },
    {
      name: 'line that states a fact',
      tokens: ids((id) => isByte(id) || opensEdit.includes(id)),
      facts: [...opcodeIs(frame), still, inEdit],
    },
  ];

  for (const [i, row] of OPCODES.entries()) {
    const reason: Fact[] = row.immediate === 'reason' ? [knownReason] : [];
    if (row.name === 'frame' || row.immediate === 'high' || known?.has(i) === false) continue;
    const at = (tokens: Uint8Array, k: number, taken: 0 | 1, name: string, ...more: Fact[]) =>
      cases.push({
        name: `${row.name}, ${name}`,
        tokens,
        facts: [
          ...opcodeIs(OPCODE_POINTS[i]),
          is(index, k),
          is(marker('branchTaken'), taken),
          is(marker('edit'), 0),
          is(marker('memoryEdit'), 0),
          is(marker('cellEdit'), 0),
          ...reason,
          ...more,
        ],
      });
    at(lineEnds, 0, 0, 'start');
    at(stackEdit, 0, 0, 'start after an edited stack', editedSlot);
    for (let k = 1; k <= row.bytes; k++) at(bytes, k, 0, `${k} bytes`);
    at(branchTaken, 0, 1, 'branch');
    for (let k = 1; k <= 4; k++) at(bytes, k, 1, `branch, ${k} bytes`);
  }
  return cases;
}

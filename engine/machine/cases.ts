/**
 * The cases that the analysis of exactness (weights/exactness) goes through one by one. A case fixes which instruction is
 * being executed and how many bytes its line has so far: then dispatch flags are constants, and what they gate is 0 or
 * whole.
 *
 * What holds in every case stands where the variable is made (`Graph.bounded`): invariants of the programs that the
 * toolchain makes (the cursor stays inside the program), and relations between variables that intervals forget (a remainder
 * is below its divisor). There are few of them; each has its reason, and tests check every one on the residual stream of
 * real runs.
 */
import type { Case, Fact, Graph, LinearLike } from '../graph/graph.ts';
import { EDIT_BYTES, mostStackSlots } from '../isa/limits.ts';
import { OPCODES, type Opcode, opcodeIndex, TRAP_REASONS } from '../isa/opcodes.ts';
import { EDIT_KINDS, TOKEN, tokenId, VOCABULARY } from '../isa/vocabulary.ts';
import type { CellContext } from './cells.ts';
import { OPCODE_POINTS } from './tokens.ts';

const FRAME = OPCODE_POINTS[opcodeIndex('frame')];

/** States the machine's cases: of any program, or of the one that it is made for. */
export function stateCases(context: CellContext): void {
  const { graph, program } = context;
  graph.cases.push(...casesOfGiven(context));
  const known = program && new Set(Array.from(program.ops));
  for (const [i, row] of OPCODES.entries()) {
    if (row.name === 'frame' || row.immediate === 'high' || known?.has(i) === false) continue;
    graph.cases.push(...casesOfOpcode(context, row, OPCODE_POINTS[i]));
  }
}

/** Ids that pass a test. */
const ids = (test: (id: number) => boolean) => Uint8Array.from(VOCABULARY, (_, id) => Number(test(id)));

const isByte = (id: number) => id >= TOKEN.byte && id < TOKEN.opcode;
const OPENS_EDIT = [
  TOKEN.data,
  TOKEN.global,
  TOKEN.input,
  ...EDIT_KINDS.map((kind) => tokenId(`edit(${kind})`)),
] as number[];
const opensEdit = (id: number) => OPENS_EDIT.includes(id);
const BYTES = ids(isByte);
const STACK_EDIT = ids((id) => id === TOKEN.editStackCommit);
const BRANCH_TAKEN = ids((id) => id === TOKEN.branchTaken);
const LINE_ENDS = ids((id) => {
  if (id === TOKEN.halt) return true;
  return id >= TOKEN.run && id !== TOKEN.editStackCommit && id !== TOKEN.branchTaken && !opensEdit(id);
});

function within(g: Graph, what: LinearLike, low: number, high: number, reason = 'the case'): Fact {
  return { of: g.linear(what), low, high, reason };
}

function is(g: Graph, what: LinearLike, value: number): Fact {
  return within(g, what, value, value);
}

function opcodeIs({ graph: g, instruction }: CellContext, [x, y]: readonly [number, number]): Fact[] {
  return [is(g, instruction.opcode.x, x), is(g, instruction.opcode.y, y)];
}

/** Nothing is executed in the prompt and in lines that state a fact: the cursor is 0, where `frame` stands. */
function casesOfGiven(context: CellContext): Case[] {
  const { graph: g, limits, program, line, counters, cells } = context;
  const still = is(g, counters.roughCursor, 0);
  const inPrompt = [
    still,
    within(g, g.position, 0, limits.promptTokens - 1),
    within(g, cells.pointer, 0, limits.promptTokens, 'what a token of the prompt finds stands in the prompt'),
  ];
  const frame = opcodeIs(context, FRAME);
  return [
    {
      name: 'prompt, no program yet',
      tokens: ids((id) => id < TOKEN.run),
      facts: [...(program ? frame : opcodeIs(context, [0, 0])), ...inPrompt],
    },
    {
      name: 'prompt',
      tokens: ids((id) => id < TOKEN.run || opensEdit(id) || id === TOKEN.editCommit || id === TOKEN.inputEnd),
      facts: [...frame, ...inPrompt],
    },
    {
      name: 'line that states a fact',
      tokens: ids((id) => isByte(id) || opensEdit(id)),
      facts: [...frame, still, within(g, line.index, 0, EDIT_BYTES)],
    },
  ];
}

/**
 * Everywhere else some instruction is executed, and its line has so many bytes so far; the bytes and the start of the line
 * are tokens of their kinds.
 */
function casesOfOpcode(context: CellContext, row: Opcode, point: readonly [number, number]): Case[] {
  const { graph: g, limits, instruction, line } = context;
  const { opener } = line;
  const reason: Fact[] =
    row.immediate === 'reason'
      ? [within(g, instruction.immediate, 0, TRAP_REASONS.length - 1, 'a trap names one of the reasons')]
      : [];
  const at = (tokens: Uint8Array, k: number, taken: 0 | 1, name: string, ...more: Fact[]): Case => ({
    name: `${row.name}, ${name}`,
    tokens,
    facts: [
      ...opcodeIs(context, point),
      is(g, line.index, k),
      is(g, opener.branchTaken, taken),
      is(g, opener.edit, 0),
      is(g, opener.memoryEdit, 0),
      is(g, opener.cellEdit, 0),
      is(g, opener.input, 0),
      ...reason,
      ...more,
    ],
  });
  const editedSlot = within(g, line.slotOfEdit, 0, mostStackSlots(limits), 'an edit names a slot that is there');
  return [
    at(LINE_ENDS, 0, 0, 'start'),
    at(STACK_EDIT, 0, 0, 'start after an edited stack', editedSlot),
    ...Array.from({ length: row.bytes }, (_, k) => at(BYTES, k + 1, 0, `${k + 1} bytes`)),
    at(BRANCH_TAKEN, 0, 1, 'branch'),
    ...Array.from({ length: 4 }, (_, k) => at(BYTES, k + 1, 1, `branch, ${k + 1} bytes`)),
  ];
}

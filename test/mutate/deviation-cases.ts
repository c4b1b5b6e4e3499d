/**
 * What may be known besides the facts that the machine states itself, of programs that the toolchain makes and of hosts:
 * the cases of the analysis told apart further, for the proof that a mutant does the same (deviation.ts).
 */
import type { Case, Fact, Graph, LinearLike, Variable } from '../../engine/graph/graph.ts';
import { LIMITS } from '../../engine/isa/limits.ts';
import { OPCODES, type Opcode } from '../../engine/isa/opcodes.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';

/** Tokens in these cases are given, and so are those behind them. */
const GIVEN = ['prompt, no program yet', 'prompt', 'line that states a fact'];

/** Refines the cases of a machine's graph. Returns whether a token may be generated behind one that is in a case. */
export function refine(g: Graph, eos: readonly number[]): (each: Case) => boolean {
  const of = (name: string): Variable => {
    const found = g.variables.find((variable) => variable.name === name);
    if (!found) throw new RangeError(`the machine has no variable named "${name}"`);
    return found;
  };
  const between = (what: LinearLike, low: number, high: number, reason: string): Fact => ({
    of: g.linear(what),
    low,
    high,
    reason,
  });
  const sums = 'the sum is never negative, and what it counts takes five tokens or more';
  for (const name of [
    'depth (running sums): stack',
    'depth (running sums): calls',
    'input read (running sum): bytes',
  ]) {
    g.bounded(of(name), 0, 1 / 5, sums);
  }
  g.bounded(of('number in cell'), 0, 2 ** 32 - 1, 'it is one of two numbers of four bytes');

  const given = new Set<string>(GIVEN);
  const cases = [...g.cases];
  g.cases.length = 0;
  for (const each of cases) {
    const row = OPCODES.find(({ name }) => each.name.startsWith(`${name}, `));
    if (GIVEN.includes(each.name) || !row) {
      g.cases.push(each);
      continue;
    }
    const facts = [...each.facts, ...factsOf(row)];
    const tokens = each.tokens.map((flag, id) => (isCarry(id) && !mayCarry(row, each.name) ? 0 : flag));
    const inLine = { ...each, tokens, facts };
    if (each.name.includes(', branch') && row.circuit !== 'branch' && row.circuit !== 'return') {
      // Only a host moves the cursor on from there, in a line that is given.
      given.add(each.name);
      g.cases.push(inLine);
    } else if (each.name.includes(', start')) {
      for (const part of accesses(row, inLine)) ends(part);
    } else g.cases.push(...accesses(row, inLine).slice(0, 1));
  }
  return ({ name }) => !given.has(name);

  function factsOf(row: Opcode): Fact[] {
    const facts: Fact[] = [];
    if (row.immediate === 'none') {
      facts.push(between(of('fetch immediate: word'), 0, 0, 'the toolchain writes 0 where there is no immediate'));
    }
    if (row.circuit === 'select') {
      const why =
        'before the four bytes of a condition stands the end of a line, or 0 as the high byte of a slot’s number';
      facts.push(between(of('stack top: byte 5 back'), 0, 0, why));
    }
    if (row.circuit === 'load') {
      const why = 'a load asks for cell 0, the number of pages, which the prompt of a program with memory writes';
      facts.push(between(of('cell never written in this frame'), 0, 0, why));
    }
    return facts;
  }

  /** An access inside memory, and one outside, which traps before the first byte. */
  function accesses(row: Opcode, each: Case): Case[] {
    if (row.circuit !== 'load') return [each];
    const outside = of('out of bounds');
    const why = 'the case';
    const inside = [
      between(outside, 0, 0, why),
      between(of('address read'), 0, LIMITS.memory - 1, 'memory is not larger'),
    ];
    return [
      { ...each, facts: [...each.facts, ...inside] },
      { ...each, name: `${each.name}, outside memory`, facts: [...each.facts, between(outside, 1, 1, why)] },
    ];
  }

  /** Tells tokens behind which generation ends from the others. */
  function ends(each: Case): void {
    const ended = `${each.name}, at the end`;
    given.add(ended);
    const parts = [
      { ...each, tokens: each.tokens.map((flag, id) => (eos.includes(id) ? 0 : flag)) },
      { ...each, name: ended, tokens: each.tokens.map((flag, id) => (eos.includes(id) ? flag : 0)) },
    ];
    g.cases.push(...parts.filter(({ tokens }) => tokens.includes(1)));
  }
}

const isCarry = (id: number) => id >= TOKEN.carryByte && id < TOKEN.opcode;

/** Only bytes of sums have a carry. */
function mayCarry(row: Opcode, name: string): boolean {
  return (row.circuit === 'add' || row.circuit === 'sub') && !name.includes('branch');
}

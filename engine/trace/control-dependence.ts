/**
 * Which branches decide whether an instruction is executed, in its function: control dependence by post-dominators
 * (Ferrante, Ottenstein and Warren, "The program dependence graph and its use in optimization", 1987). An instruction
 * depends on a branch if one way out of it always leads there and the other need not.
 */
import { OPCODES } from '../isa/opcodes.ts';
import { jumpTarget, type ProgramFunction, type TokenProgram } from '../isa/program.ts';

/** Where an instruction of a function leads, calls aside; the function's end for what leaves it. */
export function successorsOf(program: TokenProgram, { end }: ProgramFunction, cursor: number): number[] {
  const { circuit, variant, advance = 1 } = OPCODES[program.ops[cursor]];
  const imm = program.imms[cursor];
  if (circuit === 'return' || circuit === 'halt' || circuit === 'trap') return [end];
  if (circuit !== 'branch' || variant === 'call') return [cursor + advance];
  if (variant === 'always') return [jumpTarget(cursor, imm)];
  // A table's entries are the rows behind it, the default the last.
  if (variant === 'table') return Array.from({ length: imm + 1 }, (_, i) => cursor + 1 + i);
  return [cursor + 1, jumpTarget(cursor, imm)];
}

/** Branches of one function, by the instructions that depend on them. */
export class ControlDependence {
  private readonly start: number;
  private readonly end: number;
  /** Per instruction from `start` on: its immediate post-dominator, counted from there too; the last is the end. */
  private readonly dominators: Int32Array;
  private readonly successors: readonly (readonly number[])[];

  constructor(program: TokenProgram, fn: ProgramFunction) {
    this.start = fn.start;
    this.end = fn.end;
    const count = fn.end - fn.start;
    const inside = (cursor: number) => Math.min(Math.max(cursor - fn.start, 0), count);
    this.successors = Array.from({ length: count }, (_, i) => successorsOf(program, fn, fn.start + i).map(inside));
    this.dominators = postDominators(this.successors);
  }

  /** Marks, by cursor, the branches that decide whether `cursor` is executed. */
  branchesOf(cursor: number, marks: Uint8Array): void {
    const at = cursor - this.start;
    for (let branch = 0; branch < this.successors.length; branch++) {
      const ways = this.successors[branch];
      if (ways.length < 2) continue;
      // Up from each way to what the branch must reach anyway: all that lies between depends on it.
      const stop = this.dominators[branch];
      if (ways.some((way) => this.leadsTo(way, stop, at))) marks[this.start + branch] = 1;
    }
  }

  private leadsTo(from: number, stop: number, wanted: number): boolean {
    const exit = this.end - this.start;
    for (let at = from; at !== stop && at !== exit; at = this.dominators[at]) if (at === wanted) return true;
    return false;
  }
}

/**
 * Immediate post-dominators, with index `successors.length` for the exit (Cooper, Harvey and Kennedy, "A simple, fast
 * dominance algorithm", 2001, on the graph turned around).
 */
function postDominators(successors: readonly (readonly number[])[]): Int32Array {
  const exit = successors.length;
  const { order, endless } = reverseOrder(successors);
  const number = new Int32Array(exit + 1);
  for (const [i, node] of order.entries()) number[node] = i;
  const dominators = new Int32Array(exit + 1).fill(-1);
  dominators[exit] = exit;
  const meet = (a: number, b: number) => {
    while (a !== b) {
      while (number[a] > number[b]) a = dominators[a];
      while (number[b] > number[a]) b = dominators[b];
    }
    return a;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of order) {
      if (node === exit) continue;
      const ways = endless.has(node) ? [...successors[node], exit] : successors[node];
      const found = ways.filter((next) => dominators[next] >= 0).reduce(meet);
      if (dominators[node] === found) continue;
      dominators[node] = found;
      changed = true;
    }
  }
  return dominators;
}

/**
 * Nodes so that, loops aside, each comes behind its successors; the exit first. `endless`: nodes of loops that are
 * never left, one of each, which count as if they were.
 */
function reverseOrder(successors: readonly (readonly number[])[]): { order: number[]; endless: Set<number> } {
  const exit = successors.length;
  const predecessors: number[][] = Array.from({ length: exit + 1 }, () => []);
  for (const [node, ways] of successors.entries()) for (const way of ways) predecessors[way].push(node);
  const seen = new Uint8Array(exit + 1);
  const from = (root: number): number[] => {
    const finished: number[] = [];
    const stack = [{ node: root, next: 0 }];
    seen[root] = 1;
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = predecessors[top.node][top.next++];
      if (next === undefined) {
        finished.push(top.node);
        stack.pop();
      } else if (!seen[next]) {
        seen[next] = 1;
        stack.push({ node: next, next: 0 });
      }
    }
    return finished.reverse();
  };
  const order = from(exit);
  const endless = new Set<number>();
  for (let node = exit - 1; node >= 0; node--) {
    if (seen[node]) continue;
    endless.add(node);
    order.push(...from(node));
  }
  return { order, endless };
}

/**
 * Which array of a function an access is meant for: an address that was computed from where the array begins (the frame's
 * base and a number of the code) is that array's, wherever it ends up. Addresses that were kept in memory in between are
 * anybody's.
 */
import { bare, readVariable, sizeOf, type Variable } from '../../engine/debuginfo/index.ts';
import { ByteSteps } from '../../engine/trace/byte-steps.ts';
import type { History } from '../../engine/trace/history.ts';
import type { CodeMap } from '../recording/code-map.ts';
import { innermostFrame, stateOf } from '../recording/frames.ts';

/** An array at a moment. */
export interface StackArray {
  readonly name: string;
  readonly address: number;
  readonly size: number;
}

/** Additions that are looked through: an index, a member, and those of an array within. */
const MOST_ADDITIONS = 5;

/** See the file's comment. */
export class StackArrays {
  private readonly code: CodeMap;
  private readonly history: History;
  private readonly steps: ByteSteps;
  /** Arrays in scope, by instruction. */
  private readonly inScope = new Map<number, readonly Variable[]>();

  constructor(code: CodeMap, history: History) {
    this.code = code;
    this.history = history;
    this.steps = new ByteSteps(history);
  }

  /** The array that a line's address is computed from; `value`: the address's first token. */
  meant(line: number, value: number): StackArray | undefined {
    const variables = this.variablesAt(this.history.cursorOf(line));
    if (variables.length === 0) return undefined;
    const bases = new Set<number>();
    this.collect(value, MOST_ADDITIONS, bases);
    return bases.size === 0 ? undefined : this.arraysAt(line, variables).find(({ address }) => bases.has(address));
  }

  /** The sums of a place in the frame and a number of the code, among the additions that led to a value. */
  private collect(value: number, most: number, bases: Set<number>): void {
    const { steps } = this;
    const made = steps.throughLocals(value);
    if (most === 0 || made.line < 0 || steps.opcode(made.line).circuit !== 'add') return;
    const operands = [steps.operand(made.line, 0), steps.operand(made.line, 1)];
    const [first, second] = operands.map((operand) => steps.isConstant(operand, made.line));
    if (first !== second) {
      const { line } = steps.throughLocals(operands[first ? 1 : 0]);
      if (line >= 0 && !['add', 'load'].includes(steps.opcode(line).circuit)) bases.add(this.history.word(made.value));
    }
    for (const operand of operands) this.collect(operand, most - 1, bases);
  }

  private variablesAt(cursor: number): readonly Variable[] {
    const known = this.inScope.get(cursor);
    if (known) return known;
    const offset = this.code.codeOffset(cursor);
    const all = offset === undefined ? [] : (this.code.debug?.variablesAt(offset, this.code.innermost(cursor)) ?? []);
    const found = all.filter(({ type }) => bare(type).kind === 'array');
    this.inScope.set(cursor, found);
    return found;
  }

  private arraysAt(line: number, variables: readonly Variable[]): StackArray[] {
    const { history, code } = this;
    const offset = code.codeOffset(history.cursorOf(line)) as number;
    // Where variables of the frame are hangs on its locals alone.
    const state = stateOf(innermostFrame(history.moment(line), history, code), code.program.stride, []);
    return variables.flatMap((variable) => {
      const { place, type } = readVariable(variable, offset, state);
      const size = sizeOf(type);
      return place.kind === 'memory' && size ? [{ name: variable.name, address: place.address, size }] : [];
    });
  }
}

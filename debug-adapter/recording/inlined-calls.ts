/**
 * Calls that the compiler replaced by the body of what is called, numbered: to people they are calls like others, though
 * the machine makes none (DW_TAG_inlined_subroutine: DWARF 5, section 3.3.8.2). One flat table per program, as
 * stepping asks at every line of a trace.
 */
import type { DebugInfo, Scope } from '../../engine/debuginfo/index.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';

/** In no inlined call. */
export const NOT_INLINED = -1;

/** The inlined calls of a program, numbered so that a call comes behind the one that it is in. */
export class InlinedCalls {
  /** Per instruction: the innermost inlined call that it is in, or NOT_INLINED. */
  readonly at: Int32Array;
  /** Per call: the inlined call that it was made in, or NOT_INLINED. */
  readonly callers: number[] = [];
  /** Per call: what was called, and where. */
  readonly calls: NonNullable<Scope['inlined']>[] = [];
  /** Instructions that show fewer frames than debug information has for them, and how many fewer; see CallLayout. */
  readonly hidden = new Map<number, number>();

  constructor(program: TokenProgram, debug: DebugInfo | undefined) {
    this.at = new Int32Array(program.ops.length).fill(NOT_INLINED);
    if (!debug) return;
    for (const fn of program.functions) {
      if (fn.index < 0) continue;
      const owner = debug.functionAt(program.offsets[fn.body] - program.codeSection);
      if (!owner?.scope.children.length) continue;
      this.number(owner.scope, NOT_INLINED, (low, high, call) => {
        for (let cursor = fn.body; cursor < fn.end; cursor++) {
          const offset = program.offsets[cursor] - program.codeSection;
          if (low <= offset && offset < high) this.at[cursor] = call;
        }
      });
    }
  }

  /** How many inlined calls a call is in, itself included; 0 for NOT_INLINED. */
  depthOf(call: number): number {
    let depth = 0;
    for (let at = call; at !== NOT_INLINED; at = this.callers[at]) depth++;
    return depth;
  }

  /** The innermost call that both are in; either of them may be it. */
  shared(a: number, b: number): number {
    while (a !== b) {
      if (a > b) a = this.callers[a];
      else b = this.callers[b];
    }
    return a;
  }

  /** Numbers the calls within a scope, outer ones first, and paints their code. */
  private number(scope: Scope, caller: number, paint: (low: number, high: number, call: number) => void): void {
    for (const child of scope.children) {
      let call = caller;
      if (child.inlined) {
        call = this.callers.length;
        this.callers.push(caller);
        this.calls.push(child.inlined);
        for (const { low, high } of child.ranges) paint(low, high, call);
      }
      this.number(child, call, paint);
    }
  }
}

/**
 * The inlined calls of a function as its code lies, told of instruction after instruction: where calls begin, and where
 * a line goes on behind a call that it made.
 */
export class CallLayout {
  private readonly inlined: InlinedCalls;
  private readonly entered = new Set<number>();
  /** The calls that the last instruction was in, outermost first, each with the last line seen in it. */
  private readonly open: OpenCall[] = [{ call: NOT_INLINED, key: -1, statement: -1 }];
  /** Whether the last instruction is in another call than the one before, and whether it came back into it. */
  private isOther = true;
  private isBack = false;

  constructor(inlined: InlinedCalls) {
    this.inlined = inlined;
  }

  /**
   * The next instruction. A call whose line has no code before it gets the first instruction of what was inlined, so
   * that there is a moment before the call: then the number of that line. `keyOf` gives the number of a call's line.
   */
  enter(cursor: number, keyOf: (call: number) => number): number | undefined {
    const { open, inlined } = this;
    const { at, callers } = inlined;
    const before = open[open.length - 1].call;
    const call = at[cursor];
    while (inlined.shared(open[open.length - 1].call, call) !== open[open.length - 1].call) open.pop();
    const chain: number[] = [];
    for (let next = call; next !== open[open.length - 1].call; next = callers[next]) chain.unshift(next);
    this.isBack = chain.length === 0 && call !== before;
    this.isOther = call !== before;
    for (const [i, next] of chain.entries()) {
      const caller = open[open.length - 1];
      const key = this.entered.has(next) ? caller.key : keyOf(next);
      if (key >= 0 && key !== caller.key && at[cursor + 1] === call) {
        at[cursor] = caller.call;
        inlined.hidden.set(cursor, chain.length - i);
        return key;
      }
      this.entered.add(next);
      open.push({ call: next, key: -1, statement: -1 });
    }
    return undefined;
  }

  /**
   * What begins at the instruction, of a line and of a statement on it by their numbers; `isStart`: a line does, as the
   * line table has it.
   */
  begins(key: number, statement: number, isStart: boolean): 'line' | 'statement' | undefined {
    const here = this.open[this.open.length - 1];
    const goesOn = this.isBack && here.key === key;
    const line = (isStart || this.isOther) && !goesOn;
    const isNew = statement !== here.statement;
    here.key = key;
    here.statement = statement;
    if (line) return 'line';
    return isNew ? 'statement' : undefined;
  }
}

/** A call, and the last line and statement seen in it. */
interface OpenCall {
  call: number;
  key: number;
  statement: number;
}

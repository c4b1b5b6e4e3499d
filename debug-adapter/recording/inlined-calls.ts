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
  /** Per call: the name of what was called. */
  readonly names: string[] = [];

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
        this.names.push(child.inlined.name);
        for (const { low, high } of child.ranges) paint(low, high, call);
      }
      this.number(child, call, paint);
    }
  }
}

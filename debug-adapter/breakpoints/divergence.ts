/**
 * The exception filter `divergence`: stops before the first trace line that does something else than V8, which runs the
 * same module beside the model. None is expected; there is one at most, since nothing can be said of what is behind it.
 *
 * V8's thread is there from the first question on until the filter is taken off, another branch is shown, or the session ends.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Comparison } from '../../engine/divergence/comparison.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { BreakpointKind, Hits, Program } from './kind.ts';

/** See the file's comment. */
export class Divergence implements BreakpointKind {
  private readonly isWanted: () => boolean;
  private program: Program | undefined;
  private comparison: Comparison | undefined;
  /** Whether the user knows that nothing more is compared. */
  private isTold = false;

  /** `isWanted`: whether the filter is on. */
  constructor(isWanted: () => boolean) {
    this.isWanted = isWanted;
  }

  get any(): boolean {
    if (this.isWanted()) return this.program !== undefined;
    this.dispose();
    return false;
  }

  attach(program: Program): DebugProtocol.Breakpoint[] {
    this.dispose();
    this.program = program;
    return [];
  }

  dispose(): void {
    this.comparison?.close();
    this.comparison = undefined;
    this.isTold = false;
  }

  next(from: number, to: number): number {
    const line = this.upTo(to);
    return line >= from && line < to ? line : -1;
  }

  previous(from: number, to: number): number {
    return this.next(from, to);
  }

  // biome-ignore lint/correctness/useYield: V8 is far ahead of the model, so nothing here takes long
  *hitsAt(line: number, _pace: Pace): Work<Hits> {
    const isHere = this.upTo(line + 1) === line;
    const text = `${this.comparison?.difference?.text ?? ''}.`;
    const sentence = text.charAt(0).toUpperCase() + text.slice(1);
    const exception = { filter: 'divergence', id: 'divergence', title: 'Differs from V8', text: sentence } as const;
    return { ids: [], logs: [], exception: isHere ? exception : undefined };
  }

  /** The line before `to` that differs; -1 for none. */
  private upTo(to: number): number {
    const { program } = this;
    if (!program) return -1;
    this.comparison ??= new Comparison(program.module, program.recording.history);
    this.comparison.upTo(to);
    const { difference, ended } = this.comparison;
    if (ended !== undefined && !this.isTold) {
      this.isTold = true;
      program.say(ended);
    }
    return difference?.line ?? -1;
  }
}

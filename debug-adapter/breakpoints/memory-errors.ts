/**
 * The exception filter `memory`: stops before a trace line that misuses memory. What was found is kept, so that the same
 * lines are stops in both directions.
 */
import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { lineNumber } from '../../engine/trace/notation.ts';
import { frameInC } from '../recording/frames.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Exception } from './exceptions.ts';
import type { BreakpointKind, Hits, Program } from './kind.ts';
import { type Misuse, MisuseFinder } from './misuse.ts';

/** See the file's comment. */
export class MemoryErrors implements BreakpointKind {
  private readonly isWanted: () => boolean;
  private program: Program | undefined;
  private finder: MisuseFinder | undefined;
  /** What was found, by line, in lines before `seen`. */
  private readonly found: Misuse[] = [];
  private seen = 0;

  /** `isWanted`: whether the filter is on. */
  constructor(isWanted: () => boolean) {
    this.isWanted = isWanted;
  }

  get any(): boolean {
    return this.isWanted() && this.program?.code.debug !== undefined;
  }

  /** The first one that was found. */
  get first(): Misuse | undefined {
    return this.any ? this.found[0] : undefined;
  }

  attach(program: Program): DebugProtocol.Breakpoint[] {
    this.program = program;
    this.finder = undefined;
    this.found.length = 0;
    this.seen = 0;
    return [];
  }

  next(from: number, to: number): number {
    this.lookUpTo(to);
    return this.found.find(({ line }) => line >= from && line < to)?.line ?? -1;
  }

  previous(from: number, to: number): number {
    this.lookUpTo(to);
    return this.found.findLast(({ line }) => line >= from && line < to)?.line ?? -1;
  }

  // Nothing here takes long.
  *hitsAt(line: number, _pace: Pace): Work<Hits> {
    this.lookUpTo(line + 1);
    const misuse = this.found.find((one) => one.line === line);
    return { ids: [], logs: [], exception: misuse && this.exceptionOf(misuse) };
  }

  /** What lines before `to` do. That of a call is known by the line behind it. */
  private lookUpTo(to: number): void {
    const { program } = this;
    if (!program) return;
    const { history } = program.recording;
    this.finder ??= new MisuseFinder(program.code, history);
    const end = Math.min(to, history.lines) + 1;
    for (let line = this.seen; ; line++) {
      line = history.firstMarked(this.finder.marks, line, end);
      if (line < 0) break;
      const misuse = this.finder.at(line);
      if (misuse && this.found.at(-1)?.line !== misuse.line) this.found.push(misuse);
    }
    this.seen = Math.max(this.seen, end);
  }

  private exceptionOf({ line, kind, text, block }: Misuse): Exception {
    const title = kind.charAt(0).toUpperCase() + kind.slice(1);
    const sentences = [`${text.charAt(0).toUpperCase()}${text.slice(1)}.`];
    if (block) {
      // What comes later is not known yet.
      const freed = block.freed === undefined || block.freed > line ? '' : `, and freed ${this.place(block.freed)}`;
      sentences.push(`The block of ${block.size} bytes was allocated ${this.place(block.call)}${freed}.`);
    }
    return { filter: 'memory', id: kind, title, text: sentences.join(' ') };
  }

  /** Where a line of the trace is, for people. */
  private place(line: number): string {
    const { code, recording } = this.program as Program;
    const { cursor } = frameInC(recording.moment(line), recording, code);
    const place = code.placeOf(cursor);
    const trace = `line ${lineNumber(line)} of the trace`;
    return place ? `at ${basename(place.file)}:${place.line} (${trace})` : `in ${trace}`;
  }
}

/**
 * A profile of a run: which functions its tokens were spent in, by whom they were called, and on which of their lines. A
 * token costs the model one pass, so it is what time is to other profilers.
 *
 * It is a tree of calls in which calls of one function by one caller are one node, made in a single walk over the trace:
 * the call depth of each line says when a call begins and ends.
 */
import type { DebugInfo } from '../debuginfo/index.ts';
import { functionAt, type ProgramFunction, type TokenProgram } from '../isa/program.ts';
import type { Steps } from '../steps.ts';
import { hostPath } from '../toolchain/clang/paths.ts';
import type { History } from '../trace/history.ts';

/** A function as the source has it, or else as the machine calls it. */
export interface ProfiledFunction {
  readonly name: string;
  /** Where it is declared: a path of the host, and a line from 1; 0 when unknown. */
  readonly file?: string;
  readonly line?: number;
}

/** All calls of a function that came by the same way. */
export interface ProfileNode {
  /** Index among the functions. */
  readonly fn: number;
  /** Index of the caller's node; -1 of the outermost. */
  readonly parent: number;
  calls: number;
  /** Tokens of its own: those of calls that it made are theirs. */
  tokens: number;
  /** The same by lines of its source; what belongs to no line is in none. */
  readonly lines: Map<number, number>;
}

/** See the file's comment. */
export interface Profile {
  readonly functions: readonly ProfiledFunction[];
  /** A caller stands in front of those that it called; the first is the start of the program. */
  readonly nodes: readonly ProfileNode[];
  /** Tokens in all. */
  readonly tokens: number;
}

/** What one function cost. */
export interface FunctionCost extends ProfiledFunction {
  readonly calls: number;
  /** Tokens of its own, and with those of all that it called, itself among them only once. */
  readonly own: number;
  readonly total: number;
}

/** What programs are profiled with. */
export interface Profiled {
  readonly program: TokenProgram;
  readonly debug: DebugInfo | undefined;
}

/** Trace lines between two steps. */
const BATCH = 1 << 16;

/** Of the trace lines before `end`. */
export function* profile(profiled: Profiled, history: History, end: number): Steps<Profile> {
  const profiler = new Profiler(profiled);
  yield* profiler.read(history, 0, end);
  return profiler.profile;
}

/** Makes the profile of a trace that is read in parts, from its first line on. */
export class Profiler {
  private readonly code: ProfiledCode;
  private readonly nodes: ProfileNode[] = [];
  private readonly children = new Map<string, number>();
  /** Nodes of the calls that are open. */
  private readonly open: number[] = [];

  constructor({ program, debug }: Profiled) {
    this.code = new ProfiledCode(program, debug);
  }

  /** Of what was read so far. */
  get profile(): Profile {
    const { code, nodes } = this;
    return { functions: code.functions, nodes, tokens: nodes.reduce((all, { tokens }) => all + tokens, 0) };
  }

  /** Reads the lines from one on, up to but not including `end`. */
  *read(history: History, from: number, end: number): Steps {
    const { code, nodes, open } = this;
    for (let line = from; line < end; line++) {
      const cursor = history.cursorOf(line);
      const depth = history.depthOf(line);
      open.length = Math.min(open.length, depth + 1);
      // A branch can begin or end no more than one call.
      if (open.length <= depth) open.push(this.called(code.functionOf(cursor)));
      const node = nodes[open[depth]];
      const tokens = history.firstToken(line + 1) - history.firstToken(line);
      node.tokens += tokens;
      const source = code.lines[cursor];
      if (source > 0) node.lines.set(source, (node.lines.get(source) ?? 0) + tokens);
      if (line % BATCH === BATCH - 1) yield;
    }
  }

  /** The node of a function that the innermost open call calls. */
  private called(fn: number): number {
    const { nodes, children, open } = this;
    const parent = open.at(-1) ?? -1;
    const key = `${parent} ${fn}`;
    let node = children.get(key);
    if (node === undefined) {
      node = nodes.length;
      children.set(key, node);
      nodes.push({ fn, parent, calls: 0, tokens: 0, lines: new Map() });
    }
    nodes[node].calls++;
    return node;
  }
}

/** What each function cost, the most expensive first. */
export function costs({ functions, nodes }: Profile): FunctionCost[] {
  const inclusive = nodes.map(({ tokens }) => tokens);
  for (let i = nodes.length - 1; i > 0; i--) inclusive[nodes[i].parent] += inclusive[i];
  const found = functions.map((fn) => ({ ...fn, calls: 0, own: 0, total: 0 }));
  for (const [i, { fn, calls, tokens }] of nodes.entries()) {
    const cost = found[fn];
    cost.calls += calls;
    cost.own += tokens;
    if (!isWithin(nodes, i)) cost.total += inclusive[i];
  }
  return found.filter(({ calls }) => calls > 0).sort((a, b) => b.total - a.total);
}

/** Whether a node lies in a call of its own function: its tokens are counted there. */
function isWithin(nodes: readonly ProfileNode[], node: number): boolean {
  for (let at = nodes[node].parent; at >= 0; at = nodes[at].parent) if (nodes[at].fn === nodes[node].fn) return true;
  return false;
}

/** Instructions by function, and by line of the file that their function is declared in. */
class ProfiledCode {
  readonly functions: ProfiledFunction[] = [];
  /** Per instruction its line; 0 where it has none there. */
  readonly lines: Int32Array;
  private readonly program: TokenProgram;
  private readonly debug: DebugInfo | undefined;
  private readonly known = new Map<ProgramFunction | undefined, number>();

  constructor(program: TokenProgram, debug: DebugInfo | undefined) {
    this.program = program;
    this.debug = debug;
    this.lines = new Int32Array(program.ops.length);
    for (const { index, body, end } of debug ? program.functions : []) {
      const file = index < 0 ? undefined : this.declared(body)?.file;
      for (let cursor = body; file !== undefined && cursor < end; cursor++) {
        const found = debug?.nearestLineAt(this.offset(cursor));
        if (found?.file === file) this.lines[cursor] = found.line;
      }
    }
  }

  functionOf(cursor: number): number {
    const fn = functionAt(this.program, cursor);
    let index = this.known.get(fn);
    if (index === undefined) {
      index = this.functions.length;
      this.known.set(fn, index);
      const declared = fn && fn.index >= 0 ? this.declared(fn.body) : undefined;
      const place = declared?.file === undefined ? {} : { file: hostPath(declared.file), line: declared.line };
      this.functions.push({ name: declared?.name ?? fn?.name ?? '(start)', ...place });
    }
    return index;
  }

  private declared(cursor: number) {
    const offset = this.offset(cursor);
    return offset < 0 ? undefined : this.debug?.functionAt(offset);
  }

  private offset(cursor: number): number {
    return this.program.offsets[cursor] - this.program.codeSection;
  }
}

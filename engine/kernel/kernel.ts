/**
 * The fast forward pass: a generator that compiles a model's weights to WebAssembly (docs/performance.md).
 *
 * weights -> graph (graph/) -> classes of look-ups, what is needed of the past, where to branch (analysis/) -> functions
 * (code/) -> the sequence that they generate, and looks back at it (run/). docs/kernel.md shows each step.
 * It reads the model's files and nothing else; what the weights mean is found in the weights. A token that the
 * generated code cannot do is done by the graph itself; a model that turns out not to be what its weights looked like
 * is compiled anew, with what was found.
 */
import type { Generator, Inspection } from '../transformer/generator.ts';
import type { Model } from '../transformer/model.ts';
import type { Prepared } from './run/beginning.ts';
import { Compilation } from './run/compilation.ts';
import type { Explanation, PartNames } from './run/explanation.ts';
import { Finding } from './run/graph-pass.ts';
import type { WasmMemory } from './run/host.ts';

export type { Prepared };

export class Kernel implements Generator {
  readonly model: Model;
  private compilation: Compilation;
  private readonly findings = { general: new Set<string>(), fractions: false };
  private readonly prepared: Prepared | undefined;

  private constructor(model: Model, prepared: Prepared | undefined, taken?: WasmMemory) {
    this.model = model;
    this.prepared = prepared;
    this.compilation = new Compilation(model, this.findings, prepared, taken);
  }

  /**
   * Compiles a model. Functions for its single cases are compiled when they first occur, unless they were made before.
   * @param prepared what was made of this very model (run/prepare.ts)
   */
  static create(model: Model, prepared?: Prepared): Kernel {
    return new Kernel(model, prepared);
  }

  /** A memory that was used is there already: to clear it takes less time than to get another one. */
  anew(): Kernel {
    return new Kernel(this.model, this.prepared, this.compilation.store.release());
  }

  get length(): number {
    return this.compilation.length;
  }

  get bytes(): number {
    return this.compilation.bytes;
  }

  /** For measurements: what was generated and how long it took; passes left to the graph; heads without a class. */
  get counts() {
    const { counts, plan } = this.compilation;
    return { ...counts, generalHeads: plan.groups.filter(({ kind }) => kind === 'general').length };
  }

  tokenAt(index: number): number {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`there is no token ${index}`);
    return this.compilation.heap.token(index);
  }

  read(from: number, to: number): Uint16Array {
    return this.compilation.heap.tokens(from, Math.min(to, this.length));
  }

  append(tokens: ArrayLike<number>): void {
    this.compilation.append(tokens);
  }

  generate(count: number): number {
    if (this.length === 0) throw new RangeError('there is no token to go on from');
    const before = this.length;
    this.attempt(() => this.compilation.generate(count - (this.length - before)));
    return this.length - before;
  }

  inspect(index: number): Inspection {
    this.tokenAt(index);
    return this.attempt(() => this.compilation.inspect(index));
  }

  keys(layer: number, head: number, from: number, to: number): Float64Array {
    if (from < to) this.tokenAt(to - 1);
    return this.attempt(() => this.compilation.keys(layer, head, from, to));
  }

  /**
   * How the kernel computes a token: functions, what is left of the graph in each, what look-ups find. The last token is
   * explained as it is when the next one is generated, those before it as they are in a prompt.
   */
  explain(index: number, names: PartNames): Explanation {
    this.tokenAt(index);
    return this.attempt(() => this.compilation.explain(index, names));
  }

  /**
   * Takes a step, and takes it again with another compilation of the same tokens when the model turns out not to be what
   * it looked like; other errors go on.
   */
  private attempt<T>(step: () => T): T {
    for (;;) {
      try {
        return step();
      } catch (error) {
        if (!(error instanceof Finding)) throw error;
        if (error.head === undefined) this.findings.fractions = true;
        else this.findings.general.add(error.head);
        const tokens = this.read(0, this.length);
        this.compilation = new Compilation(this.model, this.findings);
        this.compilation.append(tokens);
      }
    }
  }
}

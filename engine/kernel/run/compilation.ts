/**
 * One compilation of a model with the sequence that it generates: memory, the functions made so far, the loop over
 * slices, and what generated code asks of JavaScript.
 */
import { PlacedError } from '../../errors.ts';
import type { Inspection } from '../../transformer/generator.ts';
import type { Model } from '../../transformer/model.ts';
import type { Past } from '../analysis/knowledge.ts';
import type { Findings } from '../analysis/model-graph.ts';
import { type Plan, planOf } from '../analysis/plan.ts';
import type { Stage } from '../analysis/stage.ts';
import { unembeddingOf } from '../analysis/unembed.ts';
import { StageCompiler, type StageParts } from '../code/stages.ts';
import { DEOPT } from '../code/surroundings.ts';
import { MAX_SHIFT } from '../graph/lookup.ts';
import { MAX_POSITION, type Node } from '../graph/node.ts';
import { AttentionAsOf } from './attention-as-of.ts';
import { begin, CHECKPOINT, type FewKeys, type Places, type Prepared, type Roots } from './beginning.ts';
import { StreamRoom } from './cells.ts';
import { type Explanation, explain, type PartNames } from './explanation.ts';
import { Functions } from './functions.ts';
import { type Changeable, graphPass } from './graph-pass.ts';
import { Heap } from './heap.ts';
import type { WasmMemory } from './host.ts';
import { inspect } from './inspect.ts';
import { keys } from './keys.ts';
import { KernelLayout } from './layout.ts';
import { local, NodeValues } from './node-values.ts';
import { Occurrences } from './occurrences.ts';
import { Store } from './store.ts';

/** Most tokens per call of the generated loop: V8 changes to optimised code only between calls. */
const SLICE = 32768;

/** What functions are made of, besides slots for those that they call. */
type Parts = Omit<StageParts, 'reserve'> & { readonly layout: KernelLayout };

/** One compilation of a model, with the sequence so far. */
export class Compilation implements Changeable, Past {
  readonly model: Model;
  readonly heap: Heap;
  readonly attention: AttentionAsOf;
  length = 0;
  /** Tokens whose pass is done, as far as later tokens need it. */
  private processed = 0;
  readonly store: Store;
  private readonly findings: Findings;
  private planned: Plan | undefined;
  private readonly places: Places;
  private readonly occurrences: Occurrences;
  private readonly fews: ReadonlyMap<number, FewKeys>;
  private readonly streams: StreamRoom;
  private readonly functions: Functions;
  /** Made when it is needed: a sequence whose functions are all there needs none. */
  private making: { readonly parts: Parts; readonly compiler: StageCompiler } | undefined;
  private readonly exports: Record<string, (...parameters: number[]) => number>;
  private roots: Roots;
  /** Slots below this one are of functions that were made before; undefined when they are used no more. */
  private preparedSlots: number | undefined;
  /** [checkpoint][sum]: sums over all tokens before the checkpoint. */
  private checkpoints = new Float64Array(1024);
  /** For measurements: passes that generated code left to the graph. */
  private left = 0;

  /**
   * @param prepared what was made of this model before, without findings
   * @param taken a memory to use, all zero
   */
  constructor(model: Model, findings: Findings, prepared?: Prepared, taken?: WasmMemory) {
    this.model = model;
    this.findings = findings;
    this.store = new Store(prepared?.image, taken);
    const { store } = this;
    const { vocabulary } = model.config;
    const { places, driver } = prepared ?? begin(this.plan, model.config, store, unembeddingOf(model, this.plan.final));
    this.places = places;
    this.fews = new Map(places.few.map((keys) => [keys.id, keys]));
    const general = prepared ? [] : this.plan.liveGroups.map((index) => this.plan.groups[index]);
    this.heap = new Heap(
      store,
      places.groups,
      general.filter(({ kind }) => kind === 'general'),
    );
    this.attention = new AttentionAsOf(() => this.plan.groups, this.heap, vocabulary);
    this.occurrences = new Occurrences(store, vocabulary, places.keys);
    this.streams = new StreamRoom(store, places.cells.streams);
    this.functions = new Functions(store);
    const imports = {
      newChunk: (group: number) => this.heap.newChunk(group),
      newPage: (group: number, page: number) => this.heap.newPage(group, page),
      missing: (slot: number) => this.makeStage(slot),
      checkpoint: (t: number) => this.checkpoint(t),
      miss: (group: number, x: number) => this.heap.nearest(group, x),
      few: (lookup: number, x: number, y: number) => this.few(lookup, x, y),
      general: (group: number, _: number, x: number, y: number) => this.heap.general.get(group)!.hull.attend(x, y),
      generalInsert: (group: number, t: number, x: number, y: number) => this.insertGeneral(group, t, x, y),
    };
    this.exports = this.functions.start(driver, imports, prepared);
    this.preparedSlots = prepared?.slots;
    this.roots = prepared?.roots ?? this.newRoots();
  }

  /** What the weights are; made when it is first needed. */
  get plan(): Plan {
    this.planned ??= planOf(this.model, this.findings);
    return this.planned;
  }

  get layout(): KernelLayout {
    return this.made.parts.layout;
  }

  get parts(): Parts {
    return this.made.parts;
  }

  private get made() {
    if (this.making) return this.making;
    const { plan, model, store, heap, places } = this;
    const layout = new KernelLayout(plan, store, heap, places.cells);
    const parts = { plan, layout, past: this, unembedding: unembeddingOf(model, plan.final) };
    const compiler = new StageCompiler({
      ...parts,
      reserve: (count, stage) => this.functions.reserve(count, stage),
    });
    this.making = { parts, compiler };
    return this.making;
  }

  /** The decision tree from its roots, with no function made yet. */
  private newRoots(): Roots {
    const { members } = this.plan.tokens;
    const root = (generates: boolean, ready: boolean) =>
      this.functions.reserve(members.length, (choice) => this.made.compiler.first(generates, ready, choice));
    return [false, true].map((ready) => [false, true].map((generates) => root(generates, ready)));
  }

  /**
   * Makes the function of a slot. Where it is one of those made before that is missing, all are made from now on: the
   * token is done again by them, from its first.
   */
  private makeStage(slot: number): void {
    if (this.preparedSlots === undefined || slot >= this.preparedSlots) {
      this.functions.makeStage(slot, this.made.compiler);
      return;
    }
    this.functions.giveUp(slot);
    this.preparedSlots = undefined;
    this.roots = this.newRoots();
  }

  /** Stages whose functions were generated, in their order. */
  get stages(): readonly Stage[] {
    return this.functions.made;
  }

  get counts() {
    return { ...this.functions.counts, left: this.left };
  }

  get bytes(): number {
    return this.heap.bytes + this.checkpoints.byteLength;
  }

  private checkpoint(t: number): void {
    const { sums } = this.places.cells;
    const at = (t / CHECKPOINT) * sums.length;
    if (at + sums.length > this.checkpoints.length) {
      const larger = new Float64Array(2 * this.checkpoints.length + sums.length);
      larger.set(this.checkpoints);
      this.checkpoints = larger;
    }
    sums.forEach((cell, i) => {
      this.checkpoints[at + i] = t === 0 ? 0 : this.store.f64[(cell >> 3) + ((t - 1) & 1)];
    });
  }

  /** The token that a look-up among few keys finds; -1 where that is none of them alone, or not all of them are there. */
  private few(id: number, x: number, y: number): number {
    const { ids, x: xs, y: ys } = this.fews.get(id)!;
    if (!this.occurrences.ofAll(ids)) return -1;
    let best = Number.NEGATIVE_INFINITY;
    let winner = -1;
    // All other ids stand for none of these.
    for (let i = xs.length - 1; i >= 0; i--) {
      const score = x * xs[i] + y * ys[i];
      if (score > best) {
        best = score;
        winner = ids[i] ?? -1;
      } else if (score === best) winner = -1;
    }
    return winner;
  }

  insertGeneral(group: number, t: number, x: number, y: number): number {
    const { store, hull } = this.heap.general.get(group)!;
    if (store.length > t) return 0;
    store.append(x, y, []);
    hull.append();
    return 0;
  }

  append(tokens: ArrayLike<number>): void {
    const { length, store } = this;
    if (tokens.length === 0) return;
    const { vocabulary } = this.model.config;
    for (let i = 0; i < tokens.length; i++) {
      if (!(tokens[i] < vocabulary)) throw new RangeError(`the vocabulary has no token ${tokens[i]}`);
    }
    this.reserve(length + tokens.length);
    const first = store.firstToken;
    for (let i = 0; i < tokens.length; i++) store.u16[first + length + i] = tokens[i];
    // A shift that would lead before the first token finds the first.
    if (length === 0) store.u16.fill(tokens[0], first - MAX_SHIFT, first);
    this.length += tokens.length;
  }

  private reserve(tokens: number): void {
    if (tokens > MAX_POSITION) {
      throw new PlacedError(`the model has positions for ${MAX_POSITION} tokens, and they are used up`, {
        token: this.length,
      });
    }
    this.store.reserveTokens(tokens, this.length);
  }

  /** Brings the state up to, but without, token `until`. */
  private process(until: number): void {
    this.occurrences.see(this.length);
    while (this.processed < until) this.slice(0, Math.min(until, this.processed + SLICE));
  }

  /** Runs passes until `end`; true when a token that ends generation was generated. */
  private slice(generates: 0 | 1, goal: number): boolean {
    const { readyAt } = this.occurrences;
    const ready = this.processed >= readyAt;
    const end = ready ? goal : Math.min(goal, readyAt);
    this.streams.reserve(end + 1);
    const start = this.processed;
    const { roots } = this;
    const reached = this.exports.run(roots[Number(ready)][generates], start, end, generates);
    const status = this.store.i32[this.places.status >> 2];
    if (generates) {
      this.length = reached + 1;
      this.occurrences.see(this.length);
    }
    this.processed = reached;
    this.attention.note(reached);
    if (status !== -DEOPT) return status === 1;
    // The token wants a function that was not made before: it is done again by others.
    if (roots !== this.roots) return false;
    this.left++;
    const token = graphPass(this, reached, generates === 1);
    this.processed++;
    if (!generates) return false;
    this.store.u16[this.store.firstToken + this.length++] = token;
    return this.model.config.eos.includes(token);
  }

  generate(count: number): void {
    this.process(this.length - 1);
    // The last token's pass may have been done for an inspection: then it is done again, which changes nothing.
    this.processed = this.length - 1;
    const goal = this.length + count;
    while (this.length < goal) {
      const most = Math.min(SLICE, Math.max(4096, this.length >> 2));
      const until = Math.min(goal, this.length + most, MAX_POSITION);
      if (until === this.length) this.reserve(this.length + 1);
      this.reserve(until);
      if (this.slice(1, until - 1)) return;
    }
  }

  insert(group: number, key: number, t: number): number {
    return this.exports.insert(group, key, t);
  }

  settled(): number {
    return this.processed;
  }

  localAt(form: Node, position: number): number {
    return local(this, form, position);
  }

  sumUntil(form: Node, t: number): number {
    const { sums } = this.plan;
    const index = sums.indexOf(form);
    if (index < 0) {
      // A head that nothing depends on: no sum is kept.
      let sum = 0;
      for (let p = 0; p <= t; p++) sum += form.local ? local(this, form, p) : new NodeValues(this, p).of(form);
      return sum;
    }
    const near = Math.floor(Math.min(t + 1, this.processed) / CHECKPOINT);
    let sum = near === 0 ? 0 : this.checkpoints[near * sums.length + index];
    for (let p = near * CHECKPOINT; p <= t; p++) sum += form.local ? local(this, form, p) : this.stream(form, p);
    return sum;
  }

  stream(form: Node, position: number): number {
    return this.layout.streamed(form, position);
  }

  /** How token t is computed: the last one as it is with the next token behind it, others as in a prompt. */
  explain(t: number, names: PartNames): Explanation {
    // Look-ups may find token t itself, by the record that it leaves; its functions were made before it had.
    this.process(t + 1);
    const past = { settled: () => t, localAt: this.localAt.bind(this) };
    const generates = t === this.length - 1;
    const first = (tokenClass: number) =>
      this.made.compiler.first(generates, t >= this.occurrences.readyAt, tokenClass);
    const reserve = (count: number, stage: (choice: number) => Stage) => this.functions.reserve(count, stage);
    return explain({ memory: this, parts: { ...this.parts, past }, reserve, first, generates }, t, names);
  }

  inspect(t: number): Inspection {
    this.process(t + 1);
    return inspect(this, t);
  }

  keys(layer: number, head: number, from: number, to: number): Float64Array {
    this.process(to);
    return keys(this, layer, head, from, to);
  }
}

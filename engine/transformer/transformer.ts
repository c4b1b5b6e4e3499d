/**
 * The forward pass as one would teach it: embedding, then per layer attention and a ReGLU feed-forward that add to the
 * residual stream, then the unembedding; the token with the greatest logit comes next.
 *
 * It knows weights, positions and recency slopes, nothing of what they compute. This is the reference: the kernel must
 * agree with it on every token and every head's target.
 */
import { PlacedError } from '../errors.ts';
import { type AttentionCache, chooseAmong, KeyValueStore, meanOfTied } from './attention.ts';
import type { Generator, HeadInspection, Inspection } from './generator.ts';
import { HardmaxCache } from './hardmax.ts';
import { HullCache } from './hull.ts';
import { type Layer, type Model, workingHeads } from './model.ts';
import { StandardCache } from './standard.ts';

/** Implementations of attention: softmax over all keys, argmax over all keys, argmax by convex hull. */
export type Attention = 'hull' | 'hardmax' | 'standard';

/** Positions are keys up to this one: their squares are exact (below 2^53). */
const MOST_TOKENS = 2 ** 26;

/** A head that does something. */
interface HeadPlan {
  readonly head: number;
  /** Where its two value components stand in its group's store; -1 for one that is always 0. */
  readonly components: readonly [number, number];
}

/** Heads of a layer with the same keys and slope: they share keys, hull and stored values. */
interface Group {
  readonly keyRow: number;
  readonly latest: boolean;
  readonly valueRows: readonly number[];
  readonly heads: readonly HeadPlan[];
  readonly store: KeyValueStore;
  readonly cache: AttentionCache;
}

/** Tokens under construction are kept in chunks that double. */
const FIRST_CHUNK = 4096;

export class Transformer implements Generator {
  readonly model: Model;
  readonly attention: Attention;
  length = 0;
  /** [layer · heads + head]: the token that each head attended to in the pass over the last token; -1 for several. */
  readonly targets: Int32Array;
  private tokens = new Uint16Array(FIRST_CHUNK);
  private readonly groups: readonly (readonly Group[])[];
  private readonly neurons: readonly Int32Array[];
  private readonly x: Float64Array;
  private readonly headOutputs: Float64Array;
  private readonly activations: Float64Array;
  private readonly values: Float64Array;
  private readonly eos: Set<number>;
  /** Rows of the unembedding, the first of equal ones: the others never come next. */
  private readonly candidates: Int32Array;

  constructor(model: Model, attention: Attention) {
    this.model = model;
    this.attention = attention;
    const { dModel, heads, dFfn, eos } = model.config;
    this.groups = model.layers.map((layer, l) => this.groupsOf(layer, model.config.recencySlopes[l]));
    this.neurons = model.layers.map(({ gate, up }) =>
      Int32Array.from(Array.from({ length: gate.rows }, (_, n) => n).filter((n) => !gate.isZero(n) && !up.isZero(n))),
    );
    this.x = new Float64Array(dModel);
    this.targets = new Int32Array(model.layers.length * heads).fill(-1);
    this.headOutputs = new Float64Array(2 * heads);
    this.activations = new Float64Array(dFfn);
    this.values = new Float64Array(2 * heads);
    this.eos = new Set(eos);
    const rows = new Map<string, number>();
    for (let row = model.unembed.rows - 1; row >= 0; row--) rows.set(model.unembed.text(row), row);
    this.candidates = Int32Array.from(rows.values()).sort();
  }

  private groupsOf(layer: Layer, slopes: readonly number[]): Group[] {
    const byKey = new Map<string, number[]>();
    for (const head of workingHeads(layer)) {
      const key = `${layer.k.text(2 * head)}|${layer.k.text(2 * head + 1)}|${slopes[head]}`;
      byKey.set(key, [...(byKey.get(key) ?? []), head]);
    }
    return [...byKey.values()].map((heads) => {
      const valueRows: number[] = [];
      const component = (row: number) => (layer.v.isZero(row) || layer.o.isZero(row) ? -1 : valueRows.push(row) - 1);
      const plans = heads.map((head) => ({
        head,
        components: [component(2 * head), component(2 * head + 1)] as const,
      }));
      const store = new KeyValueStore(valueRows.length);
      const slope = slopes[heads[0]];
      return {
        keyRow: 2 * heads[0],
        latest: slope > 0,
        valueRows,
        heads: plans,
        store,
        cache: this.cache(store, slope),
      };
    });
  }

  private cache(store: KeyValueStore, slope: number): AttentionCache {
    switch (this.attention) {
      case 'hull':
        return new HullCache(store, slope > 0);
      case 'hardmax':
        return new HardmaxCache(store, slope > 0);
      case 'standard':
        return new StandardCache(store, slope, this.model.config.softmax.scaleBits);
    }
  }

  get bytes(): number {
    let bytes = this.tokens.byteLength;
    for (const group of this.groups.flat()) bytes += group.store.bytes + group.cache.bytes;
    return bytes;
  }

  anew(): Transformer {
    return new Transformer(this.model, this.attention);
  }

  tokenAt(index: number): number {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`there is no token ${index}`);
    return this.tokens[index];
  }

  read(from: number, to: number): Uint16Array {
    return this.tokens.slice(from, Math.min(to, this.length));
  }

  append(tokens: ArrayLike<number>): void {
    for (let i = 0; i < tokens.length; i++) this.pass(tokens[i]);
  }

  generate(count: number): number {
    for (let made = 0; made < count; made++) {
      const token = this.argmax();
      this.pass(token);
      if (this.eos.has(token)) return made + 1;
    }
    return count;
  }

  /** One token through all layers; leaves the residual stream in `x`. */
  private pass(token: number): void {
    const { model, x, headOutputs } = this;
    const position = this.length;
    if (position >= MOST_TOKENS) {
      throw new PlacedError(`the model has positions for ${MOST_TOKENS} tokens, and they are used up`, {
        token: position,
      });
    }
    if (position === this.tokens.length) {
      const larger = new Uint16Array(2 * position);
      larger.set(this.tokens);
      this.tokens = larger;
    }
    this.tokens[position] = token;
    this.length++;
    this.embed(token, position, x);
    for (let l = 0; l < model.layers.length; l++) {
      const layer = model.layers[l];
      headOutputs.fill(0);
      for (const group of this.groups[l]) this.attend(l, group, x, headOutputs);
      layer.o.addTimes(headOutputs, x);
      this.feedForward(l, x);
    }
  }

  private embed(token: number, position: number, x: Float64Array): void {
    const { embed, config } = this.model;
    x.fill(0);
    embed.addRow(token, 1, x);
    x[config.position.slot] += position;
    x[config.position.squareSlot] += position * position;
  }

  private attend(l: number, group: Group, x: Float64Array, outputs: Float64Array): void {
    const layer = this.model.layers[l];
    const { keyRow, valueRows, heads, store, cache } = group;
    for (let c = 0; c < valueRows.length; c++) this.values[c] = layer.v.dot(valueRows[c], x);
    store.append(layer.k.dot(keyRow, x), layer.k.dot(keyRow + 1, x), this.values);
    cache.append();
    for (const { head, components } of heads) {
      const target = cache.attend(layer.q.dot(2 * head, x), layer.q.dot(2 * head + 1, x));
      this.targets[l * this.model.config.heads + head] = target;
      for (let i = 0; i < 2; i++) if (components[i] >= 0) outputs[2 * head + i] = cache.result(components[i]);
    }
  }

  /** x += down · (relu(gate · x) * (up · x)) */
  private feedForward(l: number, x: Float64Array): void {
    const { gate, up, down } = this.model.layers[l];
    const { activations } = this;
    activations.fill(0);
    for (const n of this.neurons[l]) {
      const open = gate.dot(n, x);
      activations[n] = open > 0 ? open * up.dot(n, x) : 0;
    }
    down.addTimes(activations, x);
  }

  /** The token with the greatest logit; the first of equal ones. */
  private argmax(): number {
    if (this.length === 0) throw new RangeError('there is no token to go on from');
    const { unembed } = this.model;
    let best = Number.NEGATIVE_INFINITY;
    let token = 0;
    for (const row of this.candidates) {
      const logit = unembed.dot(row, this.x);
      if (logit > best) {
        best = logit;
        token = row;
      }
    }
    return token;
  }

  keys(layer: number, head: number, from: number, to: number): Float64Array {
    const group = this.groups[layer]?.find(({ heads }) => heads.some((plan) => plan.head === head));
    if (!group) throw new RangeError(`head ${head} of layer ${layer} does nothing`);
    if (from < to) this.tokenAt(to - 1);
    return group.store.keys.slice(2 * from, 2 * to);
  }

  inspect(index: number): Inspection {
    const token = this.tokenAt(index);
    const { model } = this;
    const x = new Float64Array(model.config.dModel);
    const outputs = new Float64Array(2 * model.config.heads);
    const heads: HeadInspection[] = [];
    this.embed(token, index, x);
    const residuals = [x.slice()];
    for (let l = 0; l < model.layers.length; l++) {
      const layer = model.layers[l];
      const found: HeadInspection[] = [];
      outputs.fill(0);
      for (const { heads: plans, store, latest } of this.groups[l]) {
        for (const { head, components } of plans) {
          const query = [layer.q.dot(2 * head, x), layer.q.dot(2 * head + 1, x)] as const;
          const choice = chooseAmong(store, index + 1, query[0], query[1], latest);
          const value = components.map((c) => {
            if (c < 0) return 0;
            if (choice.target >= 0) return store.value(choice.target, c);
            return meanOfTied(store, index + 1, query[0], query[1], choice.score, c);
          });
          outputs.set(value, 2 * head);
          found.push({ layer: l, head, query, value: [value[0], value[1]], ...choice });
        }
      }
      heads.push(...found.sort((a, b) => a.head - b.head));
      layer.o.addTimes(outputs, x);
      residuals.push(x.slice());
      this.feedForward(l, x);
      residuals.push(x.slice());
    }
    const logits = Float64Array.from({ length: model.unembed.rows }, (_, row) => model.unembed.dot(row, x));
    return { token: index, heads, residuals, logits };
  }
}

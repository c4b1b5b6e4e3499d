/**
 * Tokens from the transformer: the model's files, read once per thread, and a forward pass over them per session.
 */
import { generators } from '../../engine/run/engines.ts';
import { modelFolder, type ReadyModel, readReadyModel } from '../../engine/run/model-files.ts';
import { anatomy } from '../../engine/transformer/anatomy.ts';
import type { Generator, Inspection } from '../../engine/transformer/generator.ts';
import { influence } from '../../engine/transformer/influence.ts';
import { broughtBy, headForms } from '../../engine/transformer/slot-names.ts';
import type { HeadKeys, SourceFactory, TokenSource } from './token-source.ts';

/** Sources that run the model in `folder`. */
export function transformerSources(folder = modelFolder, kept = KEPT_BYTES): SourceFactory {
  let loading: Promise<ReadyModel> | undefined;
  const loaded = () => {
    loading ??= readReadyModel(folder).catch((error) => {
      // The next launch tries again: the files may be there by then.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    warm: async () => void (await loaded()),
    source: async ({ attention, engine }) => {
      const { model, prepared, checksum } = await loaded();
      return new TransformerSource(generators(model, attention, engine, prepared), checksum, { sources: [], kept });
    },
  };
}

/** Generators of one program that are kept in any case: the one that is used, and the one before. */
const KEPT = 2;

/** Others are kept while all together take no more bytes. */
const KEPT_BYTES = 768 * 2 ** 20;

/** Of all branches and contexts, those with a generator; the last was used last. */
interface Used {
  readonly sources: TransformerSource[];
  readonly kept: number;
}

/**
 * A generator, its heads named as the model's configuration names them. It is made when it is first needed, and given up
 * when others that were used since need the room: it has no tokens then, and is to be given them again. Those go first that
 * have the fewest tokens, for they are there again soonest.
 */
class TransformerSource implements TokenSource {
  readonly model: string;
  private readonly make: () => Generator;
  private readonly used: Used;
  private made: Generator | undefined;
  /** The pass that was looked at last: several views ask about the same token. */
  private seen: Inspection | undefined;

  constructor(make: () => Generator, model: string, used: Used) {
    this.make = make;
    this.model = model;
    this.used = used;
  }

  another(): TokenSource {
    return new TransformerSource(this.make, this.model, this.used);
  }

  aside(): TokenSource {
    return new TransformerSource(this.make, this.model, { sources: [], kept: this.used.kept });
  }

  release(): void {
    const { sources } = this.used;
    const at = sources.indexOf(this);
    if (at >= 0) sources.splice(at, 1);
    this.made = undefined;
    this.seen = undefined;
  }

  private get generator(): Generator {
    const { sources } = this.used;
    if (sources.at(-1) !== this) {
      const { made, seen } = this;
      this.release();
      Object.assign(this, { made, seen });
      sources.push(this);
      this.makeRoom();
    }
    this.made ??= this.make();
    return this.made;
  }

  private makeRoom(): void {
    const { sources, kept } = this.used;
    const taken = () => sources.reduce((sum, { bytes }) => sum + bytes, 0);
    while (sources.length > KEPT && taken() > kept) {
      const others = sources.slice(0, -KEPT);
      others.reduce((least, each) => (each.length < least.length ? each : least)).release();
    }
  }

  get length(): number {
    return this.made?.length ?? 0;
  }

  get bytes(): number {
    return this.made?.bytes ?? 0;
  }

  read(from: number, to: number): Uint16Array {
    return this.generator.read(from, to);
  }

  append(tokens: ArrayLike<number>): void {
    this.generator.append(tokens);
  }

  generate(count: number): number {
    return this.generator.generate(count);
  }

  keys(layer: number, head: number): HeadKeys {
    const { config } = this.generator.model;
    return {
      slope: config.recencySlopes[layer][head],
      scaleBits: config.softmax.scaleBits,
      read: (from, to) => this.generator.keys(layer, head, from, to),
    };
  }

  inspect(index: number) {
    const { model } = this.generator;
    const inspection = this.pass(index);
    const active = influence(model, inspection);
    const { heads: names } = model.config.names;
    const heads = inspection.heads.map((head, i) => ({
      ...head,
      name: names[head.layer]?.[head.head] ?? '',
      active: active[i],
      brings: broughtBy(model, head.layer, head.head),
    }));
    return { heads };
  }

  anatomy(index: number, rival?: number) {
    return anatomy(this.generator.model, this.pass(index), rival);
  }

  forms(index: number, layer: number, head: number) {
    const { model } = this.generator;
    if (!model.config.names.heads[layer]?.[head]) return undefined;
    return headForms(model, layer, head, this.pass(index).residuals[2 * layer]);
  }

  /** The whole pass over a token. What was read is never taken back, so it stays as it is. */
  private pass(index: number): Inspection {
    if (this.seen?.token !== index) this.seen = this.generator.inspect(index);
    return this.seen;
  }
}

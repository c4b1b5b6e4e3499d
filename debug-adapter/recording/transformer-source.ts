/**
 * Tokens from the transformer: the model's files, read once per thread, and a forward pass over them per session.
 */
import { generators } from '../../engine/run/engines.ts';
import { modelFolder, type ReadyModel, readReadyModel } from '../../engine/run/model-files.ts';
import { anatomy } from '../../engine/transformer/anatomy.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { influence } from '../../engine/transformer/influence.ts';
import type { HeadKeys, SourceFactory, TokenSource } from './token-source.ts';

/** Sources that run the model in `folder`. */
export function transformerSources(folder = modelFolder): SourceFactory {
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
      return new TransformerSource(generators(model, attention, engine, prepared), checksum, []);
    },
  };
}

/** Generators of one program that are kept: that of the branch one is in, and of the one before. */
const MOST_GENERATORS = 2;

/**
 * A generator, its heads named as the model's configuration names them. It is made when it is first needed, and given up
 * when more than a few others have been used since: it has no tokens then, and is to be given them again.
 */
class TransformerSource implements TokenSource {
  readonly model: string;
  private readonly make: () => Generator;
  /** Of all branches, those with a generator; the last was used last. */
  private readonly used: TransformerSource[];
  private made: Generator | undefined;

  constructor(make: () => Generator, model: string, used: TransformerSource[]) {
    this.make = make;
    this.model = model;
    this.used = used;
  }

  another(): TokenSource {
    return new TransformerSource(this.make, this.model, this.used);
  }

  aside(): TokenSource {
    return new TransformerSource(this.make, this.model, []);
  }

  release(): void {
    const at = this.used.indexOf(this);
    if (at >= 0) this.used.splice(at, 1);
    this.made = undefined;
  }

  private get generator(): Generator {
    const { used } = this;
    if (used.at(-1) !== this) {
      const { made } = this;
      this.release();
      this.made = made;
      used.push(this);
      for (const source of used.splice(0, used.length - MOST_GENERATORS)) source.made = undefined;
    }
    this.made ??= this.make();
    return this.made;
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
    const { generator } = this;
    const { model } = generator;
    const inspection = generator.inspect(index);
    const active = influence(model, inspection);
    const { heads: names } = model.config.names;
    const heads = inspection.heads.map((head, i) => ({
      ...head,
      name: names[head.layer]?.[head.head] ?? '',
      active: active[i],
    }));
    return { heads };
  }

  anatomy(index: number, rival?: number) {
    const { generator } = this;
    return anatomy(generator.model, generator.inspect(index), rival);
  }
}

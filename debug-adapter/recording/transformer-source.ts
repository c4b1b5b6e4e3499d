/**
 * Tokens from the transformer: the model's files, read once per thread, and a forward pass over them per session.
 */
import { createGenerator } from '../../engine/run/engines.ts';
import { modelChecksum, modelFolder, readModelFiles } from '../../engine/run/model-files.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { influence } from '../../engine/transformer/influence.ts';
import { Model } from '../../engine/transformer/model.ts';
import type { SourceFactory, TokenSource } from './token-source.ts';

/** Sources that run the model in `folder`. */
export function transformerSources(folder = modelFolder): SourceFactory {
  let loading: Promise<{ model: Model; checksum: string }> | undefined;
  const read = async () => {
    const files = await readModelFiles(folder);
    return { model: Model.load(files), checksum: modelChecksum(files) };
  };
  const loaded = () => {
    loading ??= read().catch((error) => {
      // The next launch tries again: the files may be there by then.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    warm: async () => void (await loaded()),
    source: async ({ attention, engine }) => {
      const { model, checksum } = await loaded();
      return new TransformerSource(createGenerator(model, attention, engine), checksum);
    },
  };
}

/** A generator, its heads named as the model's configuration names them. */
class TransformerSource implements TokenSource {
  readonly model: string;
  private readonly generator: Generator;

  constructor(generator: Generator, model: string) {
    this.generator = generator;
    this.model = model;
  }

  get length(): number {
    return this.generator.length;
  }

  get bytes(): number {
    return this.generator.bytes;
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

  inspect(index: number) {
    const { model } = this.generator;
    const inspection = this.generator.inspect(index);
    const active = influence(model, inspection);
    const { heads: names } = model.config.names;
    const heads = inspection.heads.map((head, i) => ({
      ...head,
      name: names[head.layer]?.[head.head] ?? '',
      active: active[i],
    }));
    return { heads };
  }
}

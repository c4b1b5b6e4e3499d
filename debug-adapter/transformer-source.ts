/**
 * Tokens from the transformer: the model's files, read once per thread, and a forward pass over them per session.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlacedError } from '../engine/errors.ts';
import type { Generator } from '../engine/transformer/generator.ts';
import { Model, type ModelConfig } from '../engine/transformer/model.ts';
import { Transformer } from '../engine/transformer/transformer.ts';
import { type LaunchOptions, modelFolder } from './launch.ts';
import type { SourceFactory } from './session-host.ts';
import type { TokenSource } from './token-source.ts';

/** Sources that run the model in `folder`. */
export function transformerSources(folder = modelFolder): SourceFactory {
  let loading: Promise<Model> | undefined;
  const model = () => {
    loading ??= loadModel(folder).catch((error) => {
      // The next launch tries again: the files may be there by then.
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    warm: async () => void (await model()),
    source: async (_, options) => new TransformerSource(generatorOf(await model(), options)),
  };
}

/** The engine that a launch configuration asks for; so far there is one. */
function generatorOf(model: Model, { attention }: LaunchOptions): Generator {
  return new Transformer(model, attention);
}

/** @throws PlacedError when the files cannot be read or do not fit together */
async function loadModel(folder: string): Promise<Model> {
  const read = async (name: string) => {
    const file = join(folder, name);
    try {
      return await readFile(file);
    } catch (error) {
      const message = `the model cannot be read: ${(error as Error).message}. Build it with "npm run build".`;
      throw new PlacedError(message, { file });
    }
  };
  const [safetensors, vocab, config] = await Promise.all(
    ['model.safetensors', 'vocab.json', 'config.json'].map((name) => read(name)),
  );
  const json = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8'));
  return Model.load({
    safetensors: new Uint8Array(safetensors),
    vocab: json(vocab) as string[],
    config: json(config) as ModelConfig,
  });
}

/** A generator, its heads named as the model's configuration names them. */
class TransformerSource implements TokenSource {
  private readonly generator: Generator;

  constructor(generator: Generator) {
    this.generator = generator;
  }

  get length(): number {
    return this.generator.length;
  }

  tokenAt(index: number): number {
    return this.generator.tokenAt(index);
  }

  append(tokens: ArrayLike<number>): void {
    this.generator.append(tokens);
  }

  generate(count: number): number {
    return this.generator.generate(count);
  }

  inspect(index: number) {
    const { names } = this.generator.model.config;
    const heads = this.generator.inspect(index).heads.map((head) => ({
      ...head,
      name: names.heads[head.layer]?.[head.head] ?? '',
    }));
    return { heads };
  }
}

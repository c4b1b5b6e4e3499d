/** The model that is shipped, as the Model view shows it: read from its three files when somebody wants to see it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Model, type ModelConfig } from '../../../engine/transformer/model.ts';
import { portrait } from '../../../engine/transformer/portrait.ts';
import type { ShippedModel } from '../../views/link/messages.ts';

const FILES = ['config.json', 'model.safetensors', 'vocab.json'] as const;

/** Reads the model in a folder. @throws PlacedError, or what the file system says, when files are missing or do not fit */
export async function shippedModel(folder: string): Promise<ShippedModel> {
  const contents = await Promise.all(FILES.map((name) => readFile(path.join(folder, name))));
  const [config, safetensors, vocab] = contents;
  const model = Model.load({
    config: JSON.parse(config.toString()) as ModelConfig,
    safetensors,
    vocab: JSON.parse(vocab.toString()) as string[],
  });
  const files = contents.map((bytes, i) => ({
    name: FILES[i],
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  return { portrait: portrait(model), files };
}

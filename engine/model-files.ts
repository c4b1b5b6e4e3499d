/** The model's three files on disk, as the build writes them. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PlacedError } from './errors.ts';
import { Model, type ModelConfig } from './transformer/model.ts';

/** Where the build puts the model: `dist/model`, beside the built programs. */
export const modelFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/model/' : './model/', import.meta.url),
);

/** Reads a model. @throws PlacedError when files are missing, or do not fit together */
export async function readModel(folder: string = modelFolder): Promise<Model> {
  const read = async (name: string) => {
    try {
      return await readFile(`${folder}/${name}`);
    } catch (error) {
      const message = `The model cannot be read: ${(error as Error).message}. Build it with: npm run build`;
      throw new PlacedError(message, { file: `${folder}/${name}` });
    }
  };
  const [safetensors, vocab, config] = await Promise.all(['model.safetensors', 'vocab.json', 'config.json'].map(read));
  return Model.load({
    safetensors,
    vocab: JSON.parse(vocab.toString()) as string[],
    config: JSON.parse(config.toString()) as ModelConfig,
  });
}

/** The model's three files on disk, as the build writes them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../errors.ts';
import { Model, type ModelConfig, type ModelFiles } from '../transformer/model.ts';

/** Where the build puts the model: `dist/model`, beside the built programs. */
export const modelFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/model/' : './model/', import.meta.url),
);

/** Reads the contents of the files. @throws PlacedError when one is missing, or is no JSON where it must be */
export async function readModelFiles(folder: string = modelFolder): Promise<ModelFiles> {
  const read = async <T>(name: string, parse: (bytes: Buffer) => T) => {
    try {
      return parse(await readFile(`${folder}/${name}`));
    } catch (error) {
      const remedy = folder === modelFolder ? 'Build it with: npm run build' : 'Is that the folder of a model?';
      const message = `The model cannot be read: ${(error as Error).message}. ${remedy}`;
      throw new PlacedError(message, { file: `${folder}/${name}` });
    }
  };
  const [safetensors, vocab, config] = await Promise.all([
    read('model.safetensors', (bytes) => bytes),
    read('vocab.json', (bytes) => JSON.parse(bytes.toString()) as string[]),
    read('config.json', (bytes) => JSON.parse(bytes.toString()) as ModelConfig),
  ]);
  return { safetensors, vocab, config };
}

/** Reads a model. @throws PlacedError when files are missing, or do not fit together */
export async function readModel(folder: string = modelFolder): Promise<Model> {
  return Model.load(await readModelFiles(folder));
}

/** Checksum of a model: what tells recordings of different ones apart. */
export function modelChecksum({ safetensors, vocab, config }: ModelFiles): string {
  return createHash('sha256')
    .update(safetensors)
    .update(JSON.stringify([vocab, config]))
    .digest('hex');
}

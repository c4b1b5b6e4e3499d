/** The model's three files on disk, as the build writes them, and what was made of them ahead of time. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../errors.ts';
import type { Prepared } from '../kernel/kernel.ts';
import { Model, type ModelConfig, type ModelFiles } from '../transformer/model.ts';
import { modelChecksum, stampedChecksum } from './model-stamp.ts';
import { readPrepared } from './prepared-files.ts';

/** Where the build puts the model: `dist/model`, beside the built programs. */
export const modelFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/model/' : './model/', import.meta.url),
);

/** A model that is ready to run. */
export interface ReadyModel {
  readonly model: Model;
  /** What its kernel begins with, where that was made ahead of time. */
  readonly prepared: Prepared | undefined;
  /** Tells recordings of different models apart. */
  readonly checksum: string;
}

/** Reads the contents of the files. @throws PlacedError when one is missing, or is no JSON where it must be */
export async function readModelFiles(folder: string = modelFolder): Promise<ModelFiles> {
  const [safetensors, texts] = await Promise.all([
    readOne(folder, 'model.safetensors', (bytes) => bytes),
    readTexts(folder),
  ]);
  return { safetensors, ...texts };
}

/** Those of them that are text. */
async function readTexts(folder: string): Promise<Omit<ModelFiles, 'safetensors'>> {
  const [vocab, config] = await Promise.all([
    readOne(folder, 'vocab.json', (bytes) => JSON.parse(bytes.toString()) as string[]),
    readOne(folder, 'config.json', (bytes) => JSON.parse(bytes.toString()) as ModelConfig),
  ]);
  return { vocab, config };
}

async function readOne<T>(folder: string, name: string, parse: (bytes: Buffer) => T): Promise<T> {
  try {
    return parse(await readFile(`${folder}/${name}`));
  } catch (error) {
    const remedy = folder === modelFolder ? 'Build it with: npm run build' : 'Is that the folder of a model?';
    const message = `The model cannot be read: ${(error as Error).message}. ${remedy}`;
    throw new PlacedError(message, { file: `${folder}/${name}` });
  }
}

/**
 * Reads a model; what was made of its files ahead of time is taken, if it is there.
 * @throws PlacedError when files are missing, or do not fit together
 */
export async function readReadyModel(folder: string = modelFolder): Promise<ReadyModel> {
  const stamped = await stampedChecksum(folder);
  const ready = stamped === undefined ? undefined : await readPrepared(stamped, await readTexts(folder));
  if (stamped !== undefined && ready) return { ...ready, checksum: stamped };
  const files = await readModelFiles(folder);
  const checksum = await modelChecksum(files);
  const found = await readPrepared(checksum, files);
  return { model: found?.model ?? Model.load(files), prepared: found?.prepared, checksum };
}

/** Reads a model. @throws PlacedError when files are missing, or do not fit together */
export async function readModel(folder: string = modelFolder): Promise<Model> {
  return Model.load(await readModelFiles(folder));
}

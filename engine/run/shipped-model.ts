/**
 * A model as the Model view shows it: its portrait and its files. The build keeps that of the model that it has written
 * (`portrait.json`, beside what prepared-files.ts has of it); of any other it is made from the three files.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Model, type ModelConfig } from '../transformer/model.ts';
import { type Portrait, portrait } from '../transformer/portrait.ts';
import { modelChecksum, stampedChecksum } from './model-stamp.ts';

export interface ShippedModel {
  readonly portrait: Portrait;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

const FILES = ['config.json', 'model.safetensors', 'vocab.json'] as const;

/** Where the build keeps it: `prepared/` is beside the model's folder. */
const keptOf = (folder: string, checksum: string) =>
  join(dirname(resolve(folder)), 'prepared', checksum, 'portrait.json');

/** The model in a folder. @throws PlacedError, or what the file system says, when files are missing or do not fit */
export async function shippedModel(folder: string): Promise<ShippedModel> {
  const stamped = await stampedChecksum(folder);
  const kept = stamped === undefined ? undefined : await readKept(keptOf(folder, stamped));
  return kept ?? (await readShipped(folder)).shipped;
}

/** Keeps what there is to show of the model in a folder. */
export async function keepShipped(folder: string): Promise<void> {
  const { shipped, checksum } = await readShipped(folder);
  await writeFile(keptOf(folder, checksum), JSON.stringify(shipped));
}

async function readShipped(folder: string): Promise<{ shipped: ShippedModel; checksum: string }> {
  const contents = await Promise.all(FILES.map((name) => readFile(join(folder, name))));
  const [config, safetensors, vocab] = contents;
  const model = {
    config: JSON.parse(config.toString()) as ModelConfig,
    safetensors,
    vocab: JSON.parse(vocab.toString()) as string[],
  };
  const checksum = await modelChecksum(model);
  const kept = await readKept(keptOf(folder, checksum));
  const files = contents.map(async (bytes, i) => ({
    name: FILES[i],
    bytes: bytes.length,
    sha256: await sha256(bytes),
  }));
  return {
    shipped: { portrait: kept?.portrait ?? portrait(Model.load(model)), files: await Promise.all(files) },
    checksum,
  };
}

async function readKept(file: string): Promise<ShippedModel | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ShippedModel;
  } catch {
    return undefined;
  }
}

async function sha256(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex');
}

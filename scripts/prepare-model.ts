/**
 * Makes ahead of time what running the model needs (engine/run/prepared-files.ts): a program of the build, which takes the
 * folder of the model and the folder to write to.
 */
import { prepare } from '../engine/kernel/run/prepare.ts';
import { modelChecksum, readModelFiles } from '../engine/run/model-files.ts';
import { writePrepared } from '../engine/run/prepared-files.ts';
import { Model } from '../engine/transformer/model.ts';

export async function prepareModel(model: string, output: string): Promise<void> {
  const files = await readModelFiles(model);
  const prepared = prepare(Model.load(files));
  if (!prepared) throw new Error('the model has heads of no class: nothing of it can be made ahead of time');
  await writePrepared(await modelChecksum(files), files, prepared, output);
}

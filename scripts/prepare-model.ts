/**
 * Makes ahead of time what running the model needs (engine/run/prepared-files.ts) and what there is to show of it
 * (engine/run/shipped-model.ts), and notes which files it was made of
 * (engine/run/model-stamp.ts): steps of the build.
 */
import { prepare } from '../engine/kernel/run/prepare.ts';
import { readModelFiles } from '../engine/run/model-files.ts';
import { modelChecksum, stampModel } from '../engine/run/model-stamp.ts';
import { writePrepared } from '../engine/run/prepared-files.ts';
import { keepShipped } from '../engine/run/shipped-model.ts';
import { Model } from '../engine/transformer/model.ts';

export async function prepareModel(model: string, output: string): Promise<void> {
  const files = await readModelFiles(model);
  const prepared = prepare(Model.load(files));
  if (!prepared) throw new Error('the model has heads of no class: nothing of it can be made ahead of time');
  // It is not looked at again before it runs.
  if (!WebAssembly.validate(new Uint8Array(prepared.functions)))
    throw new Error("the kernel's functions are no valid module");
  await writePrepared(await modelChecksum(files), files, prepared, output);
  await keepShipped(model);
}

export async function noteModel(model: string): Promise<void> {
  await stampModel(model, await modelChecksum(await readModelFiles(model)));
}

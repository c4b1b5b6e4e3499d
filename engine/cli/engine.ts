/** Which implementation of the forward pass generates, and with which attention. */
import type { Generator } from '../transformer/generator.ts';
import { type Attention, Transformer } from '../transformer/transformer.ts';
import { readModel } from './model-files.ts';

/** Loads the model and makes what generates with it. */
export async function loadGenerator(attention: Attention): Promise<Generator> {
  return new Transformer(await readModel(), attention);
}

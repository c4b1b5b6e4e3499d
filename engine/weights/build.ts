/** Writes the model's files: `model.safetensors`, `vocab.json`, `config.json`. The same bytes every time. */
import type { Graph } from '../graph/graph.ts';
import { TRAP_REASONS } from '../isa/opcodes.ts';
import { TOKEN, VOCABULARY } from '../isa/vocabulary.ts';
import { machine } from '../machine/machine.ts';
import type { ModelFiles } from '../transformer/model.ts';
import { writeSafetensors } from '../transformer/safetensors.ts';
import { compile } from './compile.ts';
import { derivedLimits } from './exactness/limits.ts';

/** The machine's model as the contents of its three files. */
export function modelFiles(): ModelFiles {
  return filesOf(machine());
}

/** A machine's graph as the contents of the three files. */
export function filesOf(graph: Graph): ModelFiles {
  const { tensors, config } = compile(graph, [
    TOKEN.halt,
    TOKEN.needInput,
    ...TRAP_REASONS.map((_, i) => TOKEN.trap + i),
  ]);
  return { safetensors: writeSafetensors(tensors), vocab: [...VOCABULARY], config };
}

/**
 * Builds the machine's model into `directory`, with its limits in the configuration.
 * @throws RangeError if a row of it is not exact
 */
export async function buildModel(directory: string): Promise<void> {
  const files = modelFiles();
  const { softmax, recencySlopes } = files.config;
  const limits = derivedLimits(softmax.scaleBits, Math.max(...recencySlopes.flat()));
  await writeModel(directory, { ...files, config: { ...files.config, limits } });
}

/** Writes the files into `directory`, which is made if need be. */
export async function writeModel(directory: string, files: ModelFiles): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(directory, { recursive: true });
  for (const [name, content] of Object.entries(contentsOf(files))) await writeFile(`${directory}/${name}`, content);
}

/** The three files by name, as they are written. */
export function contentsOf({ safetensors, vocab, config }: ModelFiles): Record<string, Uint8Array | string> {
  return {
    'model.safetensors': safetensors,
    'vocab.json': `${JSON.stringify(vocab)}\n`,
    'config.json': `${JSON.stringify(config, null, 1)}\n`,
  };
}

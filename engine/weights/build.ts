/** Writes the model's files: `model.safetensors`, `vocab.json`, `config.json`. The same bytes every time. */
import { TRAP_REASONS } from '../isa/opcodes.ts';
import { TOKEN, VOCABULARY } from '../isa/vocabulary.ts';
import { machine } from '../machine/machine.ts';
import type { ModelFiles } from '../transformer/model.ts';
import { writeSafetensors } from '../transformer/safetensors.ts';
import { compile } from './compile.ts';

/** The machine's model as the contents of its three files. */
export function modelFiles(): ModelFiles {
  const { tensors, config } = compile(machine(), [TOKEN.halt, ...TRAP_REASONS.map((_, i) => TOKEN.trap + i)]);
  return { safetensors: writeSafetensors(tensors), vocab: [...VOCABULARY], config };
}

/** Writes the files into `directory`, which is made if need be. */
export async function buildModel(directory: string): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises');
  const { safetensors, vocab, config } = modelFiles();
  await mkdir(directory, { recursive: true });
  await writeFile(`${directory}/model.safetensors`, safetensors);
  await writeFile(`${directory}/vocab.json`, `${JSON.stringify(vocab)}\n`);
  await writeFile(`${directory}/config.json`, `${JSON.stringify(config, null, 1)}\n`);
}

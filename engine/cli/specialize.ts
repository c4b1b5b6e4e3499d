/** `stepformer specialize`: a model that runs one program, which is then no part of its prompt. */
import { basename } from 'node:path';
import { load } from '../toolchain/load.ts';
import { contentsOf } from '../weights/build.ts';
import { provenSpecializedModel } from '../weights/specialize.ts';
import { choice, parseOptions, UsageError } from './options.ts';
import { writeFiles } from './write-files.ts';

const OPTIMIZE = ['O0', 'O1', 'O2'] as const;

/** Writes the specialised model; resolves with the exit status. */
export async function specialize(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args, { out: 'value', optimize: 'value' });
  if (parsed.files.length === 0) throw new UsageError('no program given: name C files, or one .wat or .wasm file');
  const out = parsed.value('out');
  if (out === undefined) throw new UsageError('--out is missing: the folder to write to');
  const { program } = await load(parsed.files, { optimize: choice(parsed, 'optimize', OPTIMIZE) });
  const name = parsed.files.map((file) => basename(file)).join(' ');
  await writeFiles(out, contentsOf(provenSpecializedModel(program, name)));
  return 0;
}

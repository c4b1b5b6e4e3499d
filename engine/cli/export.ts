/**
 * `stepformer export`: the model in the formats that others read: its own three files, or one ONNX graph. With a program,
 * the prompt too, as token texts: what a reimplementation needs to generate its trace.
 */
import { ONNX_ATTENTIONS, onnxModel } from '../export/onnx.ts';
import { promptFor } from '../isa/specialized-prompt.ts';
import { readModelFiles } from '../run/model-files.ts';
import { inputOf, load } from '../toolchain/load.ts';
import type { ModelFiles } from '../transformer/model.ts';
import { contentsOf } from '../weights/build.ts';
import { choice, parseOptions, UsageError } from './options.ts';
import { writeFiles } from './write-files.ts';

const FORMATS = ['safetensors', 'onnx'] as const;

/** Writes the model; resolves with the exit status. */
export async function exportModel(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args, {
    format: 'value',
    out: 'value',
    attention: 'value',
    model: 'value',
    optimize: 'value',
    arg: 'values',
  });
  const format = choice(parsed, 'format', FORMATS);
  const out = parsed.value('out');
  if (out === undefined) throw new UsageError('--out is missing: the folder to write to');
  if (format !== 'onnx' && parsed.value('attention') !== undefined) {
    throw new UsageError('--attention is for --format onnx: the safetensors hold weights alone');
  }
  const attention = choice(parsed, 'attention', ONNX_ATTENTIONS);
  const optimize = choice(parsed, 'optimize', ['O0', 'O1', 'O2']);
  const files = await readModelFiles(parsed.value('model'));

  const { 'model.safetensors': safetensors, ...others } = contentsOf(files);
  const written: Record<string, Uint8Array | string> =
    format === 'onnx'
      ? { 'model.onnx': onnxModel(files, attention), ...others }
      : { 'model.safetensors': safetensors, ...others };
  if (parsed.files.length > 0) {
    written['prompt.txt'] = await promptText(files, parsed.files, optimize, parsed.values('arg'));
  }
  await writeFiles(out, written);
  return 0;
}

async function promptText(
  { vocab, config }: ModelFiles,
  programs: readonly string[],
  optimize: 'O0' | 'O1' | 'O2',
  args: readonly string[],
): Promise<string> {
  const loaded = await load(programs, { optimize });
  const prompt = promptFor(config, loaded.program, inputOf(loaded, args, new Uint8Array()));
  return `${Array.from(prompt, (token) => vocab[token]).join(' ')}\n`;
}

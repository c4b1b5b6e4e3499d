/** Modules of scripts to bytes, and the judgement whether one is a module at all: both are wabt's. */
import loadWabt from 'wabt';
import { PlacedError } from '../errors.ts';
import { decode } from '../toolchain/decode/decode.ts';
import { plainText } from '../wat/plain-text.ts';
import { NeedsProposal, validate, watToWasm } from '../wat/wat.ts';
import { extensionOf, unjudgedExtensionOf } from './features.ts';
import type { Source } from './script.ts';
import { isTooNew } from './version-1.ts';

/** Features that wabt has on by default and version 1.0 of the language does not have. */
const VERSION_1 = {
  mutable_globals: false,
  sign_extension: false,
  multi_value: false,
  bulk_memory: false,
  sat_float_to_int: false,
  reference_types: false,
  simd: false,
  threads: false,
  exceptions: false,
  tail_call: false,
  annotations: false,
  multi_memory: false,
};

/** Bytes of a module that a script makes. @throws PlacedError when it is none, or naming the extension that it needs */
export async function bytesToRun(source: Source, file: string): Promise<Uint8Array> {
  try {
    return await moduleBytes(source, file);
  } catch (error) {
    if (!(error instanceof PlacedError) || source.kind === 'binary' || source.text === undefined) throw error;
    // In version 1.0 the name of a segment is that of the table, and there is one table.
    const text = source.text.replace(/\(\s*elem\s+\$[^\s()]+/g, '(elem');
    if (text !== source.text) return bytesToRun({ ...source, text }, file);
    const extension = error instanceof NeedsProposal ? undefined : extensionOf(source.text);
    throw extension === undefined ? error : new NeedsProposal([extension], error);
  }
}

/** Bytes of a valid module. @throws PlacedError when it is none, or needs what is not supported */
async function moduleBytes(source: Source, file: string): Promise<Uint8Array> {
  if (source.kind === 'binary') {
    await validate(source.bytes, file);
    return source.bytes;
  }
  return watToWasm(moduleText(source, file), file);
}

/**
 * Whether a module is refused, as malformed or invalid. What later versions of the language allow is refused all the
 * same if version 1.0 refuses it: scripts of that version claim so.
 * @throws NeedsProposal where it is refused for what is not supported, which says nothing about the rest of it
 */
export async function isRefused(source: Source, file: string): Promise<boolean> {
  try {
    if (isTooNew(decode(await moduleBytes(source, file), file))) return true;
  } catch (error) {
    if (!(error instanceof PlacedError) || error instanceof NeedsProposal) throw error;
    const text = source.kind === 'binary' ? undefined : source.text;
    const extension = text === undefined ? undefined : unjudgedExtensionOf(text);
    if (extension !== undefined) throw new NeedsProposal([extension], error);
    return true;
  }
  const wabt = await loadWabt();
  try {
    const module =
      source.kind === 'binary'
        ? wabt.readWasm(source.bytes, { readDebugNames: false, check: true, ...VERSION_1 })
        : wabt.parseWat(file, new TextEncoder().encode(plainText(moduleText(source, file), file)), VERSION_1);
    try {
      module.resolveNames();
      // Without the features it takes its own.
      (module as { validate(features: typeof VERSION_1): void }).validate(VERSION_1);
    } finally {
      module.destroy();
    }
  } catch {
    return true;
  }
  return false;
}

function moduleText(source: Exclude<Source, { kind: 'binary' }>, file: string): string {
  const { kind, text } = source;
  if (text === undefined) throw new PlacedError('malformed UTF-8 encoding', { file });
  // What is quoted may be a module's fields only. A comment at its end must not swallow the parenthesis.
  return kind === 'text' || /^\s*\(\s*module\b/.test(text) ? text : `(module ${text}\n)`;
}

/** WebAssembly text to bytes and programs for tests, straight through wabt. */
import loadWabt from 'wabt';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { type LowerOptions, lower } from '../../engine/toolchain/lower/lower.ts';

const wabt = loadWabt();

/** Bytes of a module, with a name section, validated unless told not to. */
export async function wasmOf(wat: string, validate = true): Promise<Uint8Array> {
  const features = { multi_value: true, reference_types: true, bulk_memory: true, simd: true, sat_float_to_int: true };
  const late = { threads: true, exceptions: true, multi_memory: true };
  const module = (await wabt).parseWat('test.wat', wat, {
    ...features,
    ...late,
    sign_extension: true,
    mutable_globals: true,
  });
  try {
    module.resolveNames();
    if (validate) module.validate();
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}

/** A module lowered with the helper functions. */
export async function programOf(wasm: Uint8Array, options: LowerOptions = {}): Promise<TokenProgram> {
  return lower(decode(wasm), {}, { ...options, helpers: await loadHelpers() });
}

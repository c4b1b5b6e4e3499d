/** WebAssembly text to bytes for tests, straight through wabt. */
import loadWabt from 'wabt';

const wabt = loadWabt();

/** Bytes of a module, with a name section, validated unless told not to. */
export async function wasmOf(wat: string, validate = true): Promise<Uint8Array> {
  const features = { multi_value: true, reference_types: true, bulk_memory: true, simd: true };
  const module = (await wabt).parseWat('test.wat', wat, features);
  try {
    module.resolveNames();
    if (validate) module.validate();
    return module.toBinary({ write_debug_names: true }).buffer;
  } finally {
    module.destroy();
  }
}

/**
 * The safetensors format, float64 only: eight bytes header length, a JSON header, the data.
 * (Format: Hugging Face's safetensors, version 1.) Written with sorted names: the same tensors give the same bytes.
 */
import { PlacedError } from '../errors.ts';

/** A matrix in row-major order. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The bytes of a file that holds the tensors. */
export function writeSafetensors(tensors: readonly Tensor[]): Uint8Array {
  const sorted = [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const { name, shape, data } of sorted) {
    header[name] = { dtype: 'F64', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  let json = JSON.stringify(header);
  json += ' '.repeat((8 - (json.length % 8)) % 8);
  const bytes = new Uint8Array(8 + json.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(new TextEncoder().encode(json), 8);
  let at = 8 + json.length;
  for (const { data } of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * The tensors of a file, by name.
 * @throws PlacedError when it is truncated, is no safetensors file, or holds anything but float64.
 */
export function readSafetensors(bytes: Uint8Array): Map<string, Tensor> {
  const bad = (what: string) => new PlacedError(`model.safetensors: ${what}. Build the model again (npm run build).`);
  if (bytes.length < 8) throw bad('the file is shorter than its header length');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) throw bad('the file ends inside its header');
  let header: Record<string, { dtype?: string; shape?: number[]; data_offsets?: [number, number] }>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw bad('its header is no JSON');
  }
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: range } = entry;
    if (dtype !== 'F64' || !Array.isArray(shape) || !Array.isArray(range)) throw bad(`tensor ${name} is not float64`);
    const [start, end] = range;
    const size = shape.reduce((product, n) => product * n, 8);
    if (end - start !== size || 8 + length + end > bytes.length) throw bad(`tensor ${name} is cut short`);
    // Copied: the data need not be aligned to eight bytes. (The slice of a Node Buffer would be no copy.)
    const data = new Float64Array(size / 8);
    new Uint8Array(data.buffer).set(bytes.subarray(8 + length + start, 8 + length + end));
    tensors.set(name, { name, shape, data });
  }
  return tensors;
}

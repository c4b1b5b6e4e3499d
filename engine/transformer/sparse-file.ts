/**
 * A model's weights in one file without their zeros: a thirtieth of the bytes of model.safetensors, which can be used as
 * they are read. Made from that by the build, and never the other way round.
 *
 * Eight bytes length of the header; the header, JSON: neurons by layer, and for every matrix, in the order in which a
 * model asks for them, its rows and weights; then all weights (float64), then all starts of rows, then all columns
 * (int32). Little-endian, as safetensors is.
 */
import { PlacedError } from '../errors.ts';
import { Model, type ModelFiles, SparseMatrix, tensorsOf } from './model.ts';

interface Header {
  readonly widths: readonly number[];
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly weights: number }[];
}

/** The bytes of the file. */
export function writeSparse(files: ModelFiles): Uint8Array {
  const { width, source } = tensorsOf(files);
  const matrices: { readonly name: string; readonly matrix: SparseMatrix }[] = [];
  const { layers } = new Model(files, width, (name, ...shape) => {
    const matrix = source(name, ...shape);
    matrices.push({ name, matrix });
    return matrix;
  });
  const header: Header = {
    widths: layers.map(({ gate }) => gate.rows),
    matrices: matrices.map(({ name, matrix }) => ({ name, rows: matrix.rows, weights: matrix.weights.length })),
  };
  let json = JSON.stringify(header);
  json += ' '.repeat((8 - (json.length % 8)) % 8);
  const parts = [
    new TextEncoder().encode(json),
    ...matrices.map(({ matrix }) => matrix.weights),
    ...matrices.map(({ matrix }) => matrix.starts),
    ...matrices.map(({ matrix }) => matrix.columns),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 8));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  let at = 8;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/**
 * The model whose weights the file holds, for the same `vocab` and `config`.
 * @throws PlacedError when it is cut short, or holds another model's
 */
export function readSparse(bytes: Uint8Array, files: Omit<ModelFiles, 'safetensors'>): Model {
  const bad = () => new PlacedError('the file of sparse weights is damaged. Build the model again (npm run build).');
  // Numbers are used where they lie, which has to be at a multiple of eight.
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  if (whole.length < 8) throw bad();
  const length = Number(view.getBigUint64(0, true));
  if (length > whole.length - 8) throw bad();
  const { widths, matrices } = JSON.parse(new TextDecoder().decode(whole.subarray(8, 8 + length))) as Header;
  const weights = matrices.reduce((sum, matrix) => sum + matrix.weights, 0);
  const starts = matrices.reduce((sum, matrix) => sum + matrix.rows + 1, 0);
  const first = whole.byteOffset + 8 + length;
  if (whole.length !== 8 + length + 12 * weights + 4 * starts) throw bad();
  const all = {
    weights: new Float64Array(whole.buffer, first, weights),
    starts: new Int32Array(whole.buffer, first + 8 * weights, starts),
    columns: new Int32Array(whole.buffer, first + 8 * weights + 4 * starts, weights),
  };
  const at = { matrix: 0, weight: 0, start: 0 };
  return new Model(
    files,
    (layer) => widths[layer],
    (name, rows, columns, transpose) => {
      const listed = matrices[at.matrix++];
      if (listed?.name !== name || listed.rows !== (transpose ? columns : rows)) throw bad();
      const end = { weight: at.weight + listed.weights, start: at.start + listed.rows + 1 };
      const matrix = new SparseMatrix(
        all.starts.subarray(at.start, end.start),
        all.columns.subarray(at.weight, end.weight),
        all.weights.subarray(at.weight, end.weight),
      );
      Object.assign(at, end);
      return matrix;
    },
  );
}

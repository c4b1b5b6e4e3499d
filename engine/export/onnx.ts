/**
 * The model as an ONNX graph of standard operators in float64: tokens [n] in, at every position the logits [n, vocabulary]
 * and the token that comes next [n] out. One forward pass over the whole sequence, as in training.
 *
 * Constants bear the names of the tensors in `model.safetensors` and their values. Heads whose value never reaches the
 * residual stream (rows of zeros, which fill up layers with fewer heads) are left out.
 */
import { PlacedError } from '../errors.ts';
import { Model, type ModelFiles, workingHeads } from '../transformer/model.ts';
import { readSafetensors, type Tensor } from '../transformer/safetensors.ts';
import { hardAttention, softmaxAttention } from './onnx-attention.ts';
import { OnnxFile } from './onnx-file.ts';

/** Attention by softmax with a finite scale, or at its limit of zero temperature. */
export const ONNX_ATTENTIONS = ['softmax', 'hard'] as const;
export type OnnxAttention = (typeof ONNX_ATTENTIONS)[number];

const DOCUMENTATION: Record<OnnxAttention, string> = {
  softmax:
    'Softmax attention: scale 2^(scaleBits + ceil(log2 n)), additive causal mask with recency slopes. Exact for short sequences and small addresses.',
  hard: 'Attention at zero temperature: the best score wins; of equal scores the latest, or all share, by head.',
};

/**
 * The bytes of `model.onnx`.
 * @throws PlacedError when the model's files do not fit together
 */
export function onnxModel(files: ModelFiles, attention: OnnxAttention): Uint8Array {
  const model = Model.load(files);
  const { config } = model;
  const tensors = readSafetensors(files.safetensors);
  const file = new OnnxFile();
  const weight = (name: string, tensor = tensorNamed(tensors, name)) => file.constant(name, tensor.shape, tensor.data);
  /** x · weightᵀ, PyTorch's Linear. */
  const linear = (name: string, x: string, tensor?: Tensor) =>
    file.op('MatMul', `${name}:product`, [
      x,
      file.op('Transpose', `${name}:transposed`, [weight(`${name}.weight`, tensor)]),
    ]);

  const tokens = file.input('tokens', 'int64', ['n']);
  const positions = positionColumn(file, tokens);
  const attend = (attention === 'softmax' ? softmaxAttention : hardAttention)(file, positions, config);

  let x = embedding(file, tokens, positions, weight('embed.weight'), config);
  for (const [l, layer] of model.layers.entries()) {
    const name = `layers.${l}`;
    const heads = workingHeads(layer);
    if (heads.length > 0) {
      const rows = heads.flatMap((head) => [2 * head, 2 * head + 1]);
      const split = (part: 'q' | 'k' | 'v') => {
        const all = `${name}.attn.${part}`;
        const product = linear(all, x, rowsOf(tensorNamed(tensors, `${all}.weight`), rows));
        const outputs = heads.map((head) => `${all}.${head}`);
        file.node('Split', [product], outputs, { axis: 1, num_outputs: heads.length });
        return outputs;
      };
      const [q, k, v] = [split('q'), split('k'), split('v')];
      const outputs = heads.map((head, i) =>
        attend(`${name}.attn.head.${head}`, { q: q[i], k: k[i], v: v[i] }, config.recencySlopes[l][head]),
      );
      const together = file.op('Concat', `${name}.attn.heads`, outputs, { axis: 1 });
      const o = columnsOf(tensorNamed(tensors, `${name}.attn.o.weight`), rows);
      x = file.op('Add', `${name}.attn`, [x, linear(`${name}.attn.o`, together, o)]);
    }
    const gate = file.op('Relu', `${name}.ffn.relu`, [linear(`${name}.ffn.gate`, x)]);
    const activation = file.op('Mul', `${name}.ffn.activation`, [gate, linear(`${name}.ffn.up`, x)]);
    x = file.op('Add', `${name}.ffn`, [x, linear(`${name}.ffn.down`, activation)]);
  }
  const logits = file.op('Identity', 'logits', [linear('unembed', x)]);
  file.op('ArgMax', 'next_tokens', [logits], { axis: 1, keepdims: 0 });
  file.output('logits', 'double', ['n', config.vocabulary]);
  file.output('next_tokens', 'int64', ['n']);
  return file.encode('stepformer', 'stepformer', DOCUMENTATION[attention]);
}

/** The positions 0 to n - 1 as a float64 column [n, 1]. */
function positionColumn(file: OnnxFile, tokens: string): string {
  const n = file.op('Squeeze', 'n', [file.op('Shape', 'shape of tokens', [tokens])]);
  const zero = file.constant('int64 0', [], BigInt64Array.of(0n));
  const one = file.constant('int64 1', [], BigInt64Array.of(1n));
  const range = file.op('Range', 'positions:int64', [zero, n, one]);
  const real = file.op('Cast', 'positions:row', [range], { to: 11 });
  return file.op('Unsqueeze', 'positions', [real, file.integers('axis 1', [1])]);
}

/** Rows of the embedding, with the position and its square added in their slots of the residual stream. */
function embedding(
  file: OnnxFile,
  tokens: string,
  positions: string,
  weight: string,
  { dModel, position }: Model['config'],
): string {
  const slot = (name: string, index: number) =>
    file.constant(
      name,
      [1, dModel],
      Float64Array.from({ length: dModel }, (_, i) => Number(i === index)),
    );
  const features = file.op('Mul', 'position feature', [positions, slot('position slot', position.slot)]);
  const squares = file.op('Mul', 'squared positions', [positions, positions]);
  const squared = file.op('Mul', 'square feature', [squares, slot('square slot', position.squareSlot)]);
  const rows = file.op('Gather', 'embedded', [weight, tokens]);
  return file.op('Add', 'x', [rows, file.op('Add', 'position features', [features, squared])]);
}

function tensorNamed(tensors: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new PlacedError(`model.safetensors has no tensor ${name}. Build the model again.`);
  return tensor;
}

function rowsOf({ name, shape, data }: Tensor, rows: readonly number[]): Tensor {
  const [, width] = shape;
  const picked = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    picked.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { name, shape: [rows.length, width], data: picked };
}

function columnsOf({ name, shape, data }: Tensor, columns: readonly number[]): Tensor {
  const [height, width] = shape;
  const count = columns.length;
  const picked = new Float64Array(height * count);
  for (let r = 0; r < height; r++) for (let i = 0; i < count; i++) picked[r * count + i] = data[r * width + columns[i]];
  return { name, shape: [height, count], data: picked };
}

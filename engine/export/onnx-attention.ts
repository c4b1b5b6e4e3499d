/**
 * One attention head of size 2 as ONNX nodes: queries, keys and values [n, 2] to outputs [n, 2].
 *
 * Softmax: Softmax(β · q kᵀ + mask) v, where the mask holds -∞ above the diagonal and -m·(i - j) below it (ALiBi, with
 * the head's slope m) and β = 2^(scaleBits + ⌈log2 n⌉). Hard: its limit for β → ∞, then m → 0.
 */
import type { ModelConfig } from '../transformer/model.ts';
import type { OnnxFile } from './onnx-file.ts';

/** Names of a head's queries, keys and values. */
export interface HeadInputs {
  readonly q: string;
  readonly k: string;
  readonly v: string;
}

/** Adds a head; returns the name of its output. */
export type AttentionBuilder = (name: string, inputs: HeadInputs, slope: number) => string;

/** Scores q kᵀ [n, n]. */
function scores(file: OnnxFile, name: string, { q, k }: HeadInputs): string {
  return file.op('MatMul', `${name}:scores`, [q, file.op('Transpose', `${name}:keys`, [k])]);
}

/** How far token j lies before token i, [n, n]: negative for tokens to come. */
function distances(file: OnnxFile, positions: string): string {
  return file.op('Sub', 'distances', [positions, file.op('Transpose', 'positions of keys', [positions])]);
}

/** The additive mask of a slope, [n, n]: made once, where it is first needed. */
function masks(file: OnnxFile, positions: string): (slope: number) => string {
  const before = distances(file, positions);
  const toCome = file.op('Less', 'is to come', [before, file.scalar('0', 0)]);
  const never = file.scalar('-inf', Number.NEGATIVE_INFINITY);
  const made = new Map<number, string>();
  return (slope) => {
    let mask = made.get(slope);
    if (mask === undefined) {
      const bias = file.op('Mul', `recency bias ${slope}`, [before, file.scalar(`-slope ${slope}`, -slope)]);
      mask = file.op('Where', `mask ${slope}`, [toCome, never, bias]);
      made.set(slope, mask);
    }
    return mask;
  };
}

/** β = 2^(scaleBits + ⌈log2 n⌉): of the powers of two, the least that is not below n. Exact, unlike a logarithm. */
function scale(file: OnnxFile, positions: string, scaleBits: number): string {
  const last = file.op('ReduceMax', 'last position', [positions], { keepdims: 0 });
  const powers = file.constant(
    'powers of 2',
    [27],
    Float64Array.from({ length: 27 }, (_, i) => 2 ** i),
  );
  const below = file.op('LessOrEqual', 'powers below n', [powers, last]);
  const doubled = file.op('Add', 'powers doubled', [powers, powers]);
  const candidates = file.op('Where', 'powers from n', [below, doubled, file.scalar('1', 1)]);
  const least = file.op('ReduceMax', 'least power not below n', [candidates], { keepdims: 0 });
  return file.op('Mul', 'scale', [least, file.scalar('scale of one token', 2 ** scaleBits)]);
}

/** Heads as any transformer library computes them. */
export function softmaxAttention(file: OnnxFile, positions: string, config: ModelConfig): AttentionBuilder {
  const maskOf = masks(file, positions);
  const beta = scale(file, positions, config.softmax.scaleBits);
  return (name, inputs, slope) => {
    const scaled = file.op('Mul', `${name}:scaled`, [scores(file, name, inputs), beta]);
    const logits = file.op('Add', `${name}:logits`, [scaled, maskOf(slope)]);
    const weights = file.op('Softmax', `${name}:weights`, [logits], { axis: 1 });
    return file.op('MatMul', name, [weights, inputs.v]);
  };
}

/** Heads at zero temperature. */
export function hardAttention(file: OnnxFile, positions: string): AttentionBuilder {
  const causal = masks(file, positions)(0);
  const keyAxis = file.integers('axis of keys', [1]);
  return (name, inputs, slope) => {
    const masked = file.op('Add', `${name}:masked`, [scores(file, name, inputs), causal]);
    if (slope > 0) {
      const latest = file.op('ArgMax', `${name}:target`, [masked], { axis: 1, keepdims: 0, select_last_index: 1 });
      return file.op('Gather', name, [inputs.v, latest], { axis: 0 });
    }
    const best = file.op('ReduceMax', `${name}:best`, [masked, keyAxis]);
    const isBest = file.op('Cast', `${name}:shares`, [file.op('Equal', `${name}:is best`, [masked, best])], { to: 11 });
    const shared = file.op('ReduceSum', `${name}:shared`, [isBest, keyAxis]);
    return file.op('Div', name, [file.op('MatMul', `${name}:sum`, [isBest, inputs.v]), shared]);
  };
}

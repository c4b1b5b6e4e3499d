/**
 * `npm run bench:precision`: how far the model comes in numbers smaller than float64. The forward pass of the tutorial (every key is
 * looked at) with every weight, product and sum rounded; told is the first token behind the prompt that it chooses otherwise.
 * Words choose programs of examples/.
 */
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { readModel } from '../../engine/run/model-files.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { load } from '../../engine/toolchain/load.ts';
import type { Model, SparseMatrix } from '../../engine/transformer/model.ts';
import { Interpreter } from '../oracle/interpreter.ts';

type Rounding = (value: number) => number;

const ROUNDINGS: readonly (readonly [string, Rounding])[] = [
  ['float64', (value) => value],
  ['float32', Math.fround],
];

/** The pass over one token after another, and the token that each chooses. */
class RoundedPass {
  private readonly model: Model;
  private readonly round: Rounding;
  private readonly x: Float64Array;
  /** Per layer and head: keys and values of all tokens so far, four numbers for each. */
  private readonly seen: Float64Array[][];
  private count = 0;

  constructor(model: Model, round: Rounding, tokens: number) {
    this.model = model;
    this.round = round;
    this.x = new Float64Array(model.config.dModel);
    this.seen = model.layers.map(({ o }) => Array.from({ length: o.rows / 2 }, () => new Float64Array(4 * tokens)));
  }

  /** Passes a token of a position; `chooses`: which comes next is to be known. */
  pass(token: number, position: number, chooses: boolean): number {
    const { model, x, round } = this;
    const { embed, config, layers } = model;
    x.fill(0);
    this.addRow(embed, token, 1, x);
    const { slot, squareSlot } = config.position;
    x[slot] = round(x[slot] + round(position));
    x[squareSlot] = round(x[squareSlot] + round(position * position));
    layers.forEach((_, l) => {
      this.attend(l);
      this.feedForward(l);
    });
    this.count++;
    return chooses ? this.chosen() : -1;
  }

  private attend(l: number): void {
    const { q, k, v, o } = this.model.layers[l];
    const { x } = this;
    const outputs = new Float64Array(o.rows);
    for (let head = 0; head < this.seen[l].length; head++) {
      if (2 * head + 1 >= q.rows || (o.isZero(2 * head) && o.isZero(2 * head + 1))) continue;
      const seen = this.seen[l][head];
      const rows = [this.dot(k, 2 * head, x), this.dot(k, 2 * head + 1, x), this.dot(v, 2 * head, x)];
      seen.set([...rows, this.dot(v, 2 * head + 1, x)], 4 * this.count);
      const query = [this.dot(q, 2 * head, x), this.dot(q, 2 * head + 1, x)];
      const isLatest = this.model.config.recencySlopes[l][head] > 0;
      [outputs[2 * head], outputs[2 * head + 1]] = this.found(seen, query[0], query[1], isLatest);
    }
    for (let row = 0; row < o.rows; row++) if (outputs[row] !== 0) this.addRow(o, row, outputs[row], x);
  }

  /** The value of the best key: of equal ones the latest's, or the mean of theirs. */
  private found(seen: Float64Array, qx: number, qy: number, isLatest: boolean): [number, number] {
    const { round } = this;
    const end = 4 * (this.count + 1);
    let best = Number.NEGATIVE_INFINITY;
    let last = 0;
    // The innermost loop: thousands of millions of scores.
    if (round === Math.fround) {
      for (let at = 0; at < end; at += 4) {
        const score = Math.fround(Math.fround(qx * seen[at]) + Math.fround(qy * seen[at + 1]));
        if (score >= best) {
          best = score;
          last = at;
        }
      }
    } else {
      for (let at = 0; at < end; at += 4) {
        const score = qx * seen[at] + qy * seen[at + 1];
        if (score >= best) {
          best = score;
          last = at;
        }
      }
    }
    if (isLatest) return [seen[last + 2], seen[last + 3]];
    let [x, y, count] = [0, 0, 0];
    for (let at = 0; at < end; at += 4) {
      if (round(round(qx * seen[at]) + round(qy * seen[at + 1])) !== best) continue;
      x = round(x + seen[at + 2]);
      y = round(y + seen[at + 3]);
      count++;
    }
    return [round(x / count), round(y / count)];
  }

  private feedForward(l: number): void {
    const { gate, up, down } = this.model.layers[l];
    const { x, round } = this;
    const activations = Array.from({ length: gate.rows }, (_, n) => {
      const open = this.dot(gate, n, x);
      return open > 0 ? round(open * this.dot(up, n, x)) : 0;
    });
    for (const [n, activation] of activations.entries()) if (activation !== 0) this.addRow(down, n, activation, x);
  }

  private chosen(): number {
    const { unembed } = this.model;
    let best = Number.NEGATIVE_INFINITY;
    let token = 0;
    for (let row = 0; row < unembed.rows; row++) {
      const logit = this.dot(unembed, row, this.x);
      if (logit > best) [best, token] = [logit, row];
    }
    return token;
  }

  private dot({ starts, columns, weights }: SparseMatrix, row: number, x: Float64Array): number {
    const { round } = this;
    let sum = 0;
    for (let i = starts[row]; i < starts[row + 1]; i++) sum = round(sum + round(round(weights[i]) * x[columns[i]]));
    return sum;
  }

  private addRow({ starts, columns, weights }: SparseMatrix, row: number, scale: number, y: Float64Array): void {
    const { round } = this;
    for (let i = starts[row]; i < starts[row + 1]; i++) {
      y[columns[i]] = round(y[columns[i]] + round(scale * round(weights[i])));
    }
  }
}

/** Tokens behind the prompt that are compared at most. */
const MOST = 200;

async function main(names: readonly string[]): Promise<void> {
  const model = await readModel();
  const compiler = new Compiler();
  for (const name of names) {
    const { program } = await load([`examples/${name}.c`], { compiler });
    const prompt = encodePrompt(program, new Uint8Array());
    const interpreter = new Interpreter(program, new Uint8Array());
    interpreter.run(MOST);
    const right = [...prompt, ...interpreter.trace.subarray(0, MOST)];
    for (const [kind, round] of ROUNDINGS) {
      const pass = new RoundedPass(model, round, right.length);
      let wrong = -1;
      for (let at = 0; at + 1 < right.length && wrong < 0; at++) {
        const next = pass.pass(right[at], at, at + 1 >= prompt.length);
        if (at + 1 >= prompt.length && next !== right[at + 1]) wrong = at + 1;
      }
      const behind = wrong - prompt.length + 1;
      const said =
        wrong < 0 ? `none of ${right.length - prompt.length}` : `token ${behind}, ${VOCABULARY[right[wrong]]}`;
      console.log(`${name}.c, prompt ${prompt.length}: ${kind} ${said}${wrong < 0 ? ' is wrong' : ' is wrong first'}`);
    }
  }
  compiler.dispose();
}

await main(process.argv.length > 2 ? process.argv.slice(2) : ['add', 'hello', 'collatz', 'sudoku']);

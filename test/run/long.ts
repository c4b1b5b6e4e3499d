/** Runs over several contexts, and what the oracle says that they are, token by token and value by value. */
import assert from 'node:assert/strict';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { ContextRun, type ContextSource, tokensOfRun } from '../../engine/run/contexts.ts';
import { createGenerator } from '../../engine/run/engines.ts';
import { readReadyModel } from '../../engine/run/model-files.ts';
import type { Stop } from '../../engine/run/run.ts';
import type { Attention } from '../../engine/transformer/transformer.ts';
import type { Interpreter } from '../oracle/interpreter.ts';

const { model, prepared } = await readReadyModel();

/** The model, by its kernel or by the plain pass. */
export function source(attention?: Attention): ContextSource {
  return attention
    ? createGenerator(model, attention, 'reference')
    : createGenerator(model, 'hull', 'kernel', prepared);
}

/** A run, and the tokens that it has in all of its contexts. */
export interface Long {
  readonly run: ContextRun;
  readonly stop: Stop;
  readonly tokens: Uint16Array;
}

export interface LongOptions {
  readonly input?: Uint8Array;
  /** Pieces of input that are given when they are wanted. */
  readonly typed?: readonly Uint8Array[];
  readonly budget?: number;
  /** See `ContextOptions`; `contexts`: those so far. */
  readonly length: (state: number, contexts: number) => number;
  readonly attention?: Attention;
  /** Told of a context before the next one takes its place. */
  readonly leaving?: (run: ContextRun) => void;
}

/** Runs a program to its end. */
export function runLong(program: TokenProgram, options: LongOptions): Long {
  const { input = new Uint8Array(), typed, budget = Number.POSITIVE_INFINITY, length, attention, leaving } = options;
  const parts: Uint16Array[] = [];
  let contexts = 0;
  const run = new ContextRun(program, { input, more: typed !== undefined }, source(attention), {
    budget,
    prompt: encodePrompt,
    length: (state) => length(state, contexts++),
    leaving: (left) => {
      parts.push(tokensOfRun(left, left.first, left.history.lines));
      leaving?.(left);
    },
  });
  const pieces = [...(typed ?? [])];
  let stop = run.toEnd(1 << 15);
  while (stop.kind === 'input' && typed) {
    const piece = pieces.shift();
    run.give(piece ?? new Uint8Array(), piece === undefined);
    stop = run.toEnd(1 << 15);
  }
  parts.push(tokensOfRun(run, run.first));
  const tokens = new Uint16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of parts) {
    tokens.set(each, at);
    at += each.length;
  }
  return { run, stop, tokens };
}

/** Fails at the first token that is another. */
export function assertSame(tokens: Uint16Array, expected: Uint16Array, what: string): void {
  const wrong = tokens.findIndex((token, i) => token !== expected[i]);
  if (wrong >= 0) {
    const before = Array.from(expected.subarray(Math.max(0, wrong - 20), wrong), (token) => VOCABULARY[token]).join(
      ' ',
    );
    const [said, should] = [VOCABULARY[tokens[wrong]], VOCABULARY[expected[wrong]]];
    assert.fail(`${what}, token ${wrong}: expected ${should}, got ${said}, after ${before}`);
  }
  assert.equal(tokens.length, expected.length, what);
}

/** Fails where a run that is over is not what the oracle says: tokens, output, end, and each value that there is then. */
export function assertIsOracle({ run, stop, tokens }: Long, oracle: Interpreter, what: string): void {
  assertSame(tokens, oracle.trace, what);
  assert.equal(run.generated, oracle.tokens, what);
  assert.equal(run.lines, oracle.lines, what);
  assert.equal(
    Buffer.from([...run.output.pieces(0).flatMap(({ bytes }) => [...bytes])]).toString('latin1'),
    oracle.outputText,
    what,
  );
  assert.equal(stop.kind === 'ended' ? stop.end.kind : stop.kind, oracle.end, what);
  if (stop.kind === 'ended' && stop.end.kind === 'halt') assert.equal(stop.end.code, oracle.exitCode ?? 0, what);
  if (stop.kind === 'ended' && stop.end.kind === 'trap') assert.equal(stop.end.reason, oracle.trap, what);
  const { history } = run;
  const moment = history.moment(Math.max(0, history.lines - 1));
  assert.equal(moment.callDepth, oracle.callDepth, what);
  for (let cell = 0; cell < oracle.program.stride * (oracle.callDepth + 1); cell++) {
    // A local of this call that is older than it is nobody's.
    const mine = moment.wideCell(cell);
    if (mine !== 0n) assert.equal(mine, oracleCell(oracle, cell), `${what}, cell ${cell}`);
  }
  const memory = oracle.memory.subarray(0, moment.memorySize);
  assert.ok(Buffer.from(moment.memory(0, memory.length)).equals(memory), `${what}: memory`);
}

function oracleCell({ cells, cellsHigh, cellsWidth }: Interpreter, cell: number): bigint {
  const low = BigInt(cells[cell] >>> 0);
  return cellsWidth[cell] === 8 ? (BigInt(cellsHigh[cell] >>> 0) << 32n) | low : low;
}

/** One run of a program: the prompt in pieces, tokens in batches, what is written, and every way in which it stops. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { EXIT_MEANINGS, EXIT_STATUS } from '../../engine/run/exit-status.ts';
import { DEFAULT_BUDGET, Run, type SequenceSource } from '../../engine/run/run.ts';
import { finish } from '../../engine/steps.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

/** Writes "a" and "b" to the one output and "!" to the other in between, and ends with 7. */
const WAT = `(module
  (import "stepformer" "write_byte" (func $put (param i32)))
  (import "stepformer" "write_error" (func $complain (param i32)))
  (func (export "main") (result i32)
    (call $put (i32.const 97)) (call $complain (i32.const 33)) (call $put (i32.const 98)) (i32.const 7)))`;

/** Says a list of tokens behind whatever prompt it is given, and notes how much it was asked for. */
class Said implements SequenceSource {
  readonly appended: number[] = [];
  readonly asked: number[] = [];
  private readonly tokens: number[] = [];
  private readonly trace: readonly number[];
  private said = 0;

  constructor(trace: ArrayLike<number>) {
    this.trace = Array.from(trace);
  }

  get length(): number {
    return this.tokens.length;
  }

  read(from: number, to: number): Uint16Array {
    return Uint16Array.from(this.tokens.slice(from, to));
  }

  append(tokens: ArrayLike<number>): void {
    this.appended.push(tokens.length);
    this.tokens.push(...Array.from(tokens));
  }

  generate(count: number): number {
    this.asked.push(count);
    const next = this.trace.slice(this.said, this.said + count);
    this.said += next.length;
    this.tokens.push(...next);
    return next.length;
  }
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('a run', async () => {
  const program: TokenProgram = await programOf(await wasmOf(WAT));
  const prompt = encodePrompt(program, new Uint8Array());
  const oracle = new Interpreter(program, new Uint8Array());
  oracle.run();
  const trace = Array.from(oracle.trace);
  const begin = (said: ArrayLike<number>, budget = 1000) => {
    const source = new Said(said);
    return { source, run: new Run(program, prompt, source, { budget }) };
  };

  test('reads the prompt in pieces, generates in batches, and ends as the program does', () => {
    const { source, run } = begin(trace);
    const stop = run.toEnd(1000);
    assert.deepEqual(source.appended.slice(0, -1), new Array(source.appended.length - 1).fill(1000));
    assert.equal(
      source.appended.reduce((sum, length) => sum + length),
      prompt.length,
    );
    assert.deepEqual(stop, { kind: 'ended', end: { line: oracle.lines - 1, kind: 'halt', code: 7 } });
    assert.equal(run.generated, trace.length);
    run.advance(1000);
    assert.equal(source.asked.length, 1, 'nothing is asked for behind the end');
  });

  test('tells the two outputs apart, and keeps the order in which they were written to', () => {
    const { run } = begin(trace);
    run.toEnd(1);
    const { output } = run;
    assert.deepEqual([text(output.of('output')), text(output.of('errors')), output.length], ['ab', '!', 3]);
    const pieces = output.pieces(0).map(({ stream, bytes }) => `${stream} ${text(bytes)}`);
    assert.deepEqual(pieces, ['output a', 'errors !', 'output b']);
    assert.deepEqual(
      output.pieces(2).map(({ bytes }) => text(bytes)),
      ['b'],
    );
    output.truncate(1);
    assert.deepEqual([text(output.of('output')), text(output.of('errors'))], ['a', '']);
  });

  test('stops at its budget when another token is wanted, and goes on for as many again', () => {
    const { source, run } = begin(trace, 4);
    assert.equal(run.extend(), false);
    assert.deepEqual(run.toEnd(3), { kind: 'budget', tokens: 4 });
    assert.deepEqual(source.asked, [3, 1]);
    assert.equal(run.generated, 4);
    assert.equal(run.extend(), true);
    assert.deepEqual(run.toEnd(3), { kind: 'budget', tokens: 8 });
    while (run.extend()) run.toEnd(3);
    assert.equal(run.stop?.kind, 'ended');
    assert.equal(text(run.output.of('output')), 'ab');
  });

  test('a budget that what was restored exceeds is extended beyond that', () => {
    const { run } = begin(trace, 4);
    finish(run.restore(Uint16Array.from(trace.slice(0, 11)), []));
    assert.deepEqual(run.toEnd(3), { kind: 'budget', tokens: 4 });
    assert.equal(run.extend(), true);
    assert.deepEqual(run.toEnd(3), { kind: 'budget', tokens: 15 });
    assert.equal(run.generated, 15);
  });

  test('what is no trace stops it, with the lines and the output before that', () => {
    const wrong = [...trace];
    wrong.splice(trace.indexOf(TOKEN.out + 0x21), 1, TOKEN.open);
    const { run } = begin(wrong);
    const stop = run.toEnd(1000);
    assert.equal(stop.kind, 'failed');
    assert.ok(stop.kind === 'failed' && stop.error instanceof PlacedError);
    assert.match(stop.error.message, /no trace/);
    assert.equal(text(run.output.of('output')), 'a');
    assert.equal(run.extend(), false);
  });

  test('a model that says nothing more stops it', () => {
    const { run } = begin(trace.slice(0, 10));
    const stop = run.toEnd(1000);
    assert.ok(stop.kind === 'failed' && /says nothing more/.test(stop.error.message));
    assert.equal(run.generated, 10);
  });

  test('what was said before an error is kept', () => {
    const { source, run } = begin(trace);
    const generate = source.generate.bind(source);
    source.generate = (count) => {
      generate(Math.min(count, 15));
      throw new Error('out of order');
    };
    const stop = run.toEnd(1000);
    assert.ok(stop.kind === 'failed' && stop.error.message === 'out of order');
    assert.equal(run.generated, 15);
  });
});

test('the budget that launch configurations are offered is the one that there is', () => {
  const { contributes } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { maxTokens } = contributes.debuggers[0].configurationAttributes.launch.properties;
  assert.equal(maxTokens.default, DEFAULT_BUDGET);
});

test('each exit status has one meaning', () => {
  const numbers = Object.values(EXIT_STATUS);
  assert.equal(new Set(numbers).size, numbers.length);
  assert.ok(numbers.every((status) => status > 0 && status < 256));
  assert.equal(new Set(Object.values(EXIT_MEANINGS)).size, numbers.length);
});

/**
 * Random modules in the oracle against V8: blocks, loops and ifs with parameters and results, branches of every kind
 * out of any height, dead code, calls direct and indirect, memory and globals. The seeds are fixed; the fuzzer runs the
 * same modules in the model.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { bitsOf } from '../../engine/wast/numbers.ts';
import { type Callee, compareModule } from '../fuzz/compare.ts';
import { ModuleGenerator } from '../fuzz/module-generator.ts';
import { Invoker } from '../oracle/invoke.ts';

const unsigned = (bits: number | bigint, width: bigint) => BigInt.asUintN(Number(width), BigInt(bits));

/** The oracle as something whose exports are called. */
class Oracle implements Callee {
  readonly invoker: Invoker;
  private readonly program: TokenProgram;

  constructor(program: TokenProgram) {
    this.program = program;
    this.invoker = new Invoker(program);
  }

  get tokens(): number {
    return this.invoker.interpreter.tokens;
  }

  call: Callee['call'] = (name, args) => {
    const bits = args.map(({ type, bits }) =>
      bitsOf(type) === 64n ? BigInt.asIntN(64, bits) : Number(BigInt.asIntN(32, bits)),
    );
    const results = this.invoker.bits(name, bits);
    if (typeof results === 'string') return { kind: 'trap', reason: results };
    const types = this.program.entries?.find((entry) => entry.name === name)?.results ?? [];
    return {
      kind: 'results',
      values: results.map((value, i) => ({ type: types[i], bits: unsigned(value, bitsOf(types[i])) })),
    };
  };

  global: Callee['global'] = (name) => {
    const { cells, cellsHigh } = this.invoker.interpreter;
    const found = this.program.globals.find(({ exports }) => exports?.includes(name));
    if (!found) return undefined;
    const low = unsigned(cells[found.cell], 32n);
    const wide = bitsOf(found.type) === 64n;
    return [{ type: found.type, bits: wide ? low | (unsigned(cellsHigh[found.cell], 32n) << 32n) : low }];
  };
}

test('random modules run as in V8', async (context) => {
  const ends = new Map<string, number>();
  let tokens = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const { module, calls } = new ModuleGenerator(seed).generate();
    const outcome = await compareModule(module, calls, (program) => new Oracle(program));
    assert.equal(outcome.difference, undefined, `seed ${seed}: ${JSON.stringify(outcome.difference)}`);
    tokens += outcome.tokens;
    for (const trap of outcome.traps) ends.set(trap, (ends.get(trap) ?? 0) + 1);
  }
  assert.ok(tokens > 10_000_000 && ends.size > 3, `${tokens} tokens, ${JSON.stringify([...ends])}`);
  context.diagnostic(`${tokens} tokens, traps ${JSON.stringify(Object.fromEntries(ends))}`);
});

/**
 * The analysis of exactness: it proves the machine, it finds what is planted, and what it says of every variable is true
 * of the residual stream of real runs.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Graph, type Linear, type Variable } from '../../engine/graph/graph.ts';
import { fetchAt, fetchLatest, means } from '../../engine/graph/lookups.ts';
import { encodePrompt, LIMITS, PAGE_SIZE } from '../../engine/isa/program.ts';
import { MACHINE_LIMITS, machine } from '../../engine/machine/machine.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { analyse } from '../../engine/weights/exactness.ts';
import { softmaxRange } from '../../engine/weights/exactness-limits.ts';
import { schedule } from '../../engine/weights/schedule.ts';
import { TABLE } from '../programs/table.ts';

const graph = machine();
const plan = schedule(graph);
const found = analyse(graph, plan);
const compiler = new Compiler();
after(() => compiler.dispose());

test('every row of the machine is exact, at the required limits and beyond no others', () => {
  assert.deepEqual(found.problems, []);
  assert.ok(found.rows.length > 3000);
  assert.ok(LIMITS.memoryPages * PAGE_SIZE >= 2 ** 24, 'at least 16 MiB');
  assert.ok(LIMITS.tokens >= 60_000_000);
  for (const limit of ['tokens', 'memory', 'cells'] as const) {
    const wider = machine({ ...MACHINE_LIMITS, [limit]: 2 * MACHINE_LIMITS[limit] });
    const telling = (name: string) => /^prompt|^line that|^i64\.load, 8/.test(name);
    assert.notDeepEqual(analyse(wider, schedule(wider), telling).problems, [], `twice the ${limit}`);
  }
});

test('the kind of the next token outweighs whatever the result byte holds meanwhile', () => {
  const named = (name: string) => graph.variables.find((variable) => variable.name === name)!;
  const [result, kind] = [named('next byte'), named('kind of next token')];
  const weight = [...graph.logits.values()]
    .flatMap((logit) => [...logit])
    .filter(([variable, w]) => variable === kind && w !== 0)
    .reduce((least, [, w]) => Math.min(least, Math.abs(w) / 2), Number.POSITIVE_INFINITY);
  found.cases.forEach((each, c) => {
    const { low, high } = found.valueOf(result, c);
    const most = Math.max(Math.abs(low), Math.abs(high));
    assert.ok(2 * 255 * most + 255 ** 2 < weight, `${each.name}: ${most}`);
  });
});

test('what is planted is found', () => {
  const plant = (make: (g: Graph, x: Variable) => Linear): readonly string[] => {
    const g = new Graph(4);
    g.bounded(g.position, 0, 2 ** 26 - 1, 'the limit of tokens');
    g.bounded(g.square, 0, (2 ** 26 - 1) ** 2, 'the limit of tokens');
    const x = g.feature('x', (t) => t);
    g.logits.set(0, make(g, x));
    return analyse(g, schedule(g)).problems;
  };
  assert.deepEqual(
    plant((g, x) => g.of([1, x])),
    [],
  );
  assert.match(plant((g, x) => g.of([2 ** 26, g.square], [1, x]))[0], /unembedding row of "token 0" takes 78/);
  assert.match(plant((g) => g.of([1, g.sum('cube', g.neuron(g.square, g.position))]))[0], /down row of "cube"/);
  const mean = (g: Graph, x: Variable) => means(g, 'mean', { x }).x;
  assert.match(plant((g, x) => g.of([1, mean(g, x)]))[0], /logit of token 0 reads a rounded value/);
  assert.match(
    plant((g, x) => {
      const address = mean(g, x);
      return g.of([1, fetchLatest(g, 'latest', { key: address, square: 0, writes: 1 }, 0, { x }).x]);
    })[0],
    /key of "latest" is rounded/,
  );
  assert.match(
    plant((g, x) => {
      const sum = g.sum('rough', g.neuron(g.of([1, g.position], [1]), mean(g, x)));
      return g.of([1, fetchAt(g, 'far', g.of([2 ** 24, sum]), { x }).x]);
    })[0],
    /rounded query row of "far" takes/,
  );
});

test('softmax reaches as far as its logits are exact', () => {
  const range = new Map(softmaxRange(11, 1024).map(({ addressBits, tokens }) => [addressBits, tokens]));
  for (const [bits, tokens] of [
    [16, 2 ** 19],
    [18, 2 ** 15],
    [20, 2 ** 11],
    [22, 2 ** 7],
    [24, 2 ** 3],
  ]) {
    assert.equal(range.get(bits), tokens);
  }
});

/** Trace tokens of each program that are looked at, and every how many of its prompt behind the table. */
const LOOKED_AT = 30;
const PROMPT_STEP = 71;
const NAMES = /three plus five|every width|recursion|add\.c|table|i64|memory\.grow|global|input/;

test('facts and intervals hold on real tokens', async (t) => {
  const model = Model.load(modelFiles());
  let tokens = 0;
  const seen = new Set<string>();
  for (const row of TABLE.filter(({ name }) => NAMES.test(name))) {
    const { program, input } = await row.load(compiler);
    const transformer = new Transformer(model, 'hull');
    const prompt = encodePrompt(program, input);
    transformer.append(prompt);
    const made = transformer.generate(LOOKED_AT);
    const positions = Array.from({ length: made }, (_, i) => prompt.length + i);
    for (let i = prompt.length - 1; i > 2048; i -= PROMPT_STEP) positions.push(i);
    positions.push(0, 1, 255, 2047);
    for (const position of positions) {
      const { residuals } = transformer.inspect(position);
      const token = transformer.tokenAt(position);
      const held = (variable: Variable) => residuals[plan.readyAt.get(variable)!][plan.slotOf.get(variable)!];
      const sum = (linear: Linear) => [...linear].reduce((total, [variable, w]) => total + w * held(variable), 0);
      const holds = ({ of, low, high }: (typeof graph.facts)[number]) => sum(of) >= low && sum(of) <= high;
      for (const fact of graph.facts) assert.ok(holds(fact), `${row.name}, token ${position}: ${fact.reason}`);
      const cases = found.cases.flatMap((each, c) => (each.tokens[token] && each.facts.every(holds) ? [c] : []));
      assert.notEqual(cases.length, 0, `${row.name}, token ${position} is in no case`);
      for (const c of cases) {
        seen.add(found.cases[c].name);
        for (const variable of plan.slotOf.keys()) {
          const { low, high, unit, error } = found.valueOf(variable, c);
          const value = held(variable);
          const where = `${row.name}, token ${position}, "${variable.name}" = ${value} in "${found.cases[c].name}"`;
          assert.ok(value >= low - error && value <= high + error, `${where}: not in ${low}..${high}`);
          if (error > 0) continue;
          assert.ok(value === 0 || Number.isInteger(value / 2 ** unit), `${where}: no multiple of 2^${unit}`);
        }
      }
      tokens++;
    }
  }
  t.diagnostic(`${tokens} tokens in ${seen.size} of ${found.cases.length} cases`);
  assert.ok(seen.size > 80, `${seen.size} cases`);
});

/**
 * The analysis of exactness: it proves the machine, it finds what is planted, and what it says of every variable is true
 * of the residual stream of real runs.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Fact, Graph, type Linear, type Variable } from '../../engine/graph/graph.ts';
import { fetchAt, fetchLatest, means } from '../../engine/graph/lookups.ts';
import { LIMITS } from '../../engine/isa/limits.ts';
import { machine } from '../../engine/machine/machine.ts';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { analyse } from '../../engine/weights/exactness/exactness.ts';
import { softmaxRange } from '../../engine/weights/exactness/limits.ts';
import { schedule } from '../../engine/weights/schedule.ts';
import { sequenceOf } from '../mutate/assemble.ts';
import { Columns } from '../mutate/columns.ts';
import { SUITE } from '../mutate/suites/suite.ts';
import { CORNERS } from '../mutate/suites/suite-corners.ts';
import { BEFORE, BEHIND, tightestRows } from './tightest-rows.ts';

const graph = machine();
const plan = schedule(graph);
const found = analyse(graph, plan);

test('every row of the machine is exact, at the required limits and beyond no others', () => {
  assert.deepEqual(found.problems, []);
  assert.ok(found.rows.length > 3000);
  assert.ok(LIMITS.memory >= 2 ** 26, 'at least 64 MiB');
  assert.ok(LIMITS.tokens >= 60_000_000);
  for (const limit of ['tokens', 'memory', 'cells'] as const) {
    const wider = machine({ ...LIMITS, [limit]: 2 * LIMITS[limit] });
    const telling = (name: string) => /^prompt|^line that|^i64\.load, 8/.test(name);
    assert.notDeepEqual(analyse(wider, schedule(wider), telling).problems, [], `twice the ${limit}`);
  }
});

test('docs/exactness.md has the rows that take most bits', () => {
  const [, behind] = readFileSync('docs/exactness.md', 'utf8').split(BEFORE);
  assert.equal(behind.split(BEHIND)[0], tightestRows(found), 'npm run exactness renews them');
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

/** Every so many of the trace's tokens, and of those that are given, are looked at. */
const TRACE_STEP = 2;
const PROMPT_STEP = 41;

test('facts and intervals hold in the sequences of the mutation run', (t) => {
  const model = Model.load(modelFiles());
  const [x, y] = ['fetch opcode: x', 'fetch opcode: y'].map(
    (name) => graph.variables.find((variable) => variable.name === name)!,
  );
  const constantIn = (facts: readonly Fact[], variable: Variable) =>
    facts.find(({ of }) => of.size === 1 && of.has(variable))?.low;
  const byOpcode = new Map<string, number[]>();
  found.cases.forEach(({ facts }, c) => {
    const key = `${constantIn(facts, x)},${constantIn(facts, y)}`;
    byOpcode.set(key, [...(byOpcode.get(key) ?? []), c]);
  });
  const variables = [...plan.slotOf.keys()];
  const seen = new Set<string>();
  let tokens = 0;
  for (const script of [...SUITE, ...CORNERS]) {
    const sequence = sequenceOf(model, script);
    const columns = new Columns(model, sequence);
    const held = new Map(
      variables.map((variable) => [
        variable,
        columns.streamAt(plan.readyAt.get(variable)!)[plan.slotOf.get(variable)!],
      ]),
    );
    const valueAt = (variable: Variable, i: number) => held.get(variable)![i];
    const holds = ({ of, low, high }: Fact, i: number) => {
      let sum = 0;
      for (const [variable, weight] of of) sum += weight * valueAt(variable, i);
      return sum >= low && sum <= high;
    };
    sequence.tokens.forEach((token, i) => {
      if (i % (sequence.expected[i] >= 0 ? TRACE_STEP : PROMPT_STEP) !== 0) return;
      const where = `${script.name}, token ${i}`;
      for (const fact of graph.facts) assert.ok(holds(fact, i), `${where}: ${fact.reason}`);
      const candidates = byOpcode.get(`${valueAt(x, i)},${valueAt(y, i)}`) ?? [];
      const cases = candidates.filter(
        (c) => found.cases[c].tokens[token] && found.cases[c].facts.every((fact) => holds(fact, i)),
      );
      assert.notEqual(cases.length, 0, `${where} is in no case`);
      for (const c of cases) {
        seen.add(found.cases[c].name);
        for (const variable of variables) {
          const { low, high, unit, error } = found.valueOf(variable, c);
          const value = valueAt(variable, i);
          const fits = value >= low - error && value <= high + error;
          if (fits && (error > 0 || value === 0 || Number.isInteger(value / 2 ** unit))) continue;
          assert.fail(
            `${where}, "${variable.name}" in "${found.cases[c].name}": ${value} is not in ${low}..${high}, unit 2^${unit}`,
          );
        }
      }
      tokens++;
    });
  }
  t.diagnostic(`${tokens} tokens in ${seen.size} of ${found.cases.length} cases`);
  assert.ok(seen.size > 450, `${seen.size} cases`);
});

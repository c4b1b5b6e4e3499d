/** `stepformer model`: what the model is made of. */

import { readModel } from '../run/model-files.ts';
import { type Model, workingHeads } from '../transformer/model.ts';
import { parseOptions, UsageError } from './options.ts';

/** Prints the model; resolves with the exit status. */
export async function model(args: readonly string[]): Promise<number> {
  const parsed = parseOptions(args, { json: 'flag' });
  if (parsed.files.length > 0) throw new UsageError(`unexpected "${parsed.files[0]}"`);
  const described = describe(await readModel());
  process.stdout.write(parsed.flag('json') ? `${JSON.stringify(described)}\n` : textOf(described));
  return 0;
}

function describe(model: Model) {
  const { names, recencySlopes } = model.config;
  const layers = model.layers.map((layer, l) => ({
    heads: workingHeads(layer).map((head) => ({
      head,
      role: names.heads[l][head],
      equalScores: recencySlopes[l][head] > 0 ? 'latest' : 'shared',
    })),
    neurons: Array.from({ length: layer.gate.rows }, (_, n) => n).filter((n) => !layer.gate.isZero(n)).length,
  }));
  return { ...model.sizes(), limits: model.config.limits, layers, slots: names.slots };
}

const count = (value: number) => value.toLocaleString('en');

/** What the limits are called, in the order in which they are shown. */
const LIMIT_NAMES: Readonly<Record<string, string>> = {
  tokens: 'tokens',
  promptTokens: 'tokens of the prompt',
  memory: 'bytes of memory',
  cells: 'cells (locals and globals of all open calls)',
  callDepth: 'open calls',
};

/** How far the model is exact. */
function limitLines({ machine, exact, softmax }: NonNullable<Model['config']['limits']>): string[] {
  const lines = Object.entries(LIMIT_NAMES).map(([key, name]) => {
    const further = exact[key] > machine[key] ? ` (exact up to ${count(exact[key])})` : '';
    return `  ${count(machine[key])} ${name}${further}`;
  });
  const range = softmax.map(({ addressBits, tokens }) => `${addressBits} bits: ${count(tokens)}`);
  return ['', 'exact up to:', ...lines, `with softmax attention, tokens by bits of an address: ${range.join(', ')}`];
}

function textOf({ layers, slots, limits, ...sizes }: ReturnType<typeof describe>): string {
  const lines = [
    `${layers.length} layers, residual stream of ${sizes.dModel}, ${sizes.heads} working heads of size 2, at most ${sizes.dFfn} ReGLU neurons a layer, ${count(sizes.vocabulary)} tokens`,
    `${count(sizes.parameters)} parameters, ${count(sizes.nonzero)} of them not zero`,
    ...(limits ? limitLines(limits) : []),
    '',
  ];
  for (const [l, { heads, neurons }] of layers.entries()) {
    lines.push(`layer ${l}: ${heads.length} heads, ${neurons} neurons`);
    for (const { head, role, equalScores } of heads) {
      lines.push(`  head ${String(head).padStart(2)}  ${role}${equalScores === 'latest' ? ' (latest wins)' : ''}`);
    }
  }
  lines.push('', 'residual stream:');
  for (const [slot, name] of slots.entries()) lines.push(`  slot ${String(slot).padStart(3)}  ${name}`);
  return `${lines.join('\n')}\n`;
}

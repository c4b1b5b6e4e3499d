/** `stepformer model`: what the model is made of, and how the kernel computes a token with it. */

import { LIMITS } from '../isa/limits.ts';
import { readModel } from '../run/model-files.ts';
import { type Model, workingHeads } from '../transformer/model.ts';
import { type KernelReport, reportOn, textOfReport } from './kernel-report.ts';
import { answering, choice, type Parsed, parseOptions, UsageError, wholeNumber } from './options.ts';

/** Prints the model; resolves with the exit status. */
export function model(args: readonly string[]): Promise<number> {
  return answering(args, async () => {
    const parsed = parseOptions(args, {
      json: 'flag',
      kernel: 'value',
      model: 'value',
      optimize: 'value',
      arg: 'values',
    });
    const model = await readModel(parsed.value('model'));
    const print = <T>(value: T, text: (value: T) => string) =>
      process.stdout.write(parsed.flag('json') ? `${JSON.stringify(value)}\n` : text(value));
    const token = wholeNumber(parsed, 'kernel', 0, LIMITS.tokens - 1);
    if (token !== undefined)
      print(await kernelReport(parsed, model, token), (report) => textOfReport(report, model.vocab));
    else {
      const stray = parsed.files[0] ?? ['optimize', 'arg'].filter(parsed.flag).map((name) => `--${name}`)[0];
      if (stray !== undefined) throw new UsageError(`unexpected "${stray}": it belongs to --kernel TOKEN`);
      print(describe(model), textOf);
    }
    return 0;
  });
}

function kernelReport(parsed: Parsed, model: Model, token: number): Promise<KernelReport> {
  const { files } = parsed;
  if (files.length === 0) throw new UsageError('no program given: --kernel TOKEN wants the files that run');
  const optimize = choice(parsed, 'optimize', ['O0', 'O1', 'O2'] as const);
  return reportOn(model, { token, files, args: parsed.values('arg'), optimize });
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

/** `stepformer model --kernel`: how the kernel computes one token of a run, as text. */
import loadWabt from 'wabt';
import { PlacedError } from '../errors.ts';
import { promptFor } from '../isa/specialized-prompt.ts';
import { Kernel } from '../kernel/kernel.ts';
import type {
  ClassExplanation,
  Explanation,
  FunctionExplanation,
  Kinds,
  TokenExplanation,
} from '../kernel/run/explanation.ts';
import type { Optimize } from '../toolchain/compile.ts';
import { inputOf, load } from '../toolchain/load.ts';
import type { Model } from '../transformer/model.ts';

export interface KernelQuestion {
  /** Position of the token, from 0, the prompt included. */
  readonly token: number;
  readonly files: readonly string[];
  /** Arguments of the program. */
  readonly args: readonly string[];
  readonly optimize: Optimize;
}

/** What is printed of one function: its body as WebAssembly text, a line per instruction. */
interface Listed extends Omit<FunctionExplanation, 'module'> {
  readonly body: readonly string[];
}

export interface KernelReport extends Omit<Explanation, 'functions'> {
  /** The token at the position, and the one that follows it. */
  readonly token: string;
  readonly next: string | undefined;
  /** Tokens in front of the run. */
  readonly prompt: number;
  readonly functions: readonly Listed[];
}

/** Runs a program up to a token and explains that. @throws PlacedError when the run has no such token */
export async function reportOn(model: Model, question: KernelQuestion): Promise<KernelReport> {
  const { token, files, args, optimize } = question;
  const loaded = await load(files, { optimize });
  const prompt = promptFor(model.config, loaded.program, inputOf(loaded, args, new Uint8Array()));
  const kernel = Kernel.create(model);
  kernel.append(prompt);
  const wanted = token + 1 - prompt.length;
  if (wanted > 0) kernel.generate(wanted);
  if (token >= kernel.length) {
    const length = kernel.length.toLocaleString('en');
    throw new PlacedError(
      `the run has ${length} tokens, ${prompt.length.toLocaleString('en')} of them its prompt: name one from 0 to ${kernel.length - 1}`,
      { token },
    );
  }
  const { heads, slots } = model.config.names;
  const explanation = kernel.explain(token, {
    // The first of those that share a slot in turn is what the embedding puts there.
    slot: (slot) => slots[slot].split(', then ')[0],
    head: (layer, head) => heads[layer][head],
  });
  if (token === kernel.length - 1) kernel.generate(1);
  return {
    ...explanation,
    token: model.vocab[explanation.id],
    next: token + 1 < kernel.length ? model.vocab[kernel.tokenAt(token + 1)] : undefined,
    prompt: prompt.length,
    functions: await Promise.all(
      explanation.functions.map(async ({ module, ...rest }) => ({ ...rest, body: await bodyOf(module) })),
    ),
  };
}

/** The instructions of a module's only function. */
async function bodyOf(module: Uint8Array): Promise<readonly string[]> {
  const read = (await loadWabt()).readWasm(module, { readDebugNames: false });
  const lines = read.toText({ foldExprs: false, inlineExport: false }).split('\n');
  read.destroy();
  const start = lines.findIndex((line) => line.startsWith('  (func '));
  const end = lines.findIndex((line) => line.startsWith('  (export '));
  // The last line closes the function, too.
  return lines.slice(start + 1, end).map((line, i, { length }) => line.slice(4, i < length - 1 ? undefined : -1));
}

const count = (value: number) => value.toLocaleString('en');

/** A report as it is printed: sections with a title each. `vocab`: tokens by id. */
export function textOfReport(report: KernelReport, vocab: readonly string[]): string {
  const { position, id, next, prompt, generates, nodes, live, tokenClass, functions } = report;
  const where = position < prompt ? `of a prompt of ${count(prompt)}` : `behind a prompt of ${count(prompt)}`;
  const sections = [
    [
      `Token ${count(position)} ${where}: ${vocab[id]}`,
      generates ? `  the next one will be ${next}` : `  it is read; ${next} follows`,
    ],
    ['Graph', `  ${count(nodes)} nodes made in reading the weights`, `  ${sizeText(live)} are alive`],
    ['Look-ups', ...lookupLines(report)],
    [
      'Class of the token',
      `  ${classText(tokenClass)}: ${count(tokenClass.members)} of ${count(vocab.length)} token ids`,
    ],
    ...functions.map((made, i) => functionLines(made, i + 1, vocab)),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function sizeText(kinds: Kinds): string {
  const entries = Object.entries(kinds).sort(([, a], [, b]) => b - a);
  const total = entries.reduce((sum, [, number]) => sum + number, 0);
  return `${count(total)}${total > 0 ? ` (${entries.map(([kind, number]) => `${count(number)} ${kind}`).join(', ')})` : ''}`;
}

const classText = ({ number, classes }: ClassExplanation) => `class ${count(number)} of ${count(classes)}`;

/** Heads by the kind of look-up that they are. */
function lookupLines({ heads }: KernelReport): string[] {
  const byKind = new Map<string, string[]>();
  for (const { kind, name } of heads) byKind.set(kind, [...(byKind.get(kind) ?? []), name]);
  return [...byKind]
    .sort(([, a], [, b]) => b.length - a.length)
    .flatMap(([kind, names]) => {
      const start = `  ${kind.padEnd(8)} ${String(names.length).padStart(2)}  `;
      return wrapped(start, [...new Set(names)]);
    });
}

/** Words behind a start, in lines of at most 110 characters. */
function wrapped(start: string, words: readonly string[]): string[] {
  const lines = [start];
  words.forEach((word, i) => {
    const text = i < words.length - 1 ? `${word}, ` : word;
    if (lines[lines.length - 1].length + text.trimEnd().length > 110) lines.push(' '.repeat(start.length));
    lines[lines.length - 1] += text;
  });
  return lines.map((line) => line.trimEnd());
}

function functionLines(made: Listed, number: number, vocab: readonly string[]): string[] {
  const { nodes, lookups, effects, bytes, branch, next, body } = made;
  const token = (found: TokenExplanation) => `token ${count(found.position)}, ${vocab[found.id]}`;
  const lines = [
    `Function ${number}: ${branch ? `branches on ${branch.on}` : next ? 'gives the next token' : 'ends the pass'}`,
    `  ${sizeText(nodes)} nodes are left`,
    ...lookups.map(({ name, kind, query, found }) => {
      const searched = kind === 'shift' || kind === 'flag' ? '' : ` for ${query}`;
      return `  ${kind} [${name}]${searched}: ${found ? token(found) : 'several tokens share'}`;
    }),
    ...effects.map((effect) => `  ${effect}`),
    ...(next ? [`  kind of the next token: ${next.kind}`, `  its byte: ${next.byte}`] : []),
  ];
  if (branch) {
    const { brought } = branch;
    const what = typeof brought === 'number' ? `the integer ${count(brought)}` : token(brought);
    lines.push(`  brought by ${what}: ${classText(branch.class)}`);
  }
  const instructions = body.filter((line) => !line.startsWith('(local')).length;
  return [...lines, `  ${count(bytes)} bytes, ${count(instructions)} lines:`, ...body.map((line) => `    ${line}`)];
}

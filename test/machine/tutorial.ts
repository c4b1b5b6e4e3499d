/**
 * Writes the numbers of docs/tutorial-i32-add.md: what stands between `<!-- numbers: NAME -->` and `<!-- end -->` is read from
 * the model's weights and from passes over a small program. A test compares the page with what this makes.
 *
 *     npx tsx test/machine/tutorial.ts
 *
 * Names come from the machine's graph and its schedule; every number from the model's files.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Variable } from '../../engine/graph/graph.ts';
import { InstructionList } from '../../engine/isa/instruction-list.ts';
import { OPCODES, opcodeIndex } from '../../engine/isa/opcodes.ts';
import { encodePrompt, PROGRAM_START } from '../../engine/isa/prompt.ts';
import { TOKEN, tokenId } from '../../engine/isa/vocabulary.ts';
import { machine } from '../../engine/machine/machine.ts';
import type { HeadInspection, Inspection } from '../../engine/transformer/generator.ts';
import { Model, type SparseMatrix } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { type Schedule, schedule } from '../../engine/weights/schedule.ts';

export const PAGE = fileURLToPath(new URL('../../docs/tutorial-i32-add.md', import.meta.url));

/** Tokens of the trace that the page shows: two constants, and their sum. */
const SHOWN_TOKENS = 15;

/** The page with its numbers as the model has them. @throws RangeError for a block that nothing is known of */
export function withNumbers(page: string): string {
  const blocks = new Tutorial().blocks();
  return page.replace(/(<!-- numbers: (.+?) -->\n```text\n)[\s\S]*?(```\n<!-- end -->)/g, (_, start, name, end) => {
    const block = blocks.get(name);
    if (block === undefined) throw new RangeError(`there are no numbers for "${name}"`);
    return `${start}${block.join('\n')}\n${end}`;
  });
}

class Tutorial {
  private readonly model = Model.load(modelFiles());
  private readonly plan: Schedule = schedule(machine());
  private readonly pass = new Transformer(this.model, 'hull');
  /** Position of the token behind which the sum's first byte comes: the commit of the second constant. */
  private readonly at: number;

  constructor() {
    const list = new InstructionList();
    list.push('i32.const', 200);
    list.push('i32.const', 100);
    list.push('i32.add');
    list.push('halt');
    const prompt = encodePrompt(
      {
        ops: Uint16Array.from(list.ops),
        imms: Uint32Array.from(list.imms),
        stride: 0,
        globals: [],
        data: [],
        pages: 0,
        offsets: Int32Array.from(list.offsets),
        codeSection: 0,
        functions: [],
        exitCode: false,
      },
      new Uint8Array(),
    );
    this.pass.append(prompt);
    this.pass.generate(SHOWN_TOKENS);
    this.at = this.pass.length - 6;
  }

  blocks(): Map<string, string[]> {
    const [first, second] = [this.pass.inspect(this.at), this.pass.inspect(this.at + 1)];
    return new Map([
      ['row', this.opcodeRow()],
      ['program', this.program()],
      ['features', ['i32.add', 'c8', '64', "2c'"].flatMap((text) => this.features(text))],
      ['line', this.head(first, 'start of line')],
      ['cursor', this.head(first, 'fetch opcode')],
      ['dispatch', ['is add', 'bytes in line', 'final token'].flatMap((name) => this.neurons(first, name))],
      ['operands', this.operandHeads(first)],
      ['addition', this.neurons(first, 'next byte')],
      ['slots', this.slots(first)],
      ['logits', this.logits(first)],
      ['second byte', [...this.neurons(second, 'next byte'), ...this.slots(second), ...this.logits(second)]],
    ]);
  }

  private opcodeRow(): string[] {
    const index = opcodeIndex('i32.add');
    return [
      ...Object.entries(OPCODES[index]).map(([field, value]) => `${field}: ${value}`),
      `row ${index} of the table: token ${TOKEN.opcode} + ${index} = ${tokenId('i32.add')}`,
    ];
  }

  /** The program in the prompt and the trace, a line each, with the position of its first token. */
  private program(): string[] {
    const { pass } = this;
    const lines: string[] = [];
    let start = PROGRAM_START - 1;
    for (let i = start + 1; i <= pass.length; i++) {
      const goesOn = i < pass.length && /^([0-9a-f]{2}'?|commit.*)$/.test(this.texts(i, i + 1));
      if (goesOn && !/^(commit|run)/.test(this.texts(i - 1, i))) continue;
      lines.push(`${start}: ${this.texts(start, i)}`);
      start = i;
    }
    return lines;
  }

  private texts(start: number, end: number): string {
    return Array.from(this.pass.read(start, end), (token) => this.model.vocab[token]).join(' ');
  }

  /** The columns of the embedding in which a token is not 0. */
  private features(text: string): string[] {
    const { embed } = this.model;
    const token = tokenId(text);
    const columns = Array.from(embed.columns.subarray(embed.starts[token], embed.starts[token + 1]));
    const shown = columns.map((slot) => `${this.name(slot, 0)} ${number(embed.weight(token, slot))}`);
    return [`${text} (token ${token})`, `  ${shown.join(', ')}`];
  }

  /** What a head reads and finds: the first of those with this role. */
  private head(inspection: Inspection, role: string): string[] {
    const { model, pass } = this;
    const found = inspection.heads.find(({ layer, head }) => model.config.names.heads[layer][head] === role);
    if (!found) throw new RangeError(`there is no head "${role}"`);
    const { layer, head, query, target, score, margin, value } = found;
    const { q, k, v } = model.layers[layer];
    const stage = 2 * layer;
    const there = pass.inspect(target).residuals[stage];
    const key = [0, 1].map((i) => k.dot(2 * head + i, there));
    return [
      `layer ${layer}, head ${head}: ${role}`,
      ...this.rows('query', q, 2 * head, stage, query),
      `  finds token ${target}, \`${model.vocab[pass.tokenAt(target)]}\`: score ${number(score)}, ${margin > 0 ? `ahead by ${number(margin)}` : 'the latest that has it'}`,
      ...this.rows('key', k, 2 * head, stage, key),
      ...this.rows('value', v, 2 * head, stage, value),
      `  goes to ${this.outputs(found).join(', ')}`,
    ];
  }

  /** The two rows of a head's query, key or value, and what they are for this token. */
  private rows(what: string, matrix: SparseMatrix, row: number, stage: number, values: readonly number[]): string[] {
    return [0, 1].flatMap((i) =>
      matrix.isZero(row + i) ? [] : [`  ${what}[${i}] = ${this.evaluated(matrix, row + i, stage, values[i])}`],
    );
  }

  private outputs({ layer, head }: HeadInspection): string[] {
    const { o, v } = this.model.layers[layer];
    return [0, 1].flatMap((i) => {
      const row = 2 * head + i;
      if (v.isZero(row)) return [];
      return Array.from(o.columns.subarray(o.starts[row], o.starts[row + 1]), (slot) =>
        this.place(slot, 2 * layer + 1),
      );
    });
  }

  private operandHeads(inspection: Inspection): string[] {
    const roles = ['stack depth', 'stack top', 'byte of stack top', 'below stack top', 'byte below stack top'];
    return roles.flatMap((role) => this.head(inspection, role));
  }

  /** Neurons that make a variable, those that add something. */
  private neurons({ residuals }: Inspection, name: string): string[] {
    const variable = this.variable(name);
    const slot = this.slot(name);
    const lines: string[] = [];
    const last = this.plan.readyAt.get(variable)!;
    for (let stage = this.plan.bornAt.get(variable)! - 1; stage < last; stage += 2) {
      const layer = (stage - 1) / 2;
      const { gate, up, down } = this.model.layers[layer];
      const x = residuals[stage];
      for (let n = 0; n < gate.rows; n++) {
        const [open, value] = [gate.dot(n, x), up.dot(n, x)];
        // A neuron that reads the slot itself erases what it held before.
        if (open <= 0 || value === 0 || down.weight(n, slot) === 0 || up.weight(n, slot) !== 0) continue;
        const to = Array.from(
          down.columns.subarray(down.starts[n], down.starts[n + 1]),
          (s) => `${signed(down.weight(n, s))} to ${this.place(s, stage + 1)}`,
        );
        lines.push(
          `layer ${layer}, neuron ${n}`,
          `  gate = ${this.evaluated(gate, n, stage, open)}`,
          `  up = ${this.evaluated(up, n, stage, value)}`,
          `  down: ${to.join(', ')}`,
        );
      }
    }
    return lines;
  }

  /** The slots that decide, after the layers in which they change. */
  private slots({ residuals }: Inspection): string[] {
    return ['next byte', 'kind of next token'].map((name) => {
      const variable = this.variable(name);
      const slot = this.slot(name);
      const born = this.plan.bornAt.get(variable)!;
      const after = residuals
        .map((x, stage) => ({ stage, value: x[slot] }))
        .filter(({ stage, value }) => stage >= born && (stage === born || value !== residuals[stage - 1][slot]))
        .map(({ stage, value }) => `${number(value)} after layer ${(stage - 1) >> 1}`);
      return `slot ${slot}, ${name}: ${after.join(', ')}`;
    });
  }

  /** The three greatest logits. */
  private logits({ logits }: Inspection): string[] {
    const best = Array.from(logits.keys()).sort((a, b) => logits[b] - logits[a] || a - b);
    return best.slice(0, 3).map((token) => {
      const row = this.evaluated(this.model.unembed, token, 2 * this.plan.layers, logits[token]);
      return `logit of \`${this.model.vocab[token]}\` = ${row}`;
    });
  }

  /** A row of weights, and what it comes to. */
  private evaluated(matrix: SparseMatrix, row: number, stage: number, value: number): string {
    const text = this.row(matrix, row, stage);
    return text === '' || text === number(value) ? number(value) : `${text} = ${number(value)}`;
  }

  /** A row of weights by the names of what its slots hold. */
  private row(matrix: SparseMatrix, row: number, stage: number): string {
    const terms = Array.from(matrix.columns.subarray(matrix.starts[row], matrix.starts[row + 1]), (slot) => {
      const weight = matrix.weight(row, slot);
      const name = this.name(slot, stage);
      const size = Math.abs(weight) === 1 && name !== '1' ? '' : number(Math.abs(weight));
      const text = name === '1' ? size : `${size}${size && '·'}${name}`;
      return { sign: weight < 0 ? '−' : '+', text };
    });
    return terms
      .map(({ sign, text }, i) => (i === 0 ? `${sign === '−' ? sign : ''}${text}` : ` ${sign} ${text}`))
      .join('');
  }

  private place(slot: number, stage: number): string {
    return `slot ${slot}, ${this.name(slot, stage)}`;
  }

  /** What a slot holds at a stage, in brackets; the constant one as `1`. */
  private name(slot: number, stage: number): string {
    const held = [...this.plan.slotOf].filter(
      ([variable, s]) => s === slot && this.plan.bornAt.get(variable)! <= stage,
    );
    const name = held[held.length - 1][0].name;
    return name === 'one' ? '1' : `[${name}]`;
  }

  private slot(name: string): number {
    return this.plan.slotOf.get(this.variable(name))!;
  }

  private variable(name: string): Variable {
    const found = [...this.plan.slotOf.keys()].find((variable) => variable.name === name);
    if (!found) throw new RangeError(`the machine has no variable named "${name}"`);
    return found;
  }
}

const number = (value: number) => `${value < 0 ? '−' : ''}${Math.abs(value)}`;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value)}`;

if (import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(PAGE, withNumbers(readFileSync(PAGE, 'utf8')));

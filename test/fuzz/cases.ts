/** A case per seed: three of four are modules, the others C programs. Runs it, and makes it smaller when it fails. */
import type { TokenProgram } from '../../engine/isa/program.ts';
import type { Compiler } from '../../engine/toolchain/compile.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { Instance } from '../../engine/wast/instance.ts';
import { workspace } from '../toolchain/c.ts';
import { CGenerator, type CProgram, cText } from './c-generator.ts';
import { BUDGET, compareModule, compareProgram, type Outcome } from './compare.ts';
import { moduleText } from './module.ts';
import { ModuleGenerator } from './module-generator.ts';
import { type ModuleCase, shrinkC, shrinkModule } from './shrink.ts';

/** What a case came to; `source` is the smallest program found that fails, to be written to a file. */
export interface Result extends Outcome {
  readonly kind: 'wat' | 'c';
  readonly source?: string;
}

export interface Bench {
  /** Makes the model ready for a new sequence. */
  readonly generator: () => Generator;
  readonly compiler: Compiler;
}

const OPTIMIZE = ['O0', 'O1', 'O2'] as const;

export function runCase(seed: number, bench: Bench): Promise<Result> {
  return seed % 4 === 0 ? runC(seed, bench) : runModule(seed, bench);
}

/** Of every other module: tokens of a context beside the state that it begins with. A call has some dozens of tokens, or thousands. */
const CONTEXT = 2 ** 10;

async function runModule(seed: number, { generator }: Bench): Promise<Result> {
  const length = seed % 2 === 0 ? undefined : (state: number) => state + CONTEXT + ((seed * 7919) % CONTEXT);
  const open = (program: TokenProgram) => new Instance(program, generator(), BUDGET, length);
  const attempt = ({ module, calls }: ModuleCase) => compareModule(module, calls, open);
  const found = new ModuleGenerator(seed).generate();
  const outcome = await attempt(found);
  if (!outcome.difference) return { kind: 'wat', ...outcome };
  const smaller = await shrinkModule(found, async (candidate) => (await attempt(candidate)).difference !== undefined);
  const { difference } = await attempt(smaller);
  const calls = smaller.calls.map(({ func, args }) => `;; f${func} ${args.join(' ')}`);
  const source = `${note(seed, difference, ';;')}\n${calls.join('\n')}\n${moduleText(smaller.module)}\n`;
  return { kind: 'wat', ...outcome, difference, source };
}

async function runC(seed: number, { generator, compiler }: Bench): Promise<Result> {
  const optimize = OPTIMIZE[(seed / 4) % 3];
  const folder = workspace();
  try {
    const attempt = async (program: CProgram) => {
      const { wasm } = await compiler.compile([folder.write('case.c', cText(program))], { optimize });
      return compareProgram(wasm, generator(), seed);
    };
    const found = new CGenerator(seed).generate();
    const outcome = await attempt(found);
    if (!outcome.difference) return { kind: 'c', ...outcome };
    const smaller = await shrinkC(found, async (candidate) => (await attempt(candidate)).difference !== undefined);
    const { difference } = await attempt(smaller);
    return {
      kind: 'c',
      ...outcome,
      difference,
      source: `${note(seed, difference, '//')} -${optimize}\n${cText(smaller)}`,
    };
  } finally {
    folder.remove();
  }
}

function note(seed: number, difference: Outcome['difference'], comment: string): string {
  const { where, model, native } = difference ?? { where: 'nothing, when run again', model: '', native: '' };
  const said = `${where}: the model ${JSON.stringify(model)}, V8 ${JSON.stringify(native)}`;
  return `${comment} seed ${seed}: ${said}`;
}

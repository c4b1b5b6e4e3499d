/** The mutation run: every mutant against the sequences, one after the other, until one shows a difference. */
import type { Model } from '../../engine/transformer/model.ts';
import { type Script, sequenceOf } from './assemble.ts';
import { ChangedColumns } from './changed-columns.ts';
import { equivalent } from './classes.ts';
import type { Deviations } from './deviation.ts';
import { continues, tokensOf } from './long.ts';
import { type Mutant, withMutant } from './mutants.ts';

/** How far a run has come: it can be written to a file and gone on with. */
export interface Progress {
  /** Names of the sequences that have been run, with how many mutants each caught. */
  readonly caughtBy: Record<string, number>;
  /** Indices of the mutants that none has caught. */
  readonly alive: readonly number[];
}

/** Figures of a group of mutants. */
export interface Figures {
  all: number;
  equivalent: number;
  survivors: number;
}

/** What came of a run. */
export interface Outcome {
  /** Mutants that no sequence showed and that are equivalent, by the name of their class. */
  readonly equivalent: ReadonlyMap<string, number>;
  /** Mutants that a sequence showed though they have the form of a class, by its name: they count as caught. */
  readonly shown: ReadonlyMap<string, number>;
  /** The others. */
  readonly survivors: readonly Mutant[];
  readonly figures: Readonly<Record<string, Figures>>;
}

/**
 * Runs mutants against those of the scripts that `progress` does not name yet. `report` gets what a script has done.
 * @throws RangeError when the unchanged model does not generate a sequence itself
 */
export function run(
  model: Model,
  mutants: readonly Mutant[],
  scripts: readonly Script[],
  progress: Progress = { caughtBy: {}, alive: mutants.map((_, i) => i) },
  report: (progress: Progress, text: string) => void = () => {},
): Progress {
  let { alive, caughtBy } = progress;
  for (const script of scripts) {
    if (alive.length === 0) break;
    if (script.name in caughtBy) continue;
    const columns = new ChangedColumns(model, sequenceOf(model, script));
    const wrong = columns.wrong();
    if (wrong.length > 0) throw new RangeError(`the model does not generate "${script.name}" at token ${wrong[0]}`);
    const rest = alive.filter((i) => !withMutant(mutants[i], () => columns.differs(mutants[i].place)));
    const caught = alive.length - rest.length;
    caughtBy = { ...caughtBy, [script.name]: caught };
    const text = `${script.name}: ${caught} of ${alive.length} caught`;
    alive = rest;
    report({ caughtBy, alive }, text);
  }
  return { caughtBy, alive };
}

/** Name of the class of mutants that are proved one by one. */
const PROVED = 'deviations that reach nothing';

/**
 * Tells the mutants that no sequence showed into equivalent ones, by rule or proof, and survivors. Those that are not
 * equivalent by rule are run against long sequences, too, which takes a second or more for each.
 */
export function outcomeOf(
  model: Model,
  mutants: readonly Mutant[],
  { alive }: Progress,
  long: readonly Script[],
  deviations: Deviations,
  report: (text: string) => void = () => {},
): Outcome {
  const figures: Record<string, Figures> = {};
  const figuresOf = ({ place }: Mutant) => {
    const name = place.part === 'embed' ? 'embedding' : 'heads, neurons, unembedding';
    figures[name] ??= { all: 0, equivalent: 0, survivors: 0 };
    return figures[name];
  };
  const isAlive = new Set(alive);
  const shown = new Map<string, number>();
  mutants.forEach((mutant, i) => {
    figuresOf(mutant).all++;
    const rule = isAlive.has(i) ? undefined : equivalent(model, mutant)?.name;
    if (rule) shown.set(rule, (shown.get(rule) ?? 0) + 1);
  });
  const classes = new Map<string, number>();
  const count = (mutant: Mutant, name: string | undefined) => {
    if (name !== undefined) {
      classes.set(name, (classes.get(name) ?? 0) + 1);
      figuresOf(mutant).equivalent++;
    }
    return name === undefined;
  };
  let survivors = alive
    .map((i) => mutants[i])
    .filter((mutant) => count(mutant, equivalent(model, mutant)?.name))
    .filter((mutant) => count(mutant, deviations.whyNot(mutant) === undefined ? PROVED : undefined));
  for (const script of long) {
    if (survivors.length === 0) break;
    const tokens = tokensOf(model, script);
    const rest = survivors.filter((mutant) => withMutant(mutant, () => continues(model, script, tokens)));
    report(`${script.name}: ${survivors.length - rest.length} of ${survivors.length} caught`);
    survivors = rest;
  }
  for (const mutant of survivors) figuresOf(mutant).survivors++;
  return { equivalent: classes, shown, survivors, figures };
}

/** `count` of the items, in a random order that the seed decides. */
export function sampleOf<Item>(items: readonly Item[], count: number, seed: number): Item[] {
  const pool = [...items];
  let state = seed >>> 0;
  const picked: Item[] = [];
  while (picked.length < count && pool.length > 0) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const at = Math.floor((state / 2 ** 32) * pool.length);
    picked.push(pool[at]);
    pool[at] = pool[pool.length - 1];
    pool.pop();
  }
  return picked;
}

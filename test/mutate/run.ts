/** The mutation run: every mutant against the sequences, one after the other, until one shows a difference. */
import type { Model } from '../../engine/transformer/model.ts';
import { type Script, sequenceOf } from './assemble.ts';
import { equivalent } from './classes.ts';
import { Columns } from './columns.ts';
import { type Mutant, withMutant } from './mutants.ts';

/** What came of a run. */
export interface Outcome {
  readonly mutants: number;
  /** Mutants caught, by the name of the sequence. */
  readonly caughtBy: ReadonlyMap<string, number>;
  /** Mutants that no sequence showed and that are equivalent, by the name of their class. */
  readonly equivalent: ReadonlyMap<string, number>;
  /** The others. */
  readonly survivors: readonly Mutant[];
}

/**
 * Runs mutants against scripts.
 * @throws RangeError when the unchanged model does not generate a sequence itself
 */
export function mutate(
  model: Model,
  mutants: readonly Mutant[],
  scripts: readonly Script[],
  progress: (text: string) => void = () => {},
): Outcome {
  let alive = mutants;
  const caughtBy = new Map<string, number>();
  for (const script of scripts) {
    if (alive.length === 0) break;
    const columns = new Columns(model, sequenceOf(model, script));
    const wrong = columns.wrong();
    if (wrong.length > 0) throw new RangeError(`the model does not generate "${script.name}" at token ${wrong[0]}`);
    const rest = alive.filter((mutant) => !withMutant(mutant, () => columns.differs(mutant.place)));
    caughtBy.set(script.name, alive.length - rest.length);
    progress(`${script.name}: ${alive.length - rest.length} of ${alive.length} caught`);
    alive = rest;
  }
  const classes = new Map<string, number>();
  const survivors = alive.filter((mutant) => {
    const found = equivalent(model, mutant);
    if (found) classes.set(found.name, (classes.get(found.name) ?? 0) + 1);
    return !found;
  });
  return { mutants: mutants.length, caughtBy, equivalent: classes, survivors };
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

/** What a run leaves, as a page of the documentation: every survivor by name, with why nothing shows. */
import type { Model } from '../../engine/transformer/model.ts';
import type { Deviations } from './deviation.ts';
import type { Mutant } from './mutants.ts';
import { type Group, reasonOf, reasonOfFeature } from './reasons.ts';

const UNKNOWN: Group = { name: 'not explained', reason: 'none of the arguments fits' };

/** The page `docs/mutation-survivors.md`. */
export function survivorsPage(model: Model, deviations: Deviations, survivors: readonly Mutant[]): string {
  const groups = new Map<Group, string[]>();
  for (const mutant of survivors) {
    const { row, column } = mutant.place;
    const found = isInner(mutant)
      ? reasonOf(mutant, deviations.meaning(mutant))
      : reasonOfFeature(model.vocab[row], model.config.names.slots[column].split(', then ')[0]);
    const reason = found ?? UNKNOWN;
    groups.set(reason, [...(groups.get(reason) ?? []), named(model, deviations, mutant)]);
  }
  const lines = [
    '# Mutants that survive',
    '',
    'Written by `npm run mutate -- --write`: the mutants ([mutation.md](mutation.md)) that no sequence shows and that are not',
    'proved to be equivalent, each with its weight. The reasons are arguments and not proofs.',
    '',
  ];
  for (const [{ name, reason }, list] of [...groups].sort((a, b) => b[1].length - a[1].length)) {
    lines.push(`## ${name[0].toUpperCase()}${name.slice(1)}: ${list.length}`, '', `${reason}.`, '');
    lines.push(...list.map((each) => `- ${each}`), '');
  }
  return lines.join('\n');
}

const isInner = ({ place: { part } }: Mutant) => part !== 'embed' && part !== 'unembed';

/** A mutant by its place: layer, matrix, row and column by what they are, and the change. */
function named(model: Model, deviations: Deviations, mutant: Mutant): string {
  const { place, matrix, index, change } = mutant;
  const { part, layer, row, column } = place;
  const weight = `${change}${change === 'add one' ? ' to' : ''} ${matrix.weights[index]}`;
  if (!isInner(mutant))
    return `${part}, token \`${model.vocab[row]}\`, slot ${column} (${model.config.names.slots[column]}): ${weight}`;
  const { reads, makes, erases } = deviations.meaning(mutant);
  const whose = 'qkvo'.includes(part)
    ? `head ${row >> 1} (${model.config.names.heads[layer][row >> 1]})`
    : `neuron ${row}`;
  const what =
    erases === undefined
      ? `reads “${reads}”, makes “${makes.join('”, “')}”`
      : `erases “${erases}” for “${makes.join()}”`;
  return `layer ${layer}, \`${part}\` of ${whose}, slot ${column}: ${what}: ${weight}`;
}

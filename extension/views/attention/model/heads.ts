/** Which heads are shown for a token, and in which order: those that matter to its line first; filters, pins, changes. */
import type { HeadView, TokenAttention } from '../../../../debug-adapter/protocol/protocol.ts';
import { familyOf, headName } from '../../parts/families.ts';

/** Heads by what they matter to somebody who reads the sentence. */
export interface Sorted {
  /** Those that brought what the sentence speaks of, or the instruction itself; before them, those that are pinned. */
  readonly main: readonly HeadView[];
  /** Those that found something else: bookkeeping, and look-ups for other instructions. */
  readonly other: readonly HeadView[];
  readonly idle: readonly HeadView[];
}

/** What is let through; nothing named lets all through. */
export interface Filter {
  /** Letters of families. */
  readonly families: readonly string[];
  readonly layer?: number;
  /** Only what has changed since the last stop. */
  readonly changed: boolean;
}

export const NO_FILTER: Filter = { families: [], changed: false };

export const isFiltering = ({ families, layer, changed }: Filter): boolean =>
  families.length > 0 || layer !== undefined || changed;

/** Whether a filter lets a head through; `changed` are the names of those that have. */
export function passes({ families, layer, changed }: Filter, head: HeadView, changes: ReadonlySet<string>): boolean {
  if (families.length > 0 && !families.includes(familyOf(head.role).letter)) return false;
  if (layer !== undefined && head.layer !== layer) return false;
  return !changed || changes.has(headName(head));
}

/** What chooses heads, beside the token. */
export interface Choice {
  readonly filter: Filter;
  /** Names of heads that are always shown. */
  readonly pins: readonly string[];
  readonly changes: ReadonlySet<string>;
}

/** Every circuit works at every token; what belongs to this instruction shows by where heads look. */
export function sortHeads({ sentence, heads }: TokenAttention, { filter, pins, changes }: Choice): Sorted {
  const [instruction] = sentence;
  const lines = new Set(sentence.map(({ traceLine }) => traceLine));
  const matters = ({ target }: HeadView) => {
    if (!target) return false;
    if (target.traceLine !== undefined) return lines.has(target.traceLine);
    return target.lineText === instruction?.text || target.text === instruction?.text.split(' ')[0];
  };
  const isPinned = (head: HeadView) => pins.includes(headName(head));
  const left = heads.filter((head) => isPinned(head) || passes(filter, head, changes));
  const active = left.filter((head) => head.active);
  // Who filters wants to see what is left, whether it matters or not.
  const isMain = isFiltering(filter) ? () => true : matters;
  return {
    // The instruction first, then from the layer that is nearest to the result downwards.
    main: [
      ...left.filter(isPinned),
      ...active
        .filter((head) => !isPinned(head) && isMain(head))
        .sort((a, b) => Number(isProgram(b)) - Number(isProgram(a)) || b.layer - a.layer),
    ],
    other: active.filter((head) => !isPinned(head) && !isMain(head)),
    idle: left.filter((head) => !head.active && !isPinned(head)),
  };
}

function isProgram({ target }: HeadView): boolean {
  return target !== null && target.traceLine === undefined;
}

/** Names of the heads that had or have a part, and attend to another token now, or bring something else. */
export function changedSince(before: readonly HeadView[] | undefined, now: readonly HeadView[]): ReadonlySet<string> {
  const old = new Map(before?.map((head) => [headName(head), head]));
  const changed = now.filter((head) => {
    const known = old.get(headName(head));
    if (!known || !(known.active || head.active)) return false;
    const isSame = known.active === head.active && known.value === head.value;
    return !isSame || known.target?.token !== head.target?.token;
  });
  return new Set(changed.map(headName));
}

/** The heads of each layer that has some: [layer][head]. */
export function byLayer(heads: readonly HeadView[]): readonly { layer: number; heads: readonly HeadView[] }[] {
  const layers = [...new Set(heads.map(({ layer }) => layer))].sort((a, b) => a - b);
  return layers.map((layer) => ({ layer, heads: heads.filter((head) => head.layer === layer) }));
}

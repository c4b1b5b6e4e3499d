/** What has to be computed, or to happen, before an item; and whether only where the item's gate is open. */
import type { Node } from '../graph/node.ts';
import { type Item, isEffect } from './scopes.ts';
import type { Effect } from './surroundings.ts';

/** What is there already when a function starts, and what has to happen in it before something else can. */
export interface Present {
  /** Nodes that an earlier function left in scratch memory. */
  readonly available: ReadonlySet<Node>;
  /** The insertion that look-ups in a group must follow, unless it has already happened. */
  effectOf(group: number): Effect | undefined;
  sumEffect(form: Node): Effect | undefined;
  /** A form as it is for the current token. */
  ownForm(form: Node): Node;
}

/** Up inputs smaller than this are not worth a branch. */
const BRANCH_SIZE = 6;

export type Need = readonly [item: Item, guarded: boolean];

export function needsOf(item: Item, present: Present): readonly Need[] {
  if (isEffect(item)) return needsOfEffect(item);
  if (present.available.has(item)) return [];
  switch (item.kind) {
    case 'lin':
      return item.terms.map((term) => [term, false]);
    case 'product':
      return [
        [item.gate, false],
        [item.up, item.up.size >= BRANCH_SIZE],
      ];
    case 'mul':
      return [
        [item.a, false],
        [item.b, false],
      ];
    case 'clamp':
    case 'entry':
      return [[item.x, false]];
    case 'mean':
    case 'sum': {
      const effect = present.sumEffect(item.form);
      return effect ? [[effect, false]] : [];
    }
    case 'value': {
      const { at, form } = item;
      const needs: Need[] = at.lookup.kind === 'shift' ? [] : [[at, false]];
      if (!form.local && at.lookup.kind !== 'flag') needs.push([present.ownForm(form), true]);
      return needs;
    }
    case 'distance':
      return [[item.at, false]];
    case 'lookup': {
      const { lookup, x, y } = item;
      if (lookup.kind === 'flag') return [];
      const needs: Need[] = [
        [x, false],
        [y, false],
      ];
      if (lookup.kind === 'address' || lookup.kind === 'general') {
        const effect = present.effectOf(lookup.group);
        if (effect) needs.push([effect, false]);
      }
      return needs;
    }
    default:
      return [];
  }
}

function needsOfEffect(effect: Effect): readonly Need[] {
  switch (effect.kind) {
    case 'insert':
      return [
        [effect.keyX, false],
        [effect.keyY, false],
      ];
    case 'store': {
      const values = effect.values.map((value) => [value, true] as const);
      return effect.after ? [[effect.after, false], ...values] : values;
    }
    case 'stream':
    case 'sum':
      return [[effect.value, false]];
    default:
      return [];
  }
}

/**
 * The keys that past tokens have for a head, by what is known of its class: positions and ids say them, address heads have
 * them in their records, general ones keep them. What is left is computed token by token.
 */
import { RECORD } from '../code/memory-map.ts';
import type { IdKeys } from '../graph/lookup.ts';
import type { Node, NodeOf } from '../graph/node.ts';
import { local, type Memory, NodeValues } from './node-values.ts';

/** [to - from, 2] for tokens `from` up to but not including `to`. @throws RangeError for a head that does nothing */
export function keys(memory: Memory, layer: number, head: number, from: number, to: number): Float64Array {
  const { plan, heap } = memory;
  const found = plan.heads[layer]?.find((one) => one.head === head);
  if (!found) throw new RangeError(`head ${head} of layer ${layer} does nothing`);
  const lookup = found.at?.lookup;
  switch (lookup?.kind) {
    case 'shift':
    case 'position':
      return byPosition(from, to);
    case 'table':
    case 'few':
    case 'flag':
      return byId(lookup.keys, heap.tokens(from, to));
    case 'address':
      return byAddress(memory, lookup.group, from, to);
    case 'general':
      return heap.general.get(lookup.group)!.store.keys.slice(2 * from, 2 * to);
    default:
      return computed(memory, found.keys, from, to);
  }
}

function byPosition(from: number, to: number): Float64Array {
  const keys = new Float64Array(2 * (to - from));
  for (let p = from, i = 0; p < to; p++) {
    keys[i++] = 2 * p;
    keys[i++] = -p * p;
  }
  return keys;
}

function byId({ x, y }: IdKeys, tokens: Uint16Array): Float64Array {
  const keys = new Float64Array(2 * tokens.length);
  tokens.forEach((id, i) => {
    keys[2 * i] = x[id];
    keys[2 * i + 1] = y[id];
  });
  return keys;
}

function byAddress({ plan, heap }: Memory, group: number, from: number, to: number): Float64Array {
  const keys = new Float64Array(2 * (to - from));
  const [x, y] = plan.groups[group].low;
  for (let i = 0; i < keys.length; i += 2) {
    keys[i] = x;
    keys[i + 1] = y;
  }
  heap.eachRecord(group, from, to, (record) => {
    const at = 2 * (heap.field(record, RECORD.position) - from);
    const key = heap.field(record, RECORD.key);
    keys[at] = 2 * key;
    keys[at + 1] = -key * key;
  });
  return keys;
}

/** For heads whose choice does not depend on their keys. */
function computed(memory: Memory, forms: readonly Node[], from: number, to: number): Float64Array {
  const keys = new Float64Array(2 * (to - from));
  if (forms.every((form) => form.kind === 'const')) {
    const [x, y] = forms.map((form) => (form as NodeOf<'const'>).value);
    return keys.map((_, i) => (i % 2 === 0 ? x : y));
  }
  for (let p = from; p < to; p++) {
    const values = forms.every((form) => form.local) ? undefined : new NodeValues(memory, p);
    forms.forEach((form, i) => {
      keys[2 * (p - from) + i] = values ? values.of(form) : local(memory, form, p);
    });
  }
  return keys;
}

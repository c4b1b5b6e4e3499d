/**
 * Where each node is computed: in the innermost test of a gate that encloses all its uses, so that what only closed
 * gates need is not computed. (The lowest common ancestor of the uses, as in code motion by dominators.)
 */
import type { Node } from '../graph/node.ts';
import type { Effect } from './surroundings.ts';

/** What is scheduled: numbers, and things that have to happen. */
export type Item = Node | Effect;

/** The function's body, or what lies behind one gate; items in the order in which they depend on each other. */
export interface Scope {
  readonly parent: Scope | undefined;
  readonly depth: number;
  readonly items: Item[];
}

/** How often and where an item is used; `inner` is the scope behind its own gate. */
export interface Use {
  /** Where it is computed; undefined until its first use is met. */
  scope: Scope | undefined;
  users: number;
  inner: Scope | undefined;
}

/** Scopes of everything that `roots` need. `children`: what an item needs, and whether only behind its gate. */
export function findScopes(
  roots: readonly Item[],
  children: (item: Item) => readonly (readonly [Item, boolean])[],
): { root: Scope; uses: Map<Item, Use> } {
  const root: Scope = { parent: undefined, depth: 0, items: [] };
  const uses = new Map<Item, Use>();
  /** What is needed before what needs it. */
  const order: Item[] = [];
  const needs: (readonly (readonly [Item, boolean])[])[] = [];
  const walk = (item: Item): void => {
    if (uses.has(item)) return;
    uses.set(item, { scope: undefined, users: 0, inner: undefined });
    const needed = children(item);
    for (const [child] of needed) walk(child);
    order.push(item);
    needs.push(needed);
  };
  const use = (item: Item, scope: Scope): void => {
    const known = uses.get(item)!;
    known.users++;
    known.scope = known.scope ? common(known.scope, scope) : scope;
  };
  for (const item of roots) walk(item);
  for (const item of roots) use(item, root);
  for (let i = order.length - 1; i >= 0; i--) {
    const own = uses.get(order[i])!;
    // What has to happen happens whatever a gate says.
    if (isEffect(order[i])) own.scope = root;
    const scope = own.scope!;
    for (const [child, guarded] of needs[i]) {
      if (guarded) own.inner ??= { parent: scope, depth: scope.depth + 1, items: [] };
      use(child, guarded ? own.inner! : scope);
    }
  }
  for (const item of order) uses.get(item)!.scope!.items.push(item);
  return { root, uses };
}

function common(a: Scope, b: Scope): Scope {
  while (a !== b) {
    if (a.depth >= b.depth) a = a.parent!;
    else b = b.parent!;
  }
  return a;
}

export function isEffect(item: Item): item is Effect {
  return !('id' in item);
}

/**
 * What kind of look-up a head is: a hypothesis about its keys that makes the token it attends to cheap to find. Which head
 * is of which kind is found out in analysis/classify.ts.
 */

/** Tokens a shift may go back: so many copies of token 0 stand before the first, which makes it the clamped target. */
export const MAX_SHIFT = 1024;

/** Keys by token id, for heads whose keys are features of the token alone. */
export interface IdKeys {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export type Lookup = { readonly id: number } & (
  | { readonly kind: 'self' }
  /** The token `back` places before. */
  | { readonly kind: 'shift'; readonly back: number }
  /** Keys (2·position, -position²). */
  | { readonly kind: 'position'; readonly latest: boolean }
  /** Keys by token id, slope 0, values by token id: `ids[k]` has key (2k, -k²), all others lose for y > 0. */
  | { readonly kind: 'table'; readonly keys: IdKeys; readonly ids: readonly number[] }
  /** The same with few distinct keys of any kind, one id each; the rest share a key. */
  | { readonly kind: 'few'; readonly keys: IdKeys; readonly ids: readonly number[]; readonly rest: number }
  /** The latest token whose id is among `top`; without one, the latest of all. */
  | {
      readonly kind: 'flag';
      readonly top: Uint8Array;
      readonly query: readonly [number, number];
      readonly keys: IdKeys;
    }
  /** Keys (2a, -a²) of tokens that write, `low` of all others; latest wins; query (x, 1). */
  | { readonly kind: 'address'; readonly group: number }
  /** Anything else. */
  | { readonly kind: 'general'; readonly group: number }
);

export type LookupOf<K extends Lookup['kind']> = Extract<Lookup, { kind: K }>;

/** True for look-ups in which tokens with equal scores share the attention. */
export function mayShare(lookup: Lookup): boolean {
  const { kind } = lookup;
  return kind === 'table' || kind === 'few' || kind === 'general' || (kind === 'position' && !lookup.latest);
}

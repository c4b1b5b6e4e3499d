/** Which head the Hull view shows, and how heads are offered. */
import type { HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import type { Selection } from '../link/messages.ts';
import { FAMILIES, type Family, familyOf } from '../parts/families.ts';

/** What tells heads apart. */
export interface HeadName {
  readonly layer: number;
  readonly head: number;
}

/** Families whose pictures say most, if none was chosen. */
const FIRST = ['memory', 'locals', 'top', 'program'];

/** The head that is selected; else the one that was shown last; else one that had a part in the token. */
export function chosenHead(
  heads: readonly HeadView[],
  { layer, head }: Selection,
  last: HeadName | undefined,
): HeadView | undefined {
  const named = (name: Selection) => heads.find((one) => one.layer === name.layer && one.head === name.head);
  const active = heads.filter((one) => one.active && one.target);
  const good = FIRST.map((name) => active.find(({ role }) => familyOf(role).name === name));
  return named({ layer, head }) ?? (last && named(last)) ?? good.find(Boolean) ?? active[0] ?? heads[0];
}

/** Heads by what they look up; families without any are left out. */
export function headsByFamily(heads: readonly HeadView[]): { family: Family; members: HeadView[] }[] {
  return FAMILIES.map((family) => ({ family, members: heads.filter(({ role }) => familyOf(role) === family) })).filter(
    ({ members }) => members.length > 0,
  );
}

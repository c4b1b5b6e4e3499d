/** Small things that look and act the same in every view: heads, moments, places. */
/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import type { SourceLine } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { useActs, useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import { colourOf, type Family, familyOf, headName } from './families.ts';
import { TERMS } from './terms.ts';

interface Head {
  layer: number;
  head: number;
  role: string;
  /** How far the winning score is ahead of the next; null without a next. */
  margin?: number | null;
}

/** A head with its family's colour and letter; a click selects it, and shows it at the token `at`, if one is given. */
export function HeadChip({ head, at }: { head: Head; at?: number }) {
  const isIn = ({ selection }: Link) => selection.layer === head.layer && selection.head === head.head;
  const link = useLink(isIn);
  const family = familyOf(head.role);
  return (
    <button
      type="button"
      class="pill head"
      aria-pressed={isIn(link)}
      style={{ '--family': colourOf(family) }}
      title={`${headName(head)}: ${head.role} (${family.letter}, ${family.text})${head.margin === undefined ? '' : `\n${TERMS[head.margin === 0 ? 'tie' : 'margin'].text}`}`}
      onClick={() => {
        link.select({ layer: head.layer, head: head.head, ...(at === undefined ? {} : { token: at }) });
        if (at !== undefined) link.show('attention');
      }}
    >
      <span class="dot" aria-hidden="true" /> {headName(head)} {head.role}
      {head.margin !== undefined && ` · ${marginText(head.margin)}`}
    </button>
  );
}

/** The letter of a family in its colour. */
export function FamilyMark({ family }: { family: Family }) {
  return (
    <span class={`family-mark ${family.name}`} style={{ '--family': colourOf(family) }} title={family.text}>
      {family.letter}
    </span>
  );
}

/** A margin in words. */
export function marginText(margin: number | null): string {
  if (margin === null) return 'alone';
  if (margin === 0) return 'tie: the latest wins';
  return `margin ${Number.isInteger(margin) ? number(margin) : margin.toPrecision(4)}`;
}

/** A token that one can travel to; it is said how long ago it was. */
export function Moment({
  token,
  place,
  children,
}: {
  token: number;
  place?: SourceLine;
  children?: ComponentChildren;
}) {
  const link = useLink(({ session }) => children === undefined && session.status?.token);
  const { status } = link.session;
  return (
    <button
      type="button"
      class="link moment"
      title={`Travel to token ${number(token)}`}
      onClick={() => link.travel(token, place)}
    >
      {children ?? `token ${number(token)}${status ? ` · ${distance(token, status.token)}` : ''}`}
    </button>
  );
}

/** Where a token lies as seen from another: `now`, `1.6 M tokens ago`, `12 tokens later`. */
export function distance(token: number, from: number): string {
  if (token === from) return 'here';
  return `${amount(Math.abs(from - token))} tokens ${token < from ? 'ago' : 'later'}`;
}

/** 1,234 as it is, 1,234,567 as 1.2 M. */
export function amount(value: number): string {
  return value < 1_000_000 ? number(value) : `${(value / 1_000_000).toFixed(1)} M`;
}

/** A line of a source. */
export function Place({ place }: { place: SourceLine }) {
  const link = useActs();
  return (
    <button type="button" class="link place" title={place.path} onClick={() => link.showPlace(place)}>
      {fileName(place.path)}:{place.line}
    </button>
  );
}

/** Whether what a call gave is what a script claims, and both in words. */
import { isReference } from '../isa/program.ts';
import type { Outcome } from './instance.ts';
import { formatValue, isNaNOf, type Value } from './numbers.ts';
import type { LaneValue, NaNPattern, Pattern } from './script.ts';

/** Whether these results fit these patterns, one for one. */
export function resultsFit(values: readonly Value[], patterns: readonly Pattern[]): boolean {
  let at = 0;
  const isFit = patterns.every((pattern) => {
    const start = at;
    at += sizeOf(pattern);
    return allFit(values.slice(start, at), pattern);
  });
  return isFit && at === values.length;
}

/** How many values a pattern is of. */
function sizeOf(pattern: Pattern): number {
  return pattern.kind === 'either' ? (pattern.alternatives[0]?.length ?? 0) : 1;
}

function allFit(values: readonly Value[], pattern: Pattern): boolean {
  if (pattern.kind !== 'either') return values.length === 1 && fits(values[0], pattern);
  return pattern.alternatives.some((patterns) => resultsFit(values, patterns));
}

function fits(value: Value, pattern: Exclude<Pattern, { kind: 'either' }>): boolean {
  switch (pattern.kind) {
    case 'value':
      return value.type === pattern.value.type && value.bits === pattern.value.bits;
    case 'reference': {
      const type = pattern.type === 'exnref' ? 'i64' : (pattern.type ?? value.type);
      const isOf = value.type === type && (isReference(type) || pattern.type === 'exnref');
      return isOf && (value.bits === 0n) === pattern.isNull;
    }
    case 'lanes': {
      let rest = value.bits;
      return (
        value.type === 'i64' &&
        pattern.lanes.every((lane) => {
          const { type, width } = lane.kind === 'value' ? laneOf(lane) : { type: lane.type, width: widthOfNaN(lane) };
          const bits = BigInt.asUintN(width, rest);
          rest >>= BigInt(width);
          return fits({ type: type ?? 'i64', bits }, lane);
        })
      );
    }
    default:
      return (pattern.type ?? value.type) === value.type && isNaNOf(value, pattern.kind);
  }
}

function laneOf({ value: { type }, width }: LaneValue) {
  return { type, width };
}

function widthOfNaN({ type }: NaNPattern): number {
  return type === 'f32' ? 32 : 64;
}

/** The specification's scripts word these as one trap or as another, by version. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'undefined element',
    [
      'uninitialized element',
      'undefined table element',
      'uninitialized table element',
      'out of bounds table access',
      'elements segment does not fit',
    ],
  ],
  ['out of bounds memory access', ['data segment does not fit']],
]);

/** Whether a trap's reason is the one that is claimed: scripts give the beginning of a message, or none for any trap. */
export function trapFits(reason: string, claimed: string | undefined): boolean {
  if (claimed === undefined) return true;
  if (claimed === '') return false;
  const wordings = [reason, ...(SYNONYMS.get(reason) ?? [])];
  return wordings.some((wording) => wording.startsWith(claimed) || claimed.startsWith(wording));
}

/** What results have to be, in words. */
export function expectedText(patterns: readonly Pattern[]): string {
  return patterns.length === 0 ? 'no results' : patterns.map(patternText).join(', ');
}

function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'value':
      return `${pattern.value.type} ${formatValue(pattern.value)}`;
    case 'reference':
      return `${pattern.type ?? 'a reference'} ${pattern.isNull ? 'null' : 'that is not null'}`;
    case 'either':
      return pattern.alternatives.map(expectedText).join(' or ');
    case 'lanes':
      return `half a v128: ${pattern.lanes.map(patternText).join(', ')}`;
    default:
      return `${pattern.type ?? 'a'} nan:${pattern.kind}`;
  }
}

/** What came out, in words. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'results': {
      const { values } = outcome;
      return values.length === 0 ? 'no results' : values.map((v) => `${v.type} ${formatValue(v)}`).join(', ');
    }
    case 'trap':
      return `trap: ${outcome.reason}`;
    case 'exit':
      return `exit with code ${outcome.code}`;
    case 'limit':
      return outcome.reason;
  }
}

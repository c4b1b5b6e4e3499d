/**
 * An origin as rows, the newest first: one for each thing that happened, and one for each run of folded copies. Every row
 * says in few words what it is; the C line below is the proof.
 */
import type { Hop, HopOperand } from '../../../../debug-adapter/protocol/protocol.ts';
import { assignedBy, characterIn, counted, withValues } from './words.ts';

type Through = NonNullable<Hop['through']>;

/** A row of a chain. `mark`: which sign stands at its left. */
export type ChainRow =
  | { readonly kind: 'folded'; readonly count: number; readonly title: string; readonly through: Through }
  | {
      readonly kind: 'hop';
      readonly hop: Hop;
      readonly mark: 'written' | 'computed' | 'end';
      readonly label: string;
      readonly title: string;
      readonly operands: readonly HopOperand[];
      /** C line below the title; missing where the title says it all. */
      readonly line?: string;
    };

const LABELS: Record<Hop['kind'], string> = {
  copy: 'copied',
  compute: 'computed',
  constant: 'constant',
  input: 'input',
  initializer: 'initialiser',
  edit: 'edited',
  unknown: 'never written',
};

export function chainRows(hops: readonly Hop[]): ChainRow[] {
  return hops.flatMap((hop): ChainRow[] => {
    const { folded: count = 0, through = [] } = hop;
    const title = `${counted(count, 'copy', 'copies')} folded${by(through)}`;
    const folded: ChainRow[] = count > 0 ? [{ kind: 'folded', count, title, through }] : [];
    return [...folded, hopRow(hop)];
  });
}

/** By which functions copies were made, the first few. */
function by(through: Through): string {
  const names = [...new Set(through.flatMap(({ function: name }) => (name ? [name] : [])))];
  if (names.length === 0) return '';
  return `: in ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

const COPIES: Record<NonNullable<Hop['how']>, string> = {
  store: 'written',
  local: 'set',
  parameter: 'passed',
  global: 'set',
  output: 'printed',
};

function labelOf({ kind, operands, expression, how, text, function: name }: Hop): string {
  if (operands && !expression) return 'parts';
  // What the head of a function writes are its parameters.
  if (how === 'store' && name && !text.includes(';') && text.includes(`${name}(`)) return COPIES.parameter;
  return how ? COPIES[how] : LABELS[kind];
}

function hopRow(hop: Hop): ChainRow {
  const { kind, text, operands = [] } = hop;
  const isPrompt = kind === 'input' || kind === 'edit' || kind === 'unknown';
  const mark = kind === 'copy' ? 'written' : kind === 'compute' ? 'computed' : 'end';
  const row = { kind: 'hop', hop, mark, label: labelOf(hop), title: titleOf(hop), operands } as const;
  return isPrompt || row.title === text ? row : { ...row, line: text };
}

function titleOf(hop: Hop): string {
  const { kind, text, value, expression, operands, address, library } = hop;
  const character = isText(hop) ? characterIn(value) : undefined;
  const shown = character ? `${value} ${character}` : value;
  switch (kind) {
    case 'input':
    case 'edit':
    case 'unknown':
      return text;
    case 'compute':
      if (!expression || !operands) return text;
      return `${shown} = ${withValues(expression, operands)}`;
    case 'copy': {
      if (operands) return text;
      const target = address && !library && assignedBy(text);
      return target ? `${target} = ${value}` : shown;
    }
    case 'constant':
    case 'initializer':
      return shown;
  }
}

/** Whether a value is likely to be a character: it is printed, or one byte, or its line speaks of one. */
export function isText({ address, text, how }: Pick<Hop, 'address' | 'text' | 'how'>): boolean {
  return how === 'output' || address?.bytes === 1 || text.includes("'");
}

/** How far back a chain goes: its rows and the copies in between. */
export function extent(hops: readonly Hop[]): string {
  const folded = hops.reduce((sum, hop) => sum + (hop.folded ?? 0), 0);
  const steps = counted(hops.length, 'step', 'steps');
  return folded === 0 ? steps : `${steps} · ${counted(folded, 'copy', 'copies')} folded`;
}

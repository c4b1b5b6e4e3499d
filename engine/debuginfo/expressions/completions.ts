/**
 * Completion of names in unfinished expressions.
 */
import { PlacedError } from '../../errors.ts';
import { bare, type Member, spellType } from '../types/types.ts';
import { compileExpression } from './expressions.ts';
import type { Candidate, ExpressionScope } from './scope.ts';
import { lex, type Token } from './syntax/lexer.ts';

/** A name that could stand at the end of an unfinished expression. */
export interface Completion extends Candidate {
  /** The part of the text that the label replaces: column from 1, and length. */
  column: number;
  length: number;
}

/**
 * Names that fit at the end of `text`: members behind `.` and `->`, otherwise what is in scope, locals first. Never
 * throws: where nothing can be said, nothing is offered.
 */
export function completions(text: string, scope: ExpressionScope): Completion[] {
  let tokens: Token[];
  try {
    tokens = lex(text).slice(0, -1);
  } catch (error) {
    if (error instanceof PlacedError) return [];
    throw error;
  }
  const last = tokens.at(-1);
  const isPartial = last?.kind === 'name' && last.column + last.text.length === text.length + 1;
  const prefix = isPartial ? last.text : '';
  const before = isPartial ? tokens.slice(0, -1) : tokens;
  const at = { column: text.length + 1 - prefix.length, length: prefix.length };
  const access = before.at(-1);
  const isAccess = access?.kind === 'operator' && (access.text === '.' || access.text === '->');
  const found = isAccess ? memberCompletions(text, before, scope) : distinct(scope.candidates());
  return found.filter(({ label }) => label.startsWith(prefix)).map((completion) => ({ ...completion, ...at }));
}

function memberCompletions(text: string, before: Token[], scope: ExpressionScope): Candidate[] {
  const access = before[before.length - 1];
  const start = postfixStart(before, before.length - 2);
  if (start === undefined) return [];
  const record = text.slice(before[start].column - 1, access.column - 1);
  try {
    let type = bare(compileExpression(record, scope).type);
    if (access.text === '->' && type.kind === 'pointer') type = bare(type.to);
    return type.kind === 'struct' || type.kind === 'union' ? memberNames(type.members, 0) : [];
  } catch (error) {
    if (error instanceof PlacedError) return [];
    throw error;
  }
}

function memberNames(members: Member[], depth: number): Candidate[] {
  return members.flatMap((member): Candidate[] => {
    if (member.name !== undefined) return [{ label: member.name, kind: 'member', detail: spellType(member.type) }];
    const type = bare(member.type);
    return depth < 20 && (type.kind === 'struct' || type.kind === 'union') ? memberNames(type.members, depth + 1) : [];
  });
}

/** Index of the first token of the postfix expression that ends at token `end`: `a[i].b`, `(*p)`. */
function postfixStart(tokens: Token[], end: number): number | undefined {
  let at = end;
  while (at >= 0) {
    const token = tokens[at];
    if (token.kind === 'operator' && (token.text === ']' || token.text === ')')) {
      const open = matching(tokens, at);
      if (open === undefined) return undefined;
      if (token.text === ')') return open;
      at = open - 1;
    } else if (token.kind === 'name') {
      const previous = tokens[at - 1];
      if (previous?.kind !== 'operator' || (previous.text !== '.' && previous.text !== '->')) return at;
      at -= 2;
    } else {
      return undefined;
    }
  }
  return undefined;
}

function matching(tokens: Token[], close: number): number | undefined {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    const { kind, text } = tokens[at];
    if (kind !== 'operator') continue;
    if (text === ']' || text === ')') depth++;
    if ((text === '[' || text === '(') && --depth === 0) return at;
  }
  return undefined;
}

/** The first of each name: the others are hidden. */
function distinct(candidates: Candidate[]): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const candidate of candidates) if (!found.has(candidate.label)) found.set(candidate.label, candidate);
  return [...found.values()];
}

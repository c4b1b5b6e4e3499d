/** Questions in words: how each is named in the notebook, and what is told of the moment at which it was asked. */
import type { AnswerOf, WhyQuestion } from '../../link/messages.ts';

export type Kind = WhyQuestion['kind'];

/** The request that answers a kind of question. */
export type RequestOf<K extends Kind> = `stepformer/${K}`;

/** What comes of a question. */
export type AnswerTo<K extends Kind> = AnswerOf<RequestOf<K>>;

/** Kinds as people choose among them; `prompt`: what is to be typed. */
export const KINDS: readonly { kind: Kind; title: string; prompt: string }[] = [
  { kind: 'origin', title: 'Where did this come from?', prompt: 'variable or expression: total, board->can[11]' },
  { kind: 'history', title: 'Every value it has had', prompt: 'variable or expression: depth, *p' },
  {
    kind: 'print',
    title: 'Print at a line',
    prompt: 'expression, at every execution of the line; several: depth; cell',
  },
  { kind: 'calls', title: 'Calls of a function', prompt: 'name of a function: search' },
  { kind: 'search', title: 'Search everything', prompt: 'function, printed text, or a value: cell == 74' },
];

/** What a question is about, in a few words. */
export function subjectOf(question: WhyQuestion): string {
  switch (question.kind) {
    case 'origin':
    case 'readers':
      return (
        question.about ?? ('expression' in question ? question.expression : undefined) ?? `token ${question.token}`
      );
    case 'history':
    case 'print':
      return question.expression;
    case 'calls':
      return question.function;
    case 'search':
      return question.text;
    case 'control':
    case 'callTree':
      return question.traceLine === undefined ? 'this line' : `trace line ${question.traceLine + 1}`;
  }
}

/** What one would type to ask a question; empty for what cannot be typed. */
export function typedFor(question: WhyQuestion): string {
  switch (question.kind) {
    case 'calls':
      return question.function;
    case 'search':
      return question.text;
    default:
      return ('expression' in question && question.expression) || '';
  }
}

/** A question as a line of the notebook. */
export function titleOf(question: WhyQuestion): string {
  const subject = subjectOf(question);
  switch (question.kind) {
    case 'origin':
      return `Where did ${subject} come from?`;
    case 'readers':
      return `Who read ${subject}?`;
    case 'history':
      return `Every value of ${subject}`;
    case 'print':
      return `${subject} at line ${question.line}${question.condition ? `, if ${question.condition}` : ''}`;
    case 'calls':
      return `Calls of ${subject}`;
    case 'search':
      return `Search: ${subject}`;
    case 'callTree':
      return `Calls around ${subject}`;
    case 'control':
      return `Why was ${subject} reached?`;
  }
}

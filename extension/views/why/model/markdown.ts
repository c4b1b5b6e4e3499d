/** Questions with their answers as Markdown, to be put into an issue or a note. */
import type { Hop, SourceLine } from '../../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../../dom.ts';
import { chainRows } from './chain.ts';
import { controlSentence, originSentence } from './headline.ts';
import type { Entry } from './notebook.ts';
import { subjectOf, titleOf } from './questions.ts';
import { readerGroups } from './readers.ts';
import { callText, valueAt, type Words } from './words.ts';

/** An entry of the notebook as a piece of Markdown. */
export function markdownOf(entry: Entry): string {
  const title = `**${titleOf(entry.question)}** (asked at token ${number(entry.token)})`;
  return `${title}\n\n${answerOf(entry)}\n`;
}

function answerOf(entry: Entry): string {
  if (!entry.answer) return entry.error ?? 'Not answered yet.';
  if (entry.kind === 'origin' && entry.answer) {
    const sentence = sentenceOf(originSentence(subjectOf(entry.question), entry.answer));
    return [sentence, '', ...chainRows(entry.answer.hops).map(rowOf)].join('\n');
  }
  if (entry.kind === 'control' && entry.answer) {
    return `${sentenceOf(controlSentence(entry.answer))} ${whereOf(entry.answer)}`;
  }
  if (entry.kind === 'readers' && entry.answer) {
    const groups = readerGroups(entry.answer.readers);
    const rows = groups.map((one) => [one.text, String(one.count), token(one.first.token), token(one.last.token)]);
    return table(['reader', 'times', 'first', 'last'], rows);
  }
  if (entry.kind === 'history' && entry.answer) {
    return table(
      ['token', 'value', 'written by'],
      entry.answer.writes.map((write) => [token(write.token), write.value, placeOf(write.place)]),
    );
  }
  if (entry.kind === 'print' && entry.answer) {
    const { columns, rows } = entry.answer;
    return table(
      ['token', ...columns],
      rows.map((row) => [token(row.token), ...columns.map((_, index) => valueAt(row, index))]),
    );
  }
  if (entry.kind === 'calls' && entry.answer) {
    const rows = entry.answer.calls.map((call) => [
      token(call.token),
      String(call.depth),
      call.arguments.map(({ name, value }) => `${name} = ${value}`).join(', '),
      call.returned ?? '',
      number(call.lines),
    ]);
    return table(['token', 'depth', 'arguments', 'returned', 'trace lines'], rows);
  }
  if (entry.kind === 'callTree' && entry.answer) {
    const { open, children } = entry.answer;
    const told = [...open, ...children.map((call) => ({ ...call, depth: open.length }))];
    return told.map((call, index) => `${'  '.repeat(Math.min(index, open.length))}- \`${callText(call)}\``).join('\n');
  }
  if (entry.kind === 'search' && entry.answer) {
    const rows = entry.answer.hits.map((hit) => [hit.kind, hit.text, token(hit.token), placeOf(hit.place)]);
    return table(['kind', 'found', 'token', 'where'], rows);
  }
  return '';
}

function rowOf(row: ReturnType<typeof chainRows>[number], index: number): string {
  const start = `${index + 1}. `;
  if (row.kind === 'folded') return `${start}_${row.title}_`;
  const { hop, label, title, line, operands } = row;
  const code = line && line !== title ? `: \`${line}\`` : '';
  const evidence = hop.evidence && ` — L${hop.evidence.layer}·H${hop.evidence.head} ${hop.evidence.role}`;
  const told = operands.map(({ text, value }) => `\n   - ${text} = ${value}`).join('');
  return `${start}${label}: **${title}**${code} ${whereOf(hop)}${evidence ?? ''}${told}`;
}

function whereOf({ place, function: name, token: at }: Pick<Hop, 'place' | 'function' | 'token'>): string {
  const parts = [name, placeOf(place), at < 0 ? '' : `token ${number(at)}`];
  return `(${parts.filter(Boolean).join(', ')})`;
}

const sentenceOf = (words: readonly Words[]): string =>
  words.map(({ text, as }) => (as === 'code' ? `\`${text}\`` : as === 'strong' ? `**${text}**` : text)).join('');

const placeOf = (place: SourceLine | undefined): string => (place ? `${fileName(place.path)}:${place.line}` : '');

const token = (value: number): string => number(value);

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/[|\\]/g, '\\$&')).join(' | ')} |`;
  return [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n');
}

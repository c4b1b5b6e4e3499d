/**
 * The pattern of one head over a stretch of the trace: what it attended to for each token, or for as many tokens, evenly
 * spread, as were asked for. Of lines that are left out nothing is told; of those that are not, the first token, for which
 * most heads work.
 */
import { VOCABULARY } from '../../../engine/isa/vocabulary.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import type { Pace, Work } from '../../recording/pace.ts';
import type { Recording } from '../../recording/recording.ts';
import { meaning } from './meaning.ts';

type Answer = AnswerOf<'stepformer/pattern'>;

/** @throws BadRequest for lines that were not reached; Unfed */
export function pattern(recording: Recording, args: ArgumentsOf<'stepformer/pattern'>, pace: Pace): Work<Answer> {
  const { from, to, points } = args;
  const last = Math.min(to, recording.reached + 1);
  if (from >= last) throw new BadRequest(`there are no trace lines from ${from} up to ${to} yet`);
  const first = recording.firstToken(from);
  const end = Math.min(recording.firstToken(last), recording.now + 1);
  const tokens = chosen(recording, { first, end, points });
  // What the first context has not said again is to be said before the work begins. Later ones are short.
  const context = recording.contextOf(tokens[0] - 1);
  const there = tokens.findLast((token) => recording.contextOf(token - 1) === context) ?? tokens[0];
  recording.passes.inspect(there - 1);
  return rows(recording, args, { first, end, tokens }, pace);
}

/** All tokens, or the first of lines that are evenly spread. */
function chosen(recording: Recording, stretch: { first: number; end: number; points: number }): number[] {
  const { first, end, points } = stretch;
  const total = end - first;
  if (total <= points) return Array.from({ length: total }, (_, i) => first + i);
  const tokens = Array.from({ length: points }, (_, i) => {
    const at = first + Math.floor((i * total) / points);
    return Math.max(recording.firstToken(recording.lineOfToken(at)), first);
  });
  return [...new Set(tokens)];
}

function* rows(
  recording: Recording,
  { layer, head }: ArgumentsOf<'stepformer/pattern'>,
  { first, end, tokens }: { first: number; end: number; tokens: readonly number[] },
  pace: Pace,
): Work<Answer> {
  const found: Answer['rows'][number][] = [];
  let role = '';
  for (const token of tokens) {
    yield* recording.feed(token, pace);
    const one = recording.passes.inspect(token - 1)?.heads.find((each) => each.layer === layer && each.head === head);
    if (!one) throw new BadRequest(`nothing is known of a head ${head} in layer ${layer}`);
    role = one.name;
    found.push({
      token,
      traceLine: recording.lineOfToken(token),
      text: textOf(recording, token),
      active: one.active,
      target: one.target,
      targetText: one.target < 0 ? `all ${one.shared}` : textOf(recording, one.target),
      meaning: meaning(one),
      margin: Number.isFinite(one.margin) ? one.margin : null,
    });
    if (pace.due()) yield;
  }
  return { role, first, end, prompt: recording.history.promptLength, rows: found };
}

function textOf(recording: Recording, token: number): string {
  return VOCABULARY[recording.tokenAt(token)] ?? '?';
}

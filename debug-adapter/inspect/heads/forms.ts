/**
 * Why one head chose what it did: its query, the key that won and the one that came second, each as a sum of named slots of the
 * residual stream, and the scores that query and keys have together.
 */
import { VOCABULARY } from '../../../engine/isa/vocabulary.ts';
import type { AnswerOf, ArgumentsOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import type { Recording } from '../../recording/recording.ts';

type Answer = AnswerOf<'stepformer/head'>;
type Pair = Answer['query'];

/** Of the pass that chose a token. @throws BadRequest where there is no such head, or nobody knows; Unfed */
export function headAt(recording: Recording, { layer, head, token }: ArgumentsOf<'stepformer/head'>): Answer {
  if (token < 1 || token > recording.now) throw new BadRequest(`no head wrote token ${token}`);
  const found = recording.passes.inspect(token - 1)?.heads.find((one) => one.layer === layer && one.head === head);
  const own = found && recording.passes.forms(token - 1, layer, head);
  if (!found || !own) throw new BadRequest(`nothing is known of a head ${head} in layer ${layer}`);
  const query: Pair = [...own.query];
  const { passes } = recording;
  const candidate = (at: number, position: number): Answer['winner'] => {
    const forms = at < 0 ? undefined : passes.forms(token - 1, layer, head, position);
    if (!forms) return undefined;
    const key: Pair = [...forms.key];
    const score = query[0].sum * key[0].sum + query[1].sum * key[1].sum;
    const carried = passes.carriedTo(token - 1, at);
    const text = VOCABULARY[recording.tokenAt(at)] ?? '?';
    return { token: at, text, key, value: [...forms.value], score, ...(carried !== undefined && { carried }) };
  };
  const there = found.positions ?? found;
  const winner = candidate(found.target, there.target);
  const runnerUp = candidate(found.runnerUp, there.runnerUp);
  return {
    role: found.name,
    query,
    ...(winner && { winner }),
    ...(runnerUp && { runnerUp }),
  };
}

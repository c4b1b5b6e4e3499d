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
  recording.passes.needFirst(token - 1);
  const found = recording.passes.inspect(token - 1)?.heads.find((one) => one.layer === layer && one.head === head);
  const own = found && recording.passes.forms(token - 1, layer, head);
  if (!found || !own) throw new BadRequest(`nothing is known of a head ${head} in layer ${layer}`);
  const query: Pair = [...own.query];
  const candidate = (at: number): Answer['winner'] => {
    const forms = recording.passes.forms(at, layer, head);
    if (at < 0 || !forms) return undefined;
    const key: Pair = [...forms.key];
    const score = query[0].sum * key[0].sum + query[1].sum * key[1].sum;
    return { token: at, text: VOCABULARY[recording.tokenAt(at)] ?? '?', key, value: [...forms.value], score };
  };
  const winner = found.target < 0 ? undefined : candidate(found.target);
  const runnerUp = found.runnerUp < 0 ? undefined : candidate(found.runnerUp);
  return {
    role: found.name,
    query,
    ...(winner && { winner }),
    ...(runnerUp && { runnerUp }),
  };
}

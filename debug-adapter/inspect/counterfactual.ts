/**
 * What the model would have said, had one earlier token been another: all tokens, with that one changed, are given to a
 * scratch copy of the model, and its next token is compared. This is exact where gradients would not be: every argmax on the
 * way decides anew.
 */
import { KINDS } from '../../engine/trace/notation.ts';
import type { Anatomy, HeadAddition } from '../../engine/transformer/anatomy.ts';
import type { CounterfactualAnswer } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import type { TokenSource } from '../recording/token-source.ts';
import { valueText } from './heads/head-views.ts';
import { idOf, passBefore, scores, textOf } from './token-view.ts';

/** Tokens that are given between two looks at the clock. */
const BATCH = 4096;

/** @throws BadRequest for tokens that cannot be changed so */
export function* counterfactual(
  recording: Recording,
  pace: Pace,
  token: number,
  change: { readonly token: number; readonly to: string },
): Work<CounterfactualAnswer> {
  recording.passes.needFirst(token - 1);
  const before = passBefore(recording, token);
  if (change.token >= token) throw new BadRequest(`token ${change.token} does not stand before token ${token}`);
  const from = recording.history.tokenAt(change.token);
  const to = idOf(change.to);
  if (KINDS[from] !== KINDS[to]) {
    throw new BadRequest(`"${change.to}" cannot stand for "${textOf(from)}": it is another kind of token`);
  }
  const source = recording.scratch();
  try {
    yield* give(recording, source, pace, token, (at, tokens) => {
      const index = change.token - at;
      if (index >= 0 && index < tokens.length) tokens[index] = to;
    });
    const after = source.anatomy?.(token - 1);
    if (!after) throw new BadRequest('the tokens of this session come from a file: there is no model to look at');
    return {
      token,
      changed: { token: change.token, from: textOf(from), to: change.to },
      before: { text: textOf(before.chosen), logit: before.logits.chosen },
      after: { text: textOf(after.chosen), logit: after.logits.chosen },
      best: scores(after),
      heads: changedHeads(before, after),
    };
  } finally {
    source.release();
  }
}

/** Gives the tokens before one to a source, after `alter` has seen them. */
function* give(
  { history }: Recording,
  source: TokenSource,
  pace: Pace,
  end: number,
  alter: (at: number, tokens: Uint16Array) => void,
): Work {
  for (let at = 0; at < end; at += BATCH) {
    const tokens = Uint16Array.from({ length: Math.min(BATCH, end - at) }, (_, i) => history.tokenAt(at + i));
    alter(at, tokens);
    source.append(tokens);
    if (pace.due()) yield;
  }
}

function changedHeads(before: Anatomy, after: Anatomy): CounterfactualAnswer['heads'] {
  const outcome = ({ target, value }: HeadAddition) => ({ target, value: valueText(value) });
  const all = after.layers.flatMap(({ heads }) => heads);
  return before.layers
    .flatMap(({ heads }) => heads)
    .map((head, i) => ({ head, old: outcome(head), now: outcome(all[i]), isActive: all[i].active }))
    .filter(({ old, now }) => old.target !== now.target || old.value !== now.value)
    .map(({ head: { layer, head, role, active }, old, now, isActive }) => ({
      layer,
      head,
      role,
      active: active || isActive,
      before: old,
      after: now,
    }));
}

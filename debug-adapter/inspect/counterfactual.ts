/**
 * What the model would have said, had one earlier token been another: all tokens of its context, with that one changed, are
 * given to a scratch copy of the model, and its next token is compared. This is exact where gradients would not be: every
 * argmax on the way decides anew. Of a byte from before the context, what repeats it there is changed.
 */
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { byteOf, KINDS } from '../../engine/trace/notation.ts';
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
  const before = passBefore(recording, token);
  if (change.token >= token) throw new BadRequest(`token ${change.token} does not stand before token ${token}`);
  const from = recording.history.tokenAt(change.token);
  const to = idOf(change.to);
  if (KINDS[from] !== KINDS[to]) {
    throw new BadRequest(`"${change.to}" cannot stand for "${textOf(from)}": it is another kind of token`);
  }
  const { passes } = recording;
  const places = passes.positionsOf(change.token, token - 1);
  if (places.length === 0) {
    const { number } = passes.laterContext(token - 1) ?? { number: 1 };
    throw new BadRequest(
      `token ${change.token} was not carried over to context ${number}, in which token ${token} was chosen: what it says is not known there. ` +
        'Change a token of that context, or a byte that it begins with',
    );
  }
  const tokens = passes.read(token - 1);
  // What repeats a byte is stated without a carry.
  for (const at of places) tokens[at] = tokens[at] === from ? to : TOKEN.byte + byteOf(to);
  const source = recording.scratch();
  try {
    yield* give(tokens, source, pace);
    const found = source.anatomy?.(tokens.length - 1);
    const after = found && passes.anatomyOfRun(token - 1, found);
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

function* give(tokens: Uint16Array, source: TokenSource, pace: Pace): Work {
  for (let at = 0; at < tokens.length; at += BATCH) {
    source.append(tokens.subarray(at, at + BATCH));
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

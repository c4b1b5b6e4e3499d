/** How one token was chosen, as data for the Token view: the pass over the token before it, with names and texts. */
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import type { Anatomy, LayerAnatomy } from '../../engine/transformer/anatomy.ts';
import type { TokenAnswer } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Recording } from '../recording/recording.ts';
import { type HeadViews, valueText } from './heads/head-views.ts';

/** All but what its line does in C. @throws BadRequest for a token that no pass chose, and where nobody knows of passes; Unfed */
export function tokenView(
  recording: Recording,
  heads: HeadViews,
  token: number,
  rival?: string,
): Omit<TokenAnswer, 'headline'> {
  const pass = passBefore(recording, token, rival === undefined ? undefined : idOf(rival));
  const traceLine = recording.lineOfToken(token);
  const text = textOf(recording.history.tokenAt(token));
  const chosen = textOf(pass.chosen);
  return {
    token,
    text,
    given: text !== chosen,
    ...heads.lineView(traceLine),
    slots: pass.slots,
    chosen: { text: chosen, logit: pass.logits.chosen },
    rival: { text: textOf(pass.rival), logit: pass.logits.rival },
    best: scores(pass),
    vocabulary: VOCABULARY.length,
    embedding: { ...pass.embedding, slots: [...pass.embedding.slots] },
    layers: pass.layers.map((layer) => layerOf(layer, heads, token - 1)),
    decided: pass.decided,
    terms: [...pass.terms],
  };
}

/** The pass that chose a token. @throws as `tokenView` */
export function passBefore(recording: Recording, token: number, rival?: number): Anatomy {
  if (token > recording.now) throw new BadRequest(`there is no token ${token} yet`);
  if (token < recording.history.promptLength) {
    throw new BadRequest(`token ${token} belongs to the prompt: it was given, and no pass chose it`);
  }
  const pass = recording.passes.anatomy(token - 1, rival);
  if (!pass) throw new BadRequest('the tokens of this session come from a file: there is no model to look at');
  return pass;
}

/** A token of the vocabulary by its text. @throws BadRequest */
export function idOf(text: string): number {
  const id = VOCABULARY.indexOf(text);
  if (id < 0) throw new BadRequest(`the vocabulary has no token "${text}"`);
  return id;
}

export function textOf(id: number): string {
  return VOCABULARY[id] ?? '?';
}

/** The best tokens of a pass. */
export function scores({ best }: Anatomy): TokenAnswer['best'] {
  return best.map(({ id, logit }) => ({ text: textOf(id), logit }));
}

function layerOf(
  { heads, circuits, changes, says }: LayerAnatomy,
  views: HeadViews,
  token: number,
): TokenAnswer['layers'][number] {
  const working = circuits.filter(({ names }) => names.length > 0);
  const firing = working.filter(({ fired }) => fired > 0);
  return {
    heads: heads.map(({ layer, head, role, active, target, shared, value, slots, chosen, rival }) => ({
      slots: [...slots],
      chosen,
      rival,
      layer,
      head,
      role,
      active,
      target: target < 0 ? null : active ? views.standing(target, token) : views.named(target),
      shared,
      value: valueText(value),
    })),
    circuits: firing.map(({ names, neurons, fired, slots, chosen, rival }) => ({
      slots: [...slots],
      chosen,
      rival,
      names: [...names],
      neurons,
      fired,
    })),
    neurons: working.reduce((sum, { neurons }) => sum + neurons, 0),
    changes: [...changes],
    says: textOf(says),
  };
}

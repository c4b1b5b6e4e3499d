/** Requests of the Token view: how one token was chosen, and what would have been if another had stood before it. */
import { request } from '../dap-messages.ts';
import { place, token, traceLine } from '../moments.ts';
import { anyNumber, flag, integer, list, nullable, optional, record, text } from '../schema.ts';

/** What something added to the residual stream, and thereby to the logits of the chosen token and its rival. */
const ADDITION = {
  slots: list(record({ slot: integer(), name: text, by: anyNumber })),
  chosen: anyNumber,
  rival: anyNumber,
};

/** A slot that a layer left different: `name` is that of the variable in it now; `was` of the one before, if another. */
const change = record({
  slot: integer(),
  name: text,
  was: optional(text),
  before: anyNumber,
  after: anyNumber,
  /** Whether what it holds now has a part in the answer. */
  active: flag,
});

const layer = record({
  heads: list(
    record({
      ...ADDITION,
      layer: integer(),
      head: integer(),
      role: text,
      /** Whether it had a part in the answer. */
      active: flag,
      /** What it attended to, with where it stands if it had a part; null when its attention is spread over many. */
      target: nullable(
        record({
          token,
          text,
          lineText: optional(text),
          /** Missing for tokens of the prompt. */
          traceLine: optional(traceLine),
          place: optional(place),
        }),
      ),
      /** Tokens that share its attention equally. */
      shared: integer(),
      value: text,
    }),
  ),
  /** Those of which a neuron was open and that do more than erase: most do nothing for a token, and are many. */
  circuits: list(
    record({
      ...ADDITION,
      /** The variables that it writes. */
      names: list(text),
      neurons: integer(),
      /** How many of them were open. */
      fired: integer(),
    }),
  ),
  /** Neurons of the layer that do more than erase. */
  neurons: integer(),
  changes: list(change),
  /** What the unembedding would say behind this layer. */
  says: text,
});

const scored = record({ text, logit: anyNumber });

export const TOKEN_REQUESTS = {
  /** How a token was chosen by the pass over the one before it; of the token in focus, if no other is named. */
  'stepformer/token': request(
    record({
      token: optional(token),
      /** A token of the vocabulary to compare with; the runner-up, if none is named. */
      rival: optional(text),
    }),
    record({
      token,
      /** The token that stands there. `given`: it was not the model that said it. */
      text,
      given: flag,
      /** What its trace line does, in C's terms; empty for a program without sources. */
      headline: text,
      traceLine,
      lineText: text,
      place: optional(place),
      /** Slots of the residual stream. */
      slots: integer(),
      chosen: scored,
      rival: scored,
      /** The best, greatest logit first, of so many. */
      best: list(scored),
      vocabulary: integer(),
      embedding: record(ADDITION),
      layers: list(layer),
      /** The first layer from which on the stream says the chosen token; -1: from the embedding on. */
      decided: integer({ min: -1 }),
      /** The terms of both logits, weight times value: those that tell them apart first. */
      terms: list(
        record({ slot: integer(), name: text, value: anyNumber, chosenWeight: anyNumber, rivalWeight: anyNumber }),
      ),
    }),
  ),
  /**
   * What the model would have said in place of `token` if `changed`, a token before it, had been another of its kind: the same
   * tokens, but for that one, are given to the model anew. Nothing of the recording changes.
   */
  'stepformer/counterfactual': request(
    record({ token: optional(token), changed: token, to: text }),
    record({
      token,
      changed: record({ token, from: text, to: text }),
      /** What the model says, before and with the change. */
      before: scored,
      after: scored,
      best: list(scored),
      /** Heads of the last pass that brought something else, or from elsewhere. */
      heads: list(
        record({
          layer: integer(),
          head: integer(),
          role: text,
          active: flag,
          before: record({ target: integer({ min: -1 }), value: text }),
          after: record({ target: integer({ min: -1 }), value: text }),
        }),
      ),
    }),
  ),
} as const;

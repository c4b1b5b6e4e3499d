/** What the Attention view asks of one head, beside `stepformer/attention`, which tells of all of them. */
import { request } from '../dap-messages.ts';
import { token, traceLine } from '../moments.ts';
import { anyNumber, flag, integer, list, nullable, optional, otherwise, record, text } from '../schema.ts';

/** A component: a sum of slots of the residual stream, by the names that they have in the head's layer. */
const form = record({ sum: anyNumber, terms: list(record({ slot: text, weight: anyNumber, value: anyNumber })) });

/** Two components. */
const forms = list(form);

/** A token that was looked at: its key, its value, and the score of query and key; `carried`: as in `standing`. */
const candidate = record({
  token,
  text,
  key: forms,
  value: forms,
  score: anyNumber,
  carried: optional(integer({ min: 2 })),
});

export const ATTENTION_REQUESTS = {
  /** Why a head chose as it did in the pass that chose a token. */
  'stepformer/head': request(
    record({ layer: integer(), head: integer(), token }),
    record({
      role: text,
      query: forms,
      /** Missing where its attention is spread over many. */
      winner: optional(candidate),
      runnerUp: optional(candidate),
    }),
  ),
  /** What a head attended to, for the tokens of trace lines `from` up to but not including `to`, as far as one has been. */
  'stepformer/pattern': request(
    record({
      layer: integer(),
      head: integer(),
      from: traceLine,
      to: traceLine,
      /** Tokens at most; of more they are evenly spread, and the first of their lines. */
      points: otherwise(integer({ min: 1, max: 2000 }), 400),
    }),
    record({
      role: text,
      /** The stretch: its first token, and the one behind its last. */
      first: token,
      end: token,
      /** Tokens of the prompt. */
      prompt: integer(),
      rows: list(
        record({
          token,
          traceLine,
          text,
          /** Whether the head had a part in the token. */
          active: flag,
          /** -1 where its attention is spread over many. */
          target: integer({ min: -1 }),
          targetText: text,
          /** What it brought, in words. */
          meaning: text,
          margin: nullable(anyNumber),
        }),
      ),
    }),
  ),
} as const;

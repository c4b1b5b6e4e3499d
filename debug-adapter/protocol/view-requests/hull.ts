/**
 * What the Hull view asks: the keys of one head as the pass saw that chose a token, thinned to as many columns as can be drawn.
 *
 * A key is a point in the plane, its score with the query is how far it lies along the query's direction. Sent are the
 * points turned so that the query points up: `across` is one of the key's two numbers, the other axis the score. Which key
 * is on the hull does not depend on that.
 */
import { request } from '../dap-messages.ts';
import { standing, token } from '../moments.ts';
import { anyNumber, flag, integer, list, nullable, oneOf, optional, otherwise, record, text } from '../schema.ts';

/** A stretch of the axis that goes across the picture. */
const stretch = record({ from: anyNumber, to: anyNumber });

/** A token as a key: two numbers. */
const key = record({ standing, key: list(anyNumber) });

/** The number that a token, or what repeats it, has in the context of the pass, where that is a later one. */
const position = optional(integer());

/** One that took part in the choice. */
const candidate = record({
  standing,
  position,
  key: list(anyNumber),
  across: anyNumber,
  score: anyNumber,
  /** Tokens that have the same key; 0 for one that is not on the hull. */
  tokens: integer(),
});

/** A column of the picture: the keys of the hull that lie there. */
const column = record({
  /** Of these the one with the best score, and the latest token that has it. */
  across: anyNumber,
  score: anyNumber,
  token,
  position,
  /** Different keys. */
  places: integer({ min: 1 }),
  /** Tokens that have one of them. */
  tokens: integer({ min: 1 }),
});

/** What softmax makes of the scores at one temperature. */
const weighed = record({
  temperature: anyNumber,
  /** Shares of the attention: of what the hull finds, of the runner-up, of all others. */
  winner: anyNumber,
  runnerUp: anyNumber,
  others: anyNumber,
  /** Whether it brings what the hull brings, to the last bit. */
  exact: flag,
  why: text,
});

const hull = record({
  layer: integer(),
  head: integer(),
  role: text,
  /** The token that the pass chose. Its keys are those of the tokens before, in its context. */
  token,
  /** Of a later context: its number, counted from 1, and how many tokens it begins with. */
  context: optional(record({ number: integer({ min: 2 }), carried: integer() })),
  /** How many these are; how many tokens the prompt has, and how many there are now. */
  keys: integer(),
  prompt: integer(),
  now: integer(),
  /** Of so many keys one was looked at: counts are estimates if that is not 1. */
  sampled: integer({ min: 1 }),
  query: list(anyNumber),
  /** What C calls the byte that is looked up, of the head that loads memory; `function`: whose local it is. */
  variable: optional(record({ name: text, function: optional(text) })),
  /** Which number of a key goes across. */
  axis: oneOf(['x', 'y']),
  /** Whether every key of the hull is (2k, -k²) for a whole k: then one speaks of k. */
  parabola: flag,
  /** Whether the latest of equal scores wins; otherwise they share. */
  latest: flag,
  /** Where keys that can win are, and what of it is told. */
  whole: stretch,
  window: stretch,
  columns: list(column),
  /** Keys on the hull, different ones and tokens; tokens whose keys can never win. */
  places: integer(),
  onHull: integer(),
  below: integer(),
  /** Null where several share the attention. */
  winner: nullable(candidate),
  /** Tokens that share the best score; 1 where the latest wins. */
  shared: integer(),
  score: anyNumber,
  /** What the head brought. */
  value: list(anyNumber),
  runnerUp: optional(candidate),
  /** How far the winning score is ahead of the next; null without a next. */
  margin: nullable(anyNumber),
  /** Missing while only a sample was looked at. */
  softmax: optional(record({ scale: anyNumber, slope: anyNumber, weighed: list(weighed) })),
});

export const HULL_REQUESTS = {
  /** Of the token in focus, if no other is named. */
  'stepformer/hull': request(
    record({
      layer: integer(),
      head: integer(),
      token: optional(token),
      /** What of the axis across is to be told; all of it, if missing. */
      window: optional(stretch),
      /** Columns at most. */
      points: otherwise(integer({ min: 1, max: 4096 }), 160),
      /** A first picture soon: only some of the keys are looked at, if they are many. */
      sample: otherwise(flag, false),
    }),
    hull,
  ),
  /** A token as a key of a head: in its own context, or as the pass over another token saw it, under the number it has there. */
  'stepformer/key': request(record({ layer: integer(), head: integer(), token, pass: optional(token), position }), key),
} as const;

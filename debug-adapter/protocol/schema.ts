/**
 * Declarations of what is sent. From one declaration come the static type, the check of what a client sent (clients
 * send anything), and where in it lines and columns of sources are: those are counted from 0 or 1 as the client
 * wishes, and nothing else in a message is.
 */

/** A request that cannot be understood. */
export class BadRequest extends Error {}

/** Where lines and columns are in a value: it is one itself, or its fields (of a list: those of its items) have some. */
export type PlaceTree = 'line' | 'column' | { readonly [field: string]: PlaceTree };

/** Something that is sent, of type `Sent`. The field `sent` carries that type and is never there. */
export interface Body<Sent> {
  readonly places?: PlaceTree;
  readonly sent?: () => Sent;
}

/** Where lines and columns are in a value of type T: a PlaceTree that fits it. */
export type PlacesOf<T> = T extends number
  ? 'line' | 'column'
  : T extends readonly (infer Item)[]
    ? PlacesOf<Item>
    : { readonly [K in keyof T]?: PlacesOf<NonNullable<T[K]>> };

/** Something of a type that is declared elsewhere, which nothing checks. */
export function body<T>(places?: PlacesOf<T>): Body<T> {
  return { places: places as PlaceTree | undefined };
}

/** Something whose value can be checked. `Sent` is what may be sent, `Checked` what the receiver can rely on. */
export interface Schema<Checked, Sent = Checked> extends Body<Sent> {
  /** @throws BadRequest saying where the value does not fit */
  check(value: unknown, at: Spot): Checked;
}

/** A spot in a message, for errors: the request's name, and the way to a field in it. */
export interface Spot {
  readonly request: string;
  readonly path: string;
}

/** Types of a declaration. */
export type CheckedOf<S> = S extends Schema<infer Checked, unknown> ? Checked : never;
export type SentOf<S> = S extends Body<infer Sent> ? Sent : never;

/** Checks what was sent with a request; `undefined` is no arguments. @throws BadRequest */
export function checkSent<T>(schema: Schema<T, unknown>, request: string, value: unknown): T {
  return schema.check(value ?? {}, { request, path: '' });
}

function fail({ request, path }: Spot, expected: string, value: unknown): never {
  if (path === '') throw new BadRequest(`${request}: the arguments must be ${expected}`);
  const missing = value === undefined ? ', and is missing' : '';
  throw new BadRequest(`${request}: "${path}" must be ${expected}${missing}`);
}

/** Values that a test recognises. */
export function kind<T>(expected: string, fits: (value: unknown) => boolean, places?: PlaceTree): Schema<T> {
  return { places, check: (value, at) => (fits(value) ? (value as T) : fail(at, expected, value)) };
}

export const text = kind<string>('a string', (value) => typeof value === 'string');
export const flag = kind<boolean>('true or false', (value) => typeof value === 'boolean');
export const anyNumber = kind<number>('a number', (value) => typeof value === 'number');
export const anything = kind<unknown>('anything', () => true);

/** A whole number; without limits from 0 on. */
export function integer({ min = 0, max = Number.MAX_SAFE_INTEGER } = {}, places?: PlaceTree): Schema<number> {
  const check = (value: unknown, at: Spot) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) fail(at, 'a whole number', value);
    if (value < min || value > max) fail(at, `a number from ${min} to ${max}`, value);
    return value;
  };
  return { places, check };
}

/** Lines and columns of sources; trace lines are none. */
export const lineOfSource = integer({ max: 2 ** 31 - 1 }, 'line');
export const columnOfSource = integer({ max: 2 ** 31 - 1 }, 'column');

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Schema<T> {
  const expected = `one of ${words.map((word) => `"${word}"`).join(', ')}`;
  return kind<T>(expected, (value) => (words as readonly unknown[]).includes(value));
}

export function list<T, Sent>(item: Schema<T, Sent>): Schema<T[], readonly Sent[]> {
  const check = (value: unknown, at: Spot) => {
    if (!Array.isArray(value)) fail(at, 'a list', value);
    return value.map((one, index) => item.check(one, { ...at, path: `${at.path}[${index}]` }));
  };
  return { places: item.places, check };
}

type Fields = { readonly [field: string]: Schema<unknown, unknown> };
type Flat<T> = { [K in keyof T]: T[K] } & {};
type Optional<F extends Fields> = { [K in keyof F]: undefined extends SentOf<F[K]> ? K : never }[keyof F];
type SentFields<F extends Fields> = Flat<
  { [K in Exclude<keyof F, Optional<F>>]: SentOf<F[K]> } & { [K in Optional<F>]?: SentOf<F[K]> }
>;

/** An object. Fields that are not declared are not looked at, and not passed on. */
export function record<F extends Fields>(fields: F): Schema<{ [K in keyof F]: CheckedOf<F[K]> }, SentFields<F>> {
  const entries = Object.entries(fields);
  const places = entries.flatMap(([field, { places }]) => (places === undefined ? [] : [[field, places] as const]));
  const check = (value: unknown, at: Spot) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(at, 'an object', value);
    const raw = value as Record<string, unknown>;
    const path = (field: string) => (at.path === '' ? field : `${at.path}.${field}`);
    const checked = entries.map(([field, schema]) => [field, schema.check(raw[field], { ...at, path: path(field) })]);
    return Object.fromEntries(checked) as { [K in keyof F]: CheckedOf<F[K]> };
  };
  return { places: places.length > 0 ? Object.fromEntries(places) : undefined, check };
}

/** Something that may be missing. */
export function optional<T, Sent>(schema: Schema<T, Sent>): Schema<T | undefined, Sent | undefined> {
  return otherwise<T | undefined, Sent>(schema, undefined);
}

/** Something that may be missing, and what is meant then. */
export function otherwise<T, Sent>(schema: Schema<T, Sent>, fallback: T): Schema<T, Sent | undefined> {
  const check = (value: unknown, at: Spot) =>
    value === undefined || value === null ? fallback : schema.check(value, at);
  return { places: schema.places, check };
}

/** Something that may be null: known to be nothing. */
export function nullable<T, Sent>(schema: Schema<T, Sent>): Schema<T | null, Sent | null> {
  return { places: schema.places, check: (value, at) => (value === null ? null : schema.check(value, at)) };
}

/** A schema whose receiver is given something made from the value. */
export function as<T, Sent, Made>(schema: Schema<T, Sent>, make: (value: T) => Made): Schema<Made, Sent> {
  return { places: schema.places, check: (value, at) => make(schema.check(value, at)) };
}

/** By how much a client's lines and columns differ from ours, which count from 1. */
export interface Origin {
  readonly line: number;
  readonly column: number;
}

/** A copy of a value, whatever it is, with the lines and columns in it moved by `by`; the value itself without any. */
export function moved(value: unknown, places: PlaceTree | undefined, by: Origin): unknown {
  if (places === undefined || (by.line === 0 && by.column === 0)) return value;
  if (Array.isArray(value)) return value.map((item) => moved(item, places, by));
  // A column of 0 is one that nobody knows, and stays that.
  if (places === 'column') return typeof value === 'number' ? Math.max(value + by.column, 0) : value;
  if (places === 'line') return typeof value === 'number' ? value + by.line : value;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [field, inner] of Object.entries(places)) {
    if (copy[field] !== undefined) copy[field] = moved(copy[field], inner, by);
  }
  return copy;
}

/**
 * Checked access to the arguments of a request: clients send anything, and what does not fit is answered with an
 * error that names the command and the argument, before anything looks at it.
 */

/** A request that cannot be understood. */
export class BadRequest extends Error {}

type Fields = Record<string, unknown>;

/** The arguments of one request. Every getter throws BadRequest when the value is missing or of another kind. */
export class Arguments {
  private readonly name: string;
  private readonly fields: Fields;

  /** `name` is what messages call it: the command, or where in it these fields are. */
  constructor(name: string, raw: unknown) {
    if (raw !== undefined && raw !== null && (typeof raw !== 'object' || Array.isArray(raw))) {
      throw new BadRequest(`${name}: the arguments must be an object`);
    }
    this.name = name;
    this.fields = (raw ?? {}) as Fields;
  }

  has(key: string): boolean {
    return this.fields[key] !== undefined && this.fields[key] !== null;
  }

  /** A whole number from `min` to `max`; `fallback` when it is missing. */
  integer(key: string, { min = 0, max = Number.MAX_SAFE_INTEGER, fallback }: Range = {}): number {
    const value = this.fields[key];
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) this.fail(key, 'a whole number');
    if (value < min || value > max) this.fail(key, `a number from ${min} to ${max}`);
    return value;
  }

  text(key: string, fallback?: string): string {
    const value = this.fields[key];
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value !== 'string') this.fail(key, 'a string');
    return value;
  }

  /** A string, or undefined when it is missing. */
  optionalText(key: string): string | undefined {
    return this.has(key) ? this.text(key) : undefined;
  }

  flag(key: string, fallback?: boolean): boolean {
    const value = this.fields[key];
    if ((value === undefined || value === null) && fallback !== undefined) return fallback;
    if (typeof value !== 'boolean') this.fail(key, 'true or false');
    return value;
  }

  /** One of a few words; the first is the fallback. */
  oneOf<T extends string>(key: string, words: readonly [T, ...T[]]): T {
    if (!this.has(key)) return words[0];
    const value = this.fields[key] as T;
    if (!words.includes(value)) this.fail(key, `one of ${words.map((word) => `"${word}"`).join(', ')}`);
    return value;
  }

  texts(key: string): string[] {
    const value = this.fields[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) this.fail(key, 'a list of strings');
    return value;
  }

  /** A list of objects; empty when it is missing. */
  objects(key: string): Arguments[] {
    const value = this.fields[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) this.fail(key, 'a list');
    return value.map((item, index) => {
      if (typeof item !== 'object' || item === null) this.fail(`${key}[${index}]`, 'an object');
      return new Arguments(`${this.name}: ${key}[${index}]`, item);
    });
  }

  /** An object that must be there. */
  object(key: string): Arguments {
    const value = this.fields[key];
    if (typeof value !== 'object' || value === null) this.fail(key, 'an object');
    return new Arguments(`${this.name}: ${key}`, value);
  }

  /** Names of the fields, for messages about ones that nobody knows. */
  keys(): string[] {
    return Object.keys(this.fields);
  }

  raw(key: string): unknown {
    return this.fields[key];
  }

  fail(key: string, expected: string): never {
    const value = this.fields[key];
    throw new BadRequest(`${this.name}: "${key}" must be ${expected}${value === undefined ? ', and is missing' : ''}`);
  }
}

interface Range {
  min?: number;
  max?: number;
  fallback?: number;
}

/**
 * What stands between the quotes of a character constant or a string literal, as bytes (C17, section 6.4.4.4 and 6.4.5).
 */

const SIMPLE_ESCAPES: Record<string, number> = {
  "'": 39,
  '"': 34,
  '?': 63,
  '\\': 92,
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
};

const PARTS = /\\(?:([0-7]{1,3})|x([\da-fA-F]+)|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))|([^\\]+)/gsu;

/** The bytes, text as UTF-8. Undefined where an escape means nothing, or more than a byte. */
export function literalBytes(body: string): Uint8Array | undefined {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [, octal, hexadecimal, short, long, simple, plain] of body.matchAll(PARTS)) {
    const universal = short ?? long;
    if (plain !== undefined) bytes.push(...encoder.encode(plain));
    else if (universal !== undefined) {
      const point = Number.parseInt(universal, 16);
      if (point > 0x10_ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
      bytes.push(...encoder.encode(String.fromCodePoint(point)));
    } else {
      const code =
        simple === undefined ? Number.parseInt(octal ?? hexadecimal, octal ? 8 : 16) : (SIMPLE_ESCAPES[simple] ?? 256);
      if (code > 255) return undefined;
      bytes.push(code);
    }
  }
  return Uint8Array.from(bytes);
}

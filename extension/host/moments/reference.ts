/**
 * Moments as people write them: `token 3,850,402 · L4·H2` (as the Attention view copies it), `token 3850402`, `line 12,345`, a bare number,
 * `40%`. Lines of the trace are counted from 1, as its documents show them; tokens from 0.
 */

/** What a reference names. A bare number may be either. */
export type Reference =
  | { readonly kind: 'token'; readonly token: number; readonly layer?: number; readonly head?: number }
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'share'; readonly percent: number };

const NUMBER = String.raw`(\d[\d,.\u00a0\u202f ]*)`;
const TOKEN = new RegExp(String.raw`^tokens?\s*#?${NUMBER}(?:[·:,;\s]*L(\d+)\W*H(\d+))?$`, 'i');
const LINE = new RegExp(`^(?:trace )?line\\s*#?${NUMBER}$`, 'i');
const BARE = new RegExp(`^#?${NUMBER}$`);
const SHARE = /^(\d+(?:[.,]\d+)?)\s*%$/;

/** Reads a reference; undefined for any other text. */
export function referenceOf(text: string): Reference | undefined {
  const wanted = text.trim();
  const share = SHARE.exec(wanted);
  if (share) return { kind: 'share', percent: Math.min(Number(share[1].replace(',', '.')), 100) };
  const token = TOKEN.exec(wanted);
  if (token) {
    const head = token[2] === undefined ? {} : { layer: Number(token[2]), head: Number(token[3]) };
    return { kind: 'token', token: plain(token[1]), ...head };
  }
  const line = LINE.exec(wanted);
  if (line) return { kind: 'line', line: plain(line[1]) };
  const bare = BARE.exec(wanted);
  return bare ? { kind: 'number', number: plain(bare[1]) } : undefined;
}

/** Without what groups its digits. */
const plain = (digits: string) => Number(digits.replace(/\D/g, ''));

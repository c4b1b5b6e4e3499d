/** Shares of the attention, and temperatures, in words. */
import { exact } from './words.ts';

/** What a temperature means. */
export function temperatureName(temperature: number, scale: number): string {
  if (temperature === 1) return `Coldest: scores times ${exact(scale)}`;
  if (temperature === scale) return 'Hot: a score of one less counts e times less';
  return `Warmer by ${exact(temperature)}: one token older counts e times less`;
}

/** Three digits; what is not quite nothing, or not quite all, does not look as if it were. */
export function shareText(share: number): string {
  if (share === 0 || share === 1) return String(share);
  if (share < 0.0005) return '< 0.001';
  return share > 0.9995 ? '> 0.999' : share.toFixed(3);
}

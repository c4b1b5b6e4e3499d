/** Little helpers of pages: the arrow keys, numbers, names. */
/// <reference lib="dom" />

/** A listener for keys that lets arrows move the focus among the elements that match, in the order of the page. */
export function roving(selector: string, back: string, forth: string) {
  return (event: KeyboardEvent): void => {
    // With Alt it is a way through what was selected before.
    if (event.altKey || (event.key !== back && event.key !== forth)) return;
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(selector)];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = all[at + (event.key === forth ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  };
}

/** A listener for keys that does something at Enter, and not what a button would do: a click is by the space bar. */
export function atEnter(act: () => void) {
  return (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    act();
  };
}

/** One for all numbers: to make it takes longer than to write a hundred, and a view has a thousand. */
const english = new Intl.NumberFormat('en');

/** 12345 as 12,345. Most are small whole numbers, which look as they are. */
export const number = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1000 ? String(value) : english.format(value);

/** Last part of a path, of either system. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

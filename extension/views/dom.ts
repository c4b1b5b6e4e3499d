/** Little helpers for building a page: no framework, nothing that parses HTML from data. */
/// <reference lib="dom" />

type Child = Node | string | undefined | false;

/** An element with classes (`'button.token'`), attributes and children. */
export function element(name: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const [tag, ...classes] = name.split('.');
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child): child is Node | string => child !== undefined && child !== false));
  return made;
}

/** A button that does something. */
export function button(
  name: string,
  attributes: Record<string, string>,
  action: () => void,
  ...children: Child[]
): HTMLElement {
  const made = element(`button${name}`, { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', action);
  return made;
}

/** An SVG element. */
export function shape(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Arrow keys move the focus among the elements that match, in the order of the page. */
export function roving(container: HTMLElement, selector: string, back: string, forth: string): void {
  container.addEventListener('keydown', (event) => {
    if (event.key !== back && event.key !== forth) return;
    const all = [...container.querySelectorAll<HTMLElement>(selector)];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = all[at + (event.key === forth ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });
}

/** 12345 as 12,345. */
export const number = (value: number): string => value.toLocaleString('en');

/** Last part of a path, of either system. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

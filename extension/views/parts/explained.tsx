/** A word that explains itself when it is pointed at or has the keyboard's focus; a click opens the page that says more. */
/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useActs } from '../link/hooks.ts';
import { TERMS, type TermName } from './terms.ts';

export function Explained({ term, children }: { term: TermName; children: ComponentChildren }) {
  const link = useActs();
  const id = useId();
  const { text, page } = TERMS[term];
  return (
    <span class="explained">
      <button type="button" class="term" aria-describedby={id} onClick={() => link.openDocument(page)}>
        {children}
      </button>
      <span role="tooltip" id={id}>
        {text} <em>Click to read more.</em>
      </span>
    </span>
  );
}

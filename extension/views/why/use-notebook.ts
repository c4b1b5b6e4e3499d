/** The notebook of this page, which outlives the view: another tab may be shown in between. */
import { useLayoutEffect, useReducer } from 'preact/hooks';
import { useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import { Notebook } from './model/notebook.ts';

const notebooks = new WeakMap<Link, Notebook>();

/** The component is drawn anew when a question is asked, answered or turned to. */
export function useNotebook(): Notebook {
  const link = useLink();
  const notebook = notebooks.get(link) ?? new Notebook(link);
  notebooks.set(link, notebook);
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  useLayoutEffect(() => notebook.onChange(() => redraw(undefined)), [notebook]);
  return notebook;
}

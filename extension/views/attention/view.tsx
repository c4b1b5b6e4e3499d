/** The Attention view: what the heads did for the selected token, as page.ts draws it, and what the program printed. */
/// <reference lib="dom" />
import { useEffect, useRef } from 'preact/hooks';
import { useAnswer, useKept, useLink } from '../link/hooks.ts';
import { OutputStrip } from '../output/output.tsx';
import type { Folds } from './heads-table.ts';
import { AttentionPage } from './page.ts';

export function AttentionView() {
  const link = useLink();
  const { token } = link.selection;
  const { answer, error } = useAnswer('stepformer/attention', token === undefined ? {} : { token });
  const [folds, setFolds] = useKept<Folds>('folds', { other: false, idle: false });
  const place = useRef<HTMLDivElement>(null);
  const page = useRef<AttentionPage | undefined>(undefined);
  useEffect(() => {
    page.current = new AttentionPage(link);
    place.current?.append(page.current.root);
  }, [link]);
  const past = link.session.status?.past ?? false;
  useEffect(() => {
    if (answer) page.current?.show(answer, past, folds, setFolds);
  }, [answer, past, folds]);
  const isWaiting = !answer && !error && link.session.status?.state === 'running';
  return (
    <>
      {isWaiting && <p>The transformer is running. Pause it to see what its heads do.</p>}
      {error && <p>{error}</p>}
      <div ref={place} hidden={error !== undefined} />
      <OutputStrip />
    </>
  );
}

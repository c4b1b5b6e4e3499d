/** What can be done in every view: back and forward, a reference to what is looked at, a picture, an editor of its own. */
/// <reference lib="dom" />
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import type { Tab } from '../link/messages.ts';
import { headName } from '../parts/families.ts';
import { pngOf } from '../picture/png.ts';
import { pictureOf } from '../picture/svg.ts';

interface Props {
  tab: Tab;
  view: RefObject<HTMLElement | null>;
  /** In an editor already. */
  isAlone: boolean;
  hasSession: boolean;
}

export function Actions({ tab, view, isAlone, hasSession }: Props) {
  const link = useLink();
  const reference = referenceTo(link);
  const [said, say] = useState('');
  useEffect(() => say(''), [reference, tab]);
  const copy = () => {
    navigator.clipboard.writeText(reference).then(
      () => say('Copied'),
      (error: Error) => say(error.message),
    );
  };
  const save = async () => {
    const { current } = view;
    if (!current) return;
    say('');
    try {
      const picture = pictureOf(current);
      link.savePicture({ name: nameOf(tab, link), svg: picture.svg, png: await pngOf(picture) });
    } catch (error) {
      say(`This view cannot be drawn: ${(error as Error).message}`);
    }
  };
  return (
    <div class="actions" role="toolbar" aria-label="Actions of the view">
      <span class="note" role="status">
        {said}
      </span>
      {hasSession && (
        <>
          <Way by={-1} text="←" name="Back" keys="Escape or Alt+Left" isOpen={link.way.back} />
          <Way by={1} text="→" name="Forward" keys="Alt+Right" isOpen={link.way.forward} />
          <button type="button" title={`Copy “${reference}”, for “Go to…”`} disabled={reference === ''} onClick={copy}>
            Copy reference
          </button>
        </>
      )}
      <button type="button" class="save" title="Save this view as SVG or PNG" onClick={() => void save()}>
        Save picture…
      </button>
      {!isAlone && (
        <button
          type="button"
          class="beside"
          title="Open this view in an editor, beside the code"
          onClick={() => link.openInEditor(tab)}
        >
          Open beside
        </button>
      )}
    </div>
  );
}

interface WayProps {
  by: -1 | 1;
  text: string;
  name: string;
  keys: string;
  isOpen: boolean;
}

function Way({ by, text, name, keys, isOpen }: WayProps) {
  const link = useLink();
  return (
    <button
      type="button"
      class="way"
      aria-label={name}
      title={`${name}, to what was selected and where it was (${keys})`}
      disabled={!isOpen}
      onClick={() => link.go(by)}
    >
      {text}
    </button>
  );
}

/** `token 3,850,402 · L4·H2` */
function referenceTo({ selection, session }: Link): string {
  const token = selection.token ?? session.status?.token;
  if (token === undefined) return '';
  const { layer, head } = selection;
  const named = layer === undefined || head === undefined ? '' : ` · ${headName({ layer, head })}`;
  return `token ${number(token)}${named}`;
}

function nameOf(tab: Tab, { selection, session }: Link): string {
  const token = selection.token ?? session.status?.token;
  return tab === 'model' || token === undefined ? tab : `${tab}-token-${token}`;
}

/** Escape goes back, and Alt with an arrow back and forward, wherever the focus is: unless what has it takes the key. */
export function useWayBack(link: Link): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const by = stepOf(event);
      if (!by || event.defaultPrevented || isWriting(event.target)) return;
      event.preventDefault();
      link.go(by);
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [link]);
}

function stepOf({ key, altKey }: KeyboardEvent): -1 | 1 | undefined {
  if (altKey) return ({ ArrowLeft: -1, ArrowRight: 1 } as const)[key];
  return key === 'Escape' ? -1 : undefined;
}

/** In a field Escape and arrows belong to what is written. */
function isWriting(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'range'].includes(target.type);
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

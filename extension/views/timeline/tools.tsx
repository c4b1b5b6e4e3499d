/** What one adds to the picture: charts of printed values, and bookmarks. */
/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import type { SourceLine } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName } from '../dom.ts';
import { type Print, printFrom } from './model/prints.ts';

interface PrintFormProps {
  /** Where the position is: that is offered. */
  place: SourceLine | undefined;
  paths: readonly string[];
  add(print: Print): void;
}

/** Asks for an expression at each execution of a line. */
export function PrintForm({ place, paths, add }: PrintFormProps) {
  const [expression, setExpression] = useState('');
  const [typed, setTyped] = useState<string>();
  const [complaint, complain] = useState('');
  const at = typed ?? (place ? `${fileName(place.path)}:${place.line}` : '');
  const submit = (event: Event) => {
    event.preventDefault();
    const print = printFrom(expression, at, paths);
    complain(typeof print === 'string' ? print : '');
    if (typeof print === 'string') return;
    add(print);
    setExpression('');
    setTyped(undefined);
  };
  return (
    <form
      class="tool"
      onSubmit={submit}
      title="Charts an expression at each execution of a line, as if it had been printed"
    >
      <label>
        print{' '}
        <input
          class="code"
          placeholder="expression"
          aria-label="Expression to chart"
          value={expression}
          onInput={({ currentTarget }) => setExpression(currentTarget.value)}
        />
      </label>
      <label>
        at{' '}
        <input
          class="code"
          placeholder="file:line"
          aria-label="Line at which it is printed"
          value={at}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <button type="submit" class="link">
        Chart
      </button>
      {complaint && <span role="alert">{complaint}</span>}
    </form>
  );
}

/** A bookmark at the position. */
export function NoteForm({ add }: { add(note: string): void }) {
  const [note, setNote] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (note.trim() === '') return;
    add(note.trim());
    setNote('');
  };
  return (
    <form class="tool" onSubmit={submit} title="Marks the position with a note">
      <input
        placeholder="bookmark this moment"
        aria-label="Note of a bookmark at the position"
        value={note}
        onInput={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <button type="submit" class="link">
        Bookmark
      </button>
    </form>
  );
}

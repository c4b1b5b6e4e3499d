/**
 * Where questions are put: a kind, and what it is about; for a print also the line and a condition. The question that is shown
 * stands there, to be changed and asked again.
 */
/// <reference lib="dom" />
import { useEffect, useState } from 'preact/hooks';
import { fileName } from '../dom.ts';
import { useAnswer, useKept, useLink } from '../link/hooks.ts';
import type { WhyQuestion } from '../link/messages.ts';
import { pathOfSource } from './model/paths.ts';
import { KINDS, type Kind, typedFor } from './model/questions.ts';
import { useNotebook } from './use-notebook.ts';

/** What was typed for a print. */
interface PrintAt {
  path: string;
  line: number;
  condition: string;
}

export function AskBox() {
  const notebook = useNotebook();
  const [kind, setKind] = useKept<Kind>('why.kind', 'origin');
  const [text, setText] = useState('');
  const here = useHere();
  const [typed, setTyped] = useState<Partial<PrintAt>>({});
  const at: PrintAt = {
    path: typed.path ?? here?.path ?? '',
    line: typed.line ?? here?.line ?? 1,
    condition: typed.condition ?? '',
  };
  const shown = notebook.current?.question;
  useEffect(() => {
    if (!shown || !KINDS.some((one) => one.kind === shown.kind)) return;
    setKind(shown.kind);
    setText(typedFor(shown));
    if (shown.kind === 'print') setTyped({ path: shown.path, line: shown.line, condition: shown.condition });
  }, [shown]);
  const ask = (event: Event) => {
    event.preventDefault();
    const question = questionOf(kind, text.trim(), at);
    if (question) notebook.ask(question);
  };
  const { prompt } = KINDS.find((one) => one.kind === kind) ?? KINDS[0];
  return (
    <form class="ask" onSubmit={ask}>
      <select
        aria-label="Kind of question"
        value={kind}
        onChange={({ currentTarget }) => {
          setKind(currentTarget.value as Kind);
          // A new print is one of the line where one stands.
          setTyped({});
        }}
      >
        {KINDS.map((one) => (
          <option key={one.kind} value={one.kind}>
            {one.title}
          </option>
        ))}
      </select>
      <input
        class="subject"
        aria-label={prompt}
        placeholder={prompt}
        value={text}
        spellcheck={false}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      {kind === 'print' && <PrintFields at={at} change={(change) => setTyped({ ...typed, ...change })} />}
      <button type="submit" class="primary" disabled={text.trim() === ''}>
        Ask
      </button>
    </form>
  );
}

function questionOf(kind: Kind, text: string, { path, line, condition }: PrintAt): WhyQuestion | undefined {
  if (text === '') return undefined;
  switch (kind) {
    case 'origin':
    case 'history':
      return { kind, expression: text };
    case 'calls':
      return { kind, function: text };
    case 'search':
      return { kind, text };
    case 'print': {
      const only = condition.trim();
      return { kind, path, line, expression: text, ...(only ? { condition: only } : {}) };
    }
    default:
      return undefined;
  }
}

/** Line and condition of a print. */
function PrintFields({ at, change }: { at: PrintAt; change: (change: Partial<PrintAt>) => void }) {
  return (
    <>
      <label title={at.path}>
        {fileName(at.path)}:{' '}
        <input
          class="line"
          type="number"
          min={1}
          aria-label="Line"
          value={at.line}
          onInput={({ currentTarget }) => change({ line: Number(currentTarget.value) })}
        />
      </label>
      <input
        class="condition"
        aria-label="Condition"
        placeholder="only if …"
        value={at.condition}
        spellcheck={false}
        onInput={({ currentTarget }) => change({ condition: currentTarget.value })}
      />
    </>
  );
}

/** The source line of the innermost frame. */
function useHere(): { path: string; line: number } | undefined {
  useLink();
  const { answer } = useAnswer('stackTrace', { threadId: 1, levels: 1 });
  const frame = answer?.stackFrames[0];
  return frame?.source?.path ? { path: pathOfSource(frame.source.path), line: frame.line } : undefined;
}

/** Another value in the past, and the future that follows from it: a branch of its own, this one stays as it is. */
/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import { useLink } from '../link/hooks.ts';
import type { Change } from './model/what-if.ts';

export function WhatIf({ change: { name, expression, value, traceLine } }: { change: Change }) {
  const link = useLink();
  const [typed, setTyped] = useState(value);
  const [error, setError] = useState<string>();
  const [isDone, setDone] = useState(false);
  const fork = async (event: Event) => {
    event.preventDefault();
    setError(undefined);
    try {
      await link.ask('stepformer/travel', { traceLine });
      await link.ask('setExpression', { expression, value: typed });
      setDone(true);
    } catch (refusal) {
      setError((refusal as Error).message);
    }
  };
  return (
    <section>
      <h3>What if it had been another?</h3>
      <form class="what-if" onSubmit={fork}>
        {/\s/.test(name) ? name : <code>{name}</code>} <span class="old">{value}</span> →
        <input
          aria-label={`Another value of ${name}`}
          value={typed}
          spellcheck={false}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={typed.trim() === '' || typed.trim() === value}>
          Fork from here
        </button>
      </form>
      {error && <p role="alert">{error}</p>}
      <p class="note" role="status">
        {isDone
          ? 'You stand on a new branch, behind the change: continue, and see what comes of it.'
          : 'A fork is a second run from that token; this one stays as it is.'}
      </p>
    </section>
  );
}

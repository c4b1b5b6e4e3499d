/** What a search over functions, output and values has found. */
/// <reference lib="dom" />
import { number } from '../dom.ts';
import { Moment, Place } from '../parts/chips.tsx';
import type { Entry } from './model/notebook.ts';
import { useNotebook } from './use-notebook.ts';

const KINDS = [
  { kind: 'value', title: 'Values', hint: 'writes that made it so' },
  { kind: 'function', title: 'Functions', hint: 'at their first call' },
  { kind: 'output', title: 'Output', hint: 'where it was printed' },
] as const;

export function SearchView({ entry: { answer, pending, limit } }: { entry: Extract<Entry, { kind: 'search' }> }) {
  const notebook = useNotebook();
  if (!answer) return null;
  const { hits, more } = answer;
  if (hits.length === 0) {
    return (
      <p>
        Nothing in what is recorded so far: no function and no output has this text. Values are found as a comparison:{' '}
        <code>cell == 74</code>.
      </p>
    );
  }
  return (
    <>
      {KINDS.map(({ kind, title, hint }) => {
        const found = hits.filter((hit) => hit.kind === kind);
        if (found.length === 0) return null;
        return (
          <section key={kind}>
            <h3>
              {title} <span class="note">{hint}</span>
            </h3>
            <ul class="hits">
              {found.map(({ text, token, place }, index) => (
                <li key={`${token} ${index}`}>
                  <code>{text}</code> {place && <Place place={place} />} <Moment token={token} place={place} />{' '}
                  {kind === 'function' ? (
                    <button type="button" class="link" onClick={() => notebook.ask({ kind: 'calls', function: text })}>
                      all calls
                    </button>
                  ) : (
                    <button
                      type="button"
                      class="link"
                      onClick={() => notebook.ask({ kind: 'origin', token, about: text.trim() })}
                    >
                      why?
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {more && (
        <button type="button" class="link" disabled={pending} onClick={() => notebook.more(limit * 5)}>
          {pending ? 'Looking…' : `More than these ${number(hits.length)}`}
        </button>
      )}
    </>
  );
}

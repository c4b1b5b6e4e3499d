/** The picture in words, for those who do not see it, and for all who look for something in it. */
/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { TimelineAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { Moment, Place } from '../parts/chips.tsx';
import type { Mark } from './model/tracks.ts';

const KINDS: Record<Mark['kind'], string> = { bookmark: 'bookmark', finding: '', edit: 'edit', fork: 'branch' };

/** Something that is made only when somebody unfolds it. */
function Unfolding({ summary, children }: { summary: string; children: () => ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && children()}
    </details>
  );
}

/** What is marked, each a way there. */
export function Moments({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null;
  const sorted = marks.toSorted((a, b) => a.token - b.token);
  return (
    <Unfolding summary={`Moments that are marked: ${number(marks.length)}`}>
      {() => (
        <ul class="marked">
          {sorted.map(({ kind, token, text }) => (
            <li key={`${kind} ${token} ${text}`}>
              {KINDS[kind]} {text}, <Moment token={token} />
            </li>
          ))}
        </ul>
      )}
    </Unfolding>
  );
}

/** The longest calls that reach into the window, or near it. */
export function LongestCalls({ calls }: { calls: TimelineAnswer['longest'] }) {
  return (
    <Unfolding summary={`Longest calls around the window: ${number(calls.length)}`}>
      {() => (
        <table aria-label="Longest calls around the window">
          <thead>
            <tr>
              <th scope="col">function</th>
              <th scope="col">depth</th>
              <th scope="col">tokens</th>
              <th scope="col">begins</th>
              <th scope="col">at</th>
            </tr>
          </thead>
          <tbody>
            {calls.map(({ function: name, depth, tokens, token, place }) => (
              <tr key={`${token} ${depth}`}>
                <th scope="row" class="code">
                  {name}
                </th>
                <td>{depth}</td>
                <td>{number(tokens)}</td>
                <td>
                  <Moment token={token} />
                </td>
                <td>{place && <Place place={place} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Unfolding>
  );
}

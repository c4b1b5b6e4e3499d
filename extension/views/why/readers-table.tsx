/** Who read a value, by lines of C. */
/// <reference lib="dom" />
import type { Reader } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../dom.ts';
import { Moment, Place } from '../parts/chips.tsx';
import { readerGroups } from './model/readers.ts';

export function ReadersTable({ readers, more }: { readers: readonly Reader[]; more: boolean }) {
  if (readers.length === 0) return <p class="note">Nobody has, up to now.</p>;
  return (
    <>
      <table class="readers" aria-label="Readers">
        <thead>
          <tr>
            <th scope="col">reader</th>
            <th scope="col">times</th>
            <th scope="col">first, last</th>
          </tr>
        </thead>
        <tbody>
          {readerGroups(readers).map(({ text, place, function: name, count, first, last }) => (
            <tr key={first.token}>
              <td>
                {name} {place && <Place place={place} />} <code>{text}</code>
              </td>
              <td>{number(count)}</td>
              <td>
                <Moment token={first.token}>{number(first.token)}</Moment>
                {last !== first && (
                  <>
                    {' – '}
                    <Moment token={last.token}>{number(last.token)}</Moment>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <p class="note">… and more: these are the first {number(readers.length)} readings.</p>}
    </>
  );
}

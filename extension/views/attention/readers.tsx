/** The reverse of attention: who read later what a token wrote. */
/// <reference lib="dom" />
import { useAnswer } from '../link/hooks.ts';
import { HeadChip, Moment, Place } from '../parts/chips.tsx';

export function Readers({ token }: { token: number }) {
  const { answer, error } = useAnswer('stepformer/readers', { token, limit: 20 });
  if (error) return <p class="note">{error}</p>;
  if (!answer) return <p class="note">…</p>;
  if (answer.readers.length === 0) return <p class="note">Nobody has read it so far.</p>;
  return (
    <ul class="readers">
      {answer.readers.map((reader) => (
        <li key={reader.token}>
          <Moment token={reader.token} place={reader.place} /> <code>{reader.text}</code>{' '}
          {reader.place && <Place place={reader.place} />}{' '}
          {reader.evidence && <HeadChip head={reader.evidence} at={reader.evidence.from} />}
        </li>
      ))}
      {answer.more && <li class="note">and more</li>}
    </ul>
  );
}

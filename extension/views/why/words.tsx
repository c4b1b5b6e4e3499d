/** Sentences of the model as they look. */
import type { Words } from './model/words.ts';

export function Sentence({ words }: { words: readonly Words[] }) {
  return (
    <p class="headline">
      {words.map(({ text, as }, index) =>
        as === 'code' ? (
          <code key={`${index} ${text}`}>{text}</code>
        ) : as === 'strong' ? (
          <b key={`${index} ${text}`}>{text}</b>
        ) : (
          <span key={`${index} ${text}`}>{text}</span>
        ),
      )}
    </p>
  );
}

/** What stands beside the picture: the names of its tracks, and which colour each function has. */
/// <reference lib="dom" />
import type { TimelineAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { byRoom, colourNumbers } from './model/boxes.ts';
import type { Content, Track } from './model/tracks.ts';
import { COLOURS } from './paint.ts';

/** The names of the tracks, each beside its own; the colours of functions below that of the calls. */
export function Labels({
  content,
  tracks,
  drop,
}: {
  content: Content;
  tracks: readonly Track[];
  drop(print: number): void;
}) {
  return (
    <div class="labels">
      {tracks.map(({ kind, label, note, top, height, index }) => (
        <div key={`${kind} ${index}`} class={`label of-${kind}`} style={{ top: `${top}px`, height: `${height}px` }}>
          <span class="name" title={label}>
            {label}
          </span>
          {kind === 'print' && (
            <button type="button" class="drop" aria-label={`Remove the chart of ${label}`} onClick={() => drop(index)}>
              ×
            </button>
          )}
          {note && (
            <span class="remark" title={note}>
              {note}
            </span>
          )}
          {kind === 'calls' && <Legend answer={content.answer} room={height} />}
        </div>
      ))}
    </div>
  );
}

/** Pixels of the name above the legend, and of a row of it. */
const ABOVE = 34;
const ROW = 17;

/** Where there is no room for all functions: those that one sees most of. */
function Legend({ answer, room }: { answer: TimelineAnswer; room: number }) {
  const { functions } = answer;
  const colours = colourNumbers(functions, COLOURS);
  const own = byRoom(answer).flatMap((i) => (colours[i] < 0 ? [] : [{ name: functions[i].name, colour: colours[i] }]));
  const most = Math.max(Math.floor((room - ABOVE) / ROW) - 1, 0);
  return (
    <ul class="functions">
      {own.slice(0, most).map(({ name, colour }) => (
        <li key={name} title={name}>
          <span class="swatch" style={{ background: `var(--function-${colour})` }} /> {name}
        </li>
      ))}
      <li>
        <span class="swatch" style={{ background: 'var(--function-library)' }} /> library
      </li>
    </ul>
  );
}

/** The name of a picture by itself. */
export function Label({ label, note }: { label: string; note: string }) {
  return (
    <div class="labels">
      <div class="label whole">
        <span class="name">{label}</span>
        <span class="remark">{note}</span>
      </div>
    </div>
  );
}

/** Searching the recording while one types: functions, what was printed, and values (`cell == 74`); each hit is a moment. */
import type { AnswerOf, Whereabouts } from '../../../debug-adapter/protocol/protocol.ts';
import { type Choice, number, placeText } from '../quick.ts';
import type { Sessions } from '../sessions.ts';
import { pickLive } from './live-pick.ts';

type Hit = AnswerOf<'stepformer/search'>['hits'][number];

/** Hits shown at once. */
const LIMIT = 200;

const ICONS: Record<Hit['kind'], string> = { function: 'symbol-method', output: 'output', value: 'symbol-variable' };

/** Opens the list. `named`: moments that a text names by their number. */
export async function searchRecording(
  sessions: Sessions,
  named: (text: string, where: Whereabouts) => Choice[],
): Promise<void> {
  const where = await sessions.ask('stepformer/position', {});
  await pickLive({
    title: 'Search the recording',
    placeholder: 'A function, something that was printed, or a value such as sum == 8',
    find: async (text) => {
      const { hits, more } = await sessions.ask('stepformer/search', { text, limit: LIMIT });
      const rows = [...named(text, where), ...hits.map((hit) => row(sessions, hit))];
      return more ? [...rows, { label: `$(ellipsis) More than ${LIMIT} hits`, act: () => {} }] : rows;
    },
  });
}

function row(sessions: Sessions, { kind, text, place, traceLine }: Hit): Choice {
  const what = kind === 'function' ? `${text}()` : text;
  const when = kind === 'function' ? 'first call' : kind === 'output' ? 'printed' : 'written';
  return {
    label: `$(${ICONS[kind]}) ${what}`,
    description: [when, placeText(place), `line ${number(traceLine + 1)}`].filter(Boolean).join(' · '),
    act: () => sessions.travel({ traceLine }),
  };
}

/** Calls to go to: the open ones around the position first, or every call of a function of the recording. */
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { type Choice, choose, number, placeText } from '../quick.ts';
import type { Sessions } from '../sessions.ts';
import { pickLive } from './live-pick.ts';

type Call = AnswerOf<'stepformer/calls'>['calls'][number];

/** Asks for a function, or an open call. */
export async function pickCallOf(sessions: Sessions): Promise<void> {
  const open = await openCalls(sessions);
  await pickLive({
    title: 'Go to a call',
    placeholder: 'An open call, or a part of the name of a function',
    find: async (text) => {
      if (text.trim() === '') return open;
      const { hits } = await sessions.ask('stepformer/search', { text, kinds: ['function'] });
      return hits.map(({ text: name, place }) => ({
        label: `$(symbol-method) ${name}()`,
        description: placeText(place),
        act: () => pickCall(sessions, name),
      }));
    },
  });
}

async function openCalls(sessions: Sessions): Promise<Choice[]> {
  const { stackFrames } = await sessions.ask('stackTrace', { threadId: 1, levels: 200 });
  return stackFrames.map(({ id, name, line, source }) => ({
    label: `$(call-incoming) ${name}`,
    description: `open call · ${source?.name ?? ''}:${line}`,
    act: () => sessions.ask('restartFrame', { frameId: id }),
  }));
}

async function pickCall(sessions: Sessions, name: string): Promise<void> {
  const { calls, total } = await sessions.ask('stepformer/calls', { function: name });
  const rows = calls.map((call, index) => callRow(sessions, name, call, index));
  const all = total > calls.length ? `the first ${number(calls.length)} of ${number(total)}` : number(total);
  await choose(`Calls of ${name}: ${all}`, rows);
}

function callRow(sessions: Sessions, name: string, call: Call, index: number): Choice {
  const given = call.arguments.map(({ name: parameter, value }) => `${parameter} = ${value}`).join(', ');
  const end = call.end === undefined ? 'still open' : call.returned === undefined ? '' : `returned ${call.returned}`;
  const length = `${number(call.lines)} trace lines`;
  return {
    label: `${index + 1}. ${name}(${given})`,
    description: [end, length, `at line ${number(call.traceLine + 1)}`].filter(Boolean).join(' · '),
    act: () => sessions.travel({ traceLine: call.traceLine }),
  };
}

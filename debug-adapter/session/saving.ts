/** The requests about what is kept: the recording as a file, and the bookmarks in it. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import {
  packRecording,
  promptChecksum,
  type SavedSettings,
  sourcesOf,
} from '../../engine/recording/saved-recording.ts';
import type { Handlers } from '../protocol/protocol.ts';
import type { RECORDING_REQUESTS } from '../protocol/recording-requests.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Recording } from '../recording/recording.ts';
import type { Bookmarks, Note } from './bookmarks.ts';

/** Where a session goes on in a recording that was saved. */
export interface Resumed {
  readonly position: number;
  readonly reached: number;
  readonly bookmarks: readonly Note[];
}

/** What they need of the session. */
export interface Keeper {
  readonly debuggee: Debuggee;
  readonly recording: Recording;
  readonly options: SavedSettings;
  readonly position: number;
  readonly bookmarks: Bookmarks;
  /** Where the session is, or has come to. */
  here(): number;
  /** @throws BadRequest while something runs */
  stopped(): void;
}

type KeepingRequest = keyof typeof RECORDING_REQUESTS;

/** Answers to the requests about what is kept. */
export function keepingHandlers(session: Keeper): Pick<Handlers, KeepingRequest> {
  return {
    'stepformer/saveRecording': ({ path }) => {
      session.stopped();
      return { bytes: save(path, session) };
    },
    'stepformer/bookmarks': () => session.bookmarks.answer(),
    'stepformer/addBookmark': ({ traceLine = session.here(), note }) => session.bookmarks.add(traceLine, note),
    'stepformer/removeBookmark': ({ id }) => session.bookmarks.remove(id),
  };
}

/** Returns the bytes written. @throws BadRequest when the file cannot be written: what it was, it stays */
function save(path: string, { debuggee, recording, options, position, bookmarks }: Keeper): number {
  const { language, files, wasm, text } = debuggee.loaded;
  const { prompt, tokens, given } = recording.everything;
  const { attention, engine, maxTokens } = options;
  const branch = { id: 0, name: 'main', tokens, given, position, reached: recording.reached };
  const bytes = packRecording({
    made: { language, files, wasm, ...(text === undefined ? {} : { text }) },
    sources: sourcesOf(debuggee.loaded),
    model: recording.model,
    prompt: promptChecksum(prompt),
    input: recording.input,
    settings: { attention, maxTokens, more: recording.more, ...(engine ? { engine } : {}) },
    branches: [branch],
    current: 0,
    bookmarks: bookmarks.list.map(({ traceLine, note }) => ({ branch: 0, traceLine, note })),
  });
  const beside = `${path}.part`;
  try {
    writeFileSync(beside, bytes);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw new BadRequest(`the recording cannot be written: ${(error as Error).message}`);
  }
  return bytes.length;
}

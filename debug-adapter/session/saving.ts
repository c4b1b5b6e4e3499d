/** Writes a session's recording into a file. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import {
  packRecording,
  promptChecksum,
  type SavedSettings,
  sourcesOf,
} from '../../engine/recording/saved-recording.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Recording } from '../recording/recording.ts';
import type { Note } from './bookmarks.ts';

/** Where a session goes on in a recording that was saved. */
export interface Resumed {
  readonly position: number;
  readonly reached: number;
  readonly bookmarks: readonly Note[];
}

/** What is saved besides the tokens. */
export interface Saving {
  readonly debuggee: Debuggee;
  readonly recording: Recording;
  readonly options: SavedSettings;
  readonly position: number;
  readonly bookmarks: readonly Note[];
}

/** Saves it; returns the bytes written. @throws BadRequest when the file cannot be written: what it was, it stays */
export function saveRecording(path: string, { debuggee, recording, options, position, bookmarks }: Saving): number {
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
    settings: { attention, maxTokens, ...(engine ? { engine } : {}) },
    branches: [branch],
    current: 0,
    bookmarks: bookmarks.map(({ traceLine, note }) => ({ branch: 0, traceLine, note })),
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

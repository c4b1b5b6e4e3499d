/** A run as a recording: a file that the debugger opens at the program's end. */
import { writeFileSync } from 'node:fs';
import { PlacedError } from '../errors.ts';
import {
  packRecording,
  promptChecksum,
  type SavedRecording,
  type SavedSettings,
  sourcesOf,
} from '../recording/saved-recording.ts';
import type { Run } from '../run/run.ts';
import type { Loaded } from '../toolchain/load.ts';

/** @param model its checksum. @throws PlacedError when the file cannot be written */
export function writeRecording(
  file: string,
  loaded: Loaded,
  { input, asks }: Pick<SavedRecording, 'input' | 'asks'>,
  run: Pick<Run, 'history' | 'given'>,
  { attention, engine, maxTokens }: SavedSettings,
  model: string,
): void {
  const { history, given: stated } = run;
  const { promptLength } = history;
  const { language, files, wasm, text } = loaded;
  const position = history.end?.line ?? history.lines;
  const given = stated.map(({ from, to }) => ({ from: from - promptLength, to: to - promptLength }));
  const tokens = history.tokensFrom(promptLength, history.tokenCount);
  const bytes = packRecording({
    made: { language, files, wasm, ...(text === undefined ? {} : { text }) },
    sources: sourcesOf(loaded),
    model,
    prompt: promptChecksum(history.tokensFrom(0, promptLength)),
    input,
    settings: { attention, maxTokens, ...(engine ? { engine } : {}) },
    asks,
    branches: [{ id: 0, name: 'main', shared: 0, tokens, given, edits: [], position, reached: position }],
    current: 0,
    bookmarks: [],
  });
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new PlacedError(`the recording cannot be written: ${(error as Error).message}`, { file });
  }
}

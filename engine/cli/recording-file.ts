/** A run as a recording: a file that the debugger opens at the program's end. */
import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PlacedError } from '../errors.ts';
import {
  packRecording,
  promptChecksum,
  type SavedRecording,
  type SavedSettings,
  sourcesOf,
} from '../recording/saved-recording.ts';
import { TokenSections } from '../recording/token-sections.ts';
import { writeWhole } from '../recording/whole-file.ts';
import { type ContextRun, tokensOfRun } from '../run/contexts.ts';
import type { Given } from '../run/run.ts';
import type { Loaded } from '../toolchain/load.ts';

/**
 * What a recording keeps of a run, compressed while the run goes on: its tokens, and which of them a host gave. Which contexts it
 * had makes no difference.
 */
export class RecordingFile {
  private readonly file: string;
  private readonly tokens = new TokenSections();
  private readonly given: Given[] = [];
  /** Checksum of the first context's prompt. */
  private prompt = '';

  /** @throws PlacedError when the file cannot be written: that is to be known before a run of an hour */
  constructor(file: string) {
    this.file = file;
    this.attempt(() => accessSync(dirname(resolve(file)), constants.W_OK));
  }

  /** Takes over what a context adds to its run; of the last one also what was begun of a line. */
  add(run: ContextRun, isLast: boolean): void {
    const { history, first } = run;
    this.prompt ||= promptChecksum(history.tokensFrom(0, history.promptLength));
    this.tokens.add(tokensOfRun(run, first, isLast ? undefined : history.lines));
    this.given.push(...run.givenTokens);
  }

  /** @param model its checksum. @throws PlacedError when the file cannot be written */
  write(
    loaded: Loaded,
    { input, asks }: Pick<SavedRecording, 'input' | 'asks'>,
    { position }: ContextRun,
    { attention, engine, maxTokens }: SavedSettings,
    model: string,
  ): void {
    const { prompt, tokens, given } = this;
    const { language, files, wasm, text } = loaded;
    const bytes = packRecording({
      made: { language, files, wasm, ...(text === undefined ? {} : { text }) },
      sources: sourcesOf(loaded),
      model,
      prompt,
      input,
      settings: { attention, maxTokens, ...(engine ? { engine } : {}) },
      asks,
      branches: [{ id: 0, name: 'main', shared: 0, tokens, given, edits: [], position, reached: position }],
      current: 0,
      bookmarks: [],
    });
    this.attempt(() => writeWhole(this.file, bytes));
  }

  private attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      throw new PlacedError(`the recording cannot be written: ${(error as Error).message}`, { file: this.file });
    }
  }
}

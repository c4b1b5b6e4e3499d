/** Recordings as files: what is written into one, and how a branch that was read from one becomes a recording again. */
import { PlacedError } from '../../engine/errors.ts';
import { type SavedBranch, wholeTokens } from '../../engine/recording/saved-branches.ts';
import { packingRecording, promptChecksum, sourcesOf } from '../../engine/recording/saved-recording.ts';
import { writeWhole } from '../../engine/recording/whole-file.ts';
import type { LaunchOptions } from '../protocol/launch.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Pace, Work } from '../recording/pace.ts';
import type { Recording } from '../recording/recording.ts';
import type { BranchTree } from './branch-tree.ts';

/**
 * Lets a recording without tokens take over those of a branch of a file, in slices.
 * @throws PlacedError for what is no trace, or for a moment that it does not have
 */
export function* restore(recording: Recording, all: readonly SavedBranch[], id: number, pace: Pace): Work {
  const { given = [], reached = 0 } = all.find((branch) => branch.id === id) ?? {};
  yield* recording.restore({ tokens: wholeTokens(all, id), given }, pace);
  const { lastPosition } = recording;
  if (reached > lastPosition) {
    const message = `The recording is damaged: branch ${id} stands at trace line ${reached}, and has ${lastPosition}.`;
    throw new PlacedError(message);
  }
}

/**
 * Keeps what there is now, in slices; answers with the bytes written.
 * @throws BadRequest when the file cannot be written: what it was, it stays
 */
export function save(
  path: string,
  { loaded }: Debuggee,
  recording: Recording,
  { attention, engine, maxTokens }: LaunchOptions,
  { kept }: BranchTree,
  current: number,
): Work<{ readonly bytes: number }> {
  const { language, files, wasm, text } = loaded;
  const packing = packingRecording({
    made: { language, files, wasm, ...(text === undefined ? {} : { text }) },
    sources: sourcesOf(loaded),
    model: recording.model,
    prompt: promptChecksum(recording.prompt),
    input: recording.input,
    asks: recording.asks,
    settings: { attention, maxTokens, ...(engine ? { engine } : {}) },
    branches: kept.map(({ branch }) => branch),
    current,
    bookmarks: kept.flatMap(({ branch: { id }, bookmarks }) =>
      bookmarks.map(({ traceLine, note }) => ({ branch: id, traceLine, note })),
    ),
  });
  return written(packing, path);
}

function* written(packing: Work<Uint8Array>, path: string): Work<{ readonly bytes: number }> {
  const bytes = yield* packing;
  try {
    writeWhole(path, bytes);
  } catch (error) {
    throw new BadRequest(`the recording cannot be written: ${(error as Error).message}`);
  }
  return { bytes: bytes.length };
}

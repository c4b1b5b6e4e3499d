/**
 * A recording to keep: the program with its sources and input, the model's checksum, and the tokens of its branches with
 * where one stood in each. Everything else that a debugger shows is made of these again.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PlacedError } from '../errors.ts';
import type { Engine } from '../run/engines.ts';
import { finish, type Steps } from '../steps.ts';
import { hostPath } from '../toolchain/clang/paths.ts';
import { embeddedUri } from '../toolchain/debug/texts.ts';
import { type Loaded, loadMade, type Made } from '../toolchain/load.ts';
import type { Attention } from '../transformer/transformer.ts';
import { packing, unpackSections } from './container.ts';
import { type Bookmark, checkBranches, type SavedBranch } from './saved-branches.ts';
import { sectionsFrom, sectionsOf, TokenSections, tokensOf } from './token-sections.ts';

/** How the tokens were generated. */
export interface SavedSettings {
  readonly attention: Attention;
  readonly engine?: Engine;
  readonly maxTokens: number;
}

export interface SavedRecording {
  readonly made: Made;
  /** Texts of the program's source files, by path, where they could be read. */
  readonly sources: ReadonlyMap<string, string>;
  /** Checksum of the model's files. */
  readonly model: string;
  /** Checksum of the prompt that the tokens follow. */
  readonly prompt: string;
  readonly input: Uint8Array;
  /** Whether the program asks for more input than that. */
  readonly asks: boolean;
  readonly settings: SavedSettings;
  /** Each behind the one that it comes from. */
  readonly branches: readonly SavedBranch[];
  /** The branch that one was in. */
  readonly current: number;
  readonly bookmarks: readonly Bookmark[];
}

/** A recording to write: the tokens of a branch may be sections already. */
export interface RecordingToSave extends Omit<SavedRecording, 'branches'> {
  readonly branches: readonly (Omit<SavedBranch, 'tokens'> & { readonly tokens: Uint16Array | TokenSections })[];
}

/** What is not bytes, as the file's first section has it. */
interface Head extends Omit<SavedRecording, 'made' | 'sources' | 'input' | 'branches'> {
  readonly made: Omit<Made, 'wasm'>;
  readonly sources: readonly (readonly [string, string])[];
  /** With how many sections of tokens each has; one, where it is not said. */
  readonly branches: readonly (Omit<SavedBranch, 'tokens'> & { readonly sections?: number })[];
}

/** The bytes of a file. */
export function packRecording(saved: RecordingToSave): Uint8Array {
  return finish(packingRecording(saved));
}

/** The same, a piece at a time. */
export function packingRecording(saved: RecordingToSave): Steps<Uint8Array> {
  const { made, sources, input, branches, ...rest } = saved;
  const { wasm, ...program } = made;
  const head: Head = {
    ...rest,
    made: program,
    sources: [...sources],
    branches: branches.map(({ tokens, ...branch }) => ({
      ...branch,
      sections: tokens instanceof TokenSections ? tokens.sections.length : sectionsOf(tokens.length),
    })),
  };
  return packing(sections(head, wasm, input, branches));
}

/** Each made only when it is compressed. */
function* sections(head: Head, wasm: Uint8Array, input: Uint8Array, branches: RecordingToSave['branches']) {
  yield Buffer.from(JSON.stringify(head));
  yield wasm;
  yield input;
  for (const { tokens } of branches) {
    if (tokens instanceof TokenSections) yield* tokens.sections;
    else yield* sectionsFrom(tokens);
  }
}

/** What a file holds. `file` is its path, for errors. @throws PlacedError saying what is wrong with it */
export function unpackRecording(bytes: Uint8Array, file: string): SavedRecording {
  const sections = unpackSections(bytes, file);
  const next = () => {
    const { done, value } = sections.next();
    if (done) throw new Error('it ends before all of its parts');
    return value;
  };
  try {
    const [head, wasm, input] = [next(), next(), next()];
    const { made, sources, branches, ...rest } = JSON.parse(Buffer.from(head).toString()) as Head;
    const all = branches.map(({ sections: count = 1, ...branch }) => ({
      ...branch,
      tokens: tokensOf(Array.from({ length: count }, next)),
    }));
    if (!sections.next().done) throw new Error('it has more parts than its branches');
    checkBranches(all, rest.current, rest.bookmarks);
    return { ...rest, made: { ...made, wasm }, sources: new Map(sources), input, branches: all };
  } catch (error) {
    if (error instanceof PlacedError) throw error;
    throw new PlacedError(`The recording is damaged: ${(error as Error).message}.`, { file });
  }
}

/** The program of a recording. Sources that are not where they were, or are others now, come from the recording. */
export async function loadSaved({ made, sources }: SavedRecording): Promise<Loaded> {
  const loaded = await loadMade(made, { disassemble: true });
  const moved = [...sources].filter(([path, text]) => readText(path) !== text);
  return {
    ...loaded,
    texts: new Map([...loaded.texts, ...moved.map(([path, text]) => [embeddedUri(path), text] as const)]),
  };
}

/** The sources of a program as they are now. */
export function sourcesOf({ debug, texts }: Loaded): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of debug?.files ?? []) {
    const path = hostPath(file);
    const text = texts.get(embeddedUri(path)) ?? readText(path);
    if (text !== undefined) found.set(path, text);
  }
  return found;
}

/** @throws PlacedError for a recording that another model made */
export function checkModel({ model }: SavedRecording, here: string, file: string): void {
  if (model === here) return;
  const message = `The recording was made by another model (${model.slice(0, 12)}; the one here is ${here.slice(0, 12)}). Open it with the Stepformer that saved it.`;
  throw new PlacedError(message, { file });
}

/** @throws PlacedError for a recording of a prompt that the program does not have any more */
export function checkPrompt({ prompt }: SavedRecording, here: Uint16Array, file: string): void {
  if (prompt === promptChecksum(here)) return;
  const message =
    'The recording was made with another version of the toolchain, which wrote the program differently. Open it with the Stepformer that saved it.';
  throw new PlacedError(message, { file });
}

/** Tells prompts apart. */
export function promptChecksum(prompt: Uint16Array): string {
  const bytes = new Uint8Array(prompt.buffer, prompt.byteOffset, prompt.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

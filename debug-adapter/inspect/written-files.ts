/**
 * Files that the program has written, as they are at a moment: they lie in its memory, so going back in the trace goes back
 * in them. Clients read them as documents, by URIs.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { quote } from '../../engine/debuginfo/index.ts';
import { SOURCE_SCHEME } from '../../engine/toolchain/debug/texts.ts';
import { type ProgramFile, writtenFiles } from '../../engine/toolchain/given-files.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import type { References } from '../protocol/references.ts';
import type { Debuggee } from '../recording/debuggee.ts';

/** No folder of a host is called so. */
const FOLDER = `${SOURCE_SCHEME}:/files of the program/`;

/** Bytes of a file that are shown in a line. */
const SHOWN = 60;

export function filesAt({ loaded }: Debuggee, moment: Moment): ProgramFile[] {
  return writtenFiles(loaded.program, moment);
}

/** Files as variables: each with its size and how it begins, and a link to its text. */
export function fileVariables(files: readonly ProgramFile[], references: References): DebugProtocol.Variable[] {
  return files.map(({ path, bytes }) => {
    const text = `${quote(bytes.subarray(0, SHOWN))}${bytes.length > SHOWN ? '...' : ''}`;
    return {
      name: path,
      value: `${bytes.length} byte${bytes.length === 1 ? '' : 's'} ${text}`,
      variablesReference: 0,
      valueLocationReference: references.location({ file: FOLDER + path, line: 1 }),
      presentationHint: { attributes: ['readOnly'] },
    };
  });
}

/** The text of a file at a moment, by its URI; undefined for other URIs, and empty for a file that there is not. */
export function fileText(debuggee: Debuggee, moment: Moment, uri: string): string | undefined {
  const given = decoded(uri).replace(/^([\w-]+:)\/{2,}/, '$1/');
  if (!given.startsWith(FOLDER)) return undefined;
  const path = given.slice(FOLDER.length);
  const found = filesAt(debuggee, moment).find((file) => file.path === path);
  return new TextDecoder().decode(found?.bytes);
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/**
 * Frames as the protocol has them. A frame without C shows its wasm function, and its trace line in the page that
 * holds it.
 */
import { basename } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { instructionText } from '../../engine/isa/program.ts';
import { reference } from '../breakpoints/placement.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';
import { documentLine, pageName, pageOf, pageUri } from '../recording/trace-pages.ts';
import { MODULE_ID } from './modules.ts';

/** `id` is the number under which the frame is known. */
export function stackFrame(frame: Frame, debuggee: Debuggee, id: number): DebugProtocol.StackFrame {
  const { cursor } = frame;
  const shared = { id, column: 0, moduleId: MODULE_ID, instructionPointerReference: reference(cursor) };
  const source = debuggee.code.framesOf(cursor).find(({ index }) => index === frame.inlined);
  const place = source?.place;
  // Where there are sources, a library is not where anybody wants to be taken.
  const hasSources = debuggee.code.files.size > 0;
  if (place) {
    const isLibrary = hasSources && !debuggee.code.files.has(place.file);
    return {
      ...shared,
      name: source.name,
      source: {
        name: basename(place.file),
        path: place.file,
        ...(isLibrary ? { presentationHint: 'deemphasize' as const } : {}),
      },
      line: place.line,
      column: place.column,
      ...(isLibrary ? { presentationHint: 'subtle' as const } : {}),
    };
  }
  const page = pageOf(frame.line);
  const document: DebugProtocol.Source = { name: pageName(page), path: pageUri(page) };
  if (hasSources) document.presentationHint = 'deemphasize';
  return {
    ...shared,
    name: `${frame.fn?.name ?? '?'}  ${instructionText(debuggee.program, cursor)}`,
    source: document,
    line: documentLine(frame.line),
    ...(hasSources ? { presentationHint: 'subtle' as const } : {}),
  };
}

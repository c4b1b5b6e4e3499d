/** What the program writes, to where it meant it: our standard output, and our standard error. */
import type { OutputPiece } from '../run/output.ts';

export function writePieces(pieces: readonly OutputPiece[]): void {
  for (const { stream, bytes } of pieces) process[stream === 'errors' ? 'stderr' : 'stdout'].write(bytes);
}

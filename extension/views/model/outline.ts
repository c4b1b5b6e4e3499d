/** Pictures of matrices as paths of SVG: one element each, in the colours of the theme, and nothing that has to be painted again. */
import type { MatrixPicture } from '../../../engine/transformer/portrait.ts';

/** The blocks as one path, those beside each other in a row as one rectangle. */
export function outline({ blocks, across }: Pick<MatrixPicture, 'blocks' | 'across'>): string {
  let path = '';
  for (let i = 0; i < blocks.length; ) {
    const [from, x] = [blocks[i], blocks[i] % across];
    let width = 1;
    while (blocks[i + width] === from + width && x + width < across) width++;
    path += `M${x} ${Math.floor(from / across)}h${width}v1h-${width}z`;
    i += width;
  }
  return path;
}

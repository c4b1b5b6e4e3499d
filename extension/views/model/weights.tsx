/** Pictures of all matrices: a block is drawn where one of its weights is not zero. */
/// <reference lib="dom" />
import { useEffect, useRef } from 'preact/hooks';
import type { MatrixPicture, Portrait } from '../../../engine/transformer/portrait.ts';
import { number } from '../dom.ts';

export function Weights({ portrait: { sizes, embed, unembed, layers } }: { portrait: Portrait }) {
  const share = ((100 * sizes.nonzero) / sizes.parameters).toFixed(1);
  return (
    <section class="weights">
      <h2>
        Weights: {number(sizes.nonzero)} of {number(sizes.parameters)} are not zero ({share} %)
      </h2>
      <p class="note">A square stands for a block of weights, drawn where one in it is not zero. Rows are outputs.</p>
      <div class="row">
        <Picture picture={embed} label="embed" />
        <Picture picture={unembed} label="unembed" />
      </div>
      {layers.map(({ matrices }, l) => (
        <div class="row" key={l}>
          <b>L{l}</b>
          {matrices.map((picture) => (
            <Picture key={picture.name} picture={picture} label={picture.name.split('.').at(-2) ?? picture.name} />
          ))}
        </div>
      ))}
    </section>
  );
}

function Picture({ picture, label }: { picture: MatrixPicture; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { name, rows, columns, nonzero, down, across, blocks } = picture;
  useEffect(() => {
    const { current } = canvas;
    const pen = current?.getContext('2d');
    if (!current || !pen) return;
    // In the colour of text, as the theme has it: colours of ours say families of heads, and nothing else.
    pen.fillStyle = getComputedStyle(current).color;
    pen.clearRect(0, 0, across, down);
    for (const block of blocks) pen.fillRect(block % across, Math.floor(block / across), 1, 1);
  }, [picture]);
  const text = `${name}: ${number(nonzero)} of ${number(rows * columns)} weights are not zero`;
  return (
    <figure title={`${text}\n${number(rows)} × ${number(columns)}`}>
      <canvas ref={canvas} width={across} height={down} role="img" aria-label={text} />
      <figcaption>
        {label} <span class="note">{number(nonzero)}</span>
      </figcaption>
    </figure>
  );
}

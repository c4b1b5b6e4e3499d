/** Pictures of all matrices: a block is drawn where one of its weights is not zero. */
/// <reference lib="dom" />
import type { MatrixPicture, Portrait } from '../../../engine/transformer/portrait.ts';
import { number } from '../dom.ts';
import { outline } from './outline.ts';

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
  const { name, rows, columns, nonzero, down, across } = picture;
  const text = `${name}: ${number(nonzero)} of ${number(rows * columns)} weights are not zero`;
  return (
    <figure title={`${text}\n${number(rows)} × ${number(columns)}`}>
      <svg viewBox={`0 0 ${across} ${down}`} preserveAspectRatio="none" role="img" aria-label={text}>
        <path d={outline(picture)} />
      </svg>
      <figcaption>
        {label} <span class="note">{number(nonzero)}</span>
      </figcaption>
    </figure>
  );
}

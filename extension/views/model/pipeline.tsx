/** A row per layer: what it does, its heads by what they look up, its neurons. */
/// <reference lib="dom" />
import type { LayerPortrait, Portrait } from '../../../engine/transformer/portrait.ts';
import { number } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { Explained } from '../parts/explained.tsx';
import { colourOf, familyOf, headName } from '../parts/families.ts';
import { deedsOf } from './deeds.ts';

export function LayerTable({ portrait: { layers } }: { portrait: Portrait }) {
  const most = Math.max(...layers.map(({ neurons }) => neurons));
  return (
    <table class="pipeline" aria-label="Layers">
      <thead>
        <tr>
          <th scope="col">layer</th>
          <th scope="col">what it does</th>
          <th scope="col">its heads, by what they look up</th>
          <th scope="col">
            <Explained term="neuron">neurons</Explained>
          </th>
        </tr>
      </thead>
      <tbody>
        {layers.map((layer, l) => (
          <tr key={l}>
            <th scope="row">L{l}</th>
            <td>{deedsOf(layer)}</td>
            <td>
              <Heads layer={l} portrait={layer} />
            </td>
            <td title={circuitsText(layer)}>
              <span class="bar" style={{ width: `${(60 * layer.neurons) / most}px` }} aria-hidden="true" />{' '}
              {number(layer.neurons)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Heads({ layer, portrait: { heads } }: { layer: number; portrait: LayerPortrait }) {
  const link = useLink();
  if (heads.length === 0) return <span class="note">no heads</span>;
  return (
    <>
      {heads.map(({ head, role, latest }) => {
        const family = familyOf(role);
        const isSelected = link.selection.layer === layer && link.selection.head === head;
        const ties = latest ? 'of equal scores the latest wins' : 'equal scores share';
        return (
          <button
            key={head}
            type="button"
            class="tile"
            data-family={family.name}
            style={{ '--family': colourOf(family) }}
            aria-pressed={isSelected}
            aria-label={`${headName({ layer, head })}: ${role}`}
            title={`${headName({ layer, head })}: ${role} (${family.text}); ${ties}`}
            onClick={() => link.select({ layer, head })}
          >
            {family.letter}
          </button>
        );
      })}
    </>
  );
}

/** The circuits of a layer, the largest first. */
function circuitsText({ circuits }: LayerPortrait): string {
  const sorted = [...circuits].sort((a, b) => b.neurons - a.neurons);
  const name = (names: readonly string[]) => {
    if (names.length === 0) return 'erase slots for other variables';
    return names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
  };
  return sorted.map(({ names, neurons }) => `${number(neurons)}: ${name(names)}`).join('\n');
}

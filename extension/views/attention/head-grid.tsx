/**
 * All heads of the model, a row per layer: those that had a part in the token are lit, in the colour and with the letter of
 * their family. Beside it the legend, which filters: by family, by layer, by what has changed since the last stop.
 */
/// <reference lib="dom" />
import type { HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import { roving } from '../dom.ts';
import { FamilyMark } from '../parts/chips.tsx';
import { colourOf, FAMILIES, familyOf, headName } from '../parts/families.ts';
import { byLayer, type Choice, type Filter, isFiltering, NO_FILTER, passes } from './model/heads.ts';
import { type Looked, look, pointing } from './shared.ts';

interface Props {
  looked: Looked;
  choice: Choice;
  setFilter(filter: Filter): void;
}

export function HeadGrid({ looked, choice, setFilter }: Props) {
  const { heads } = looked.attention;
  const { filter } = choice;
  return (
    <section class="head-grid" aria-label="Layers and heads">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        class="grid"
        role="group"
        aria-label="Heads by layer"
        onKeyDown={roving('button', 'ArrowLeft', 'ArrowRight')}
      >
        {byLayer(heads).map(({ layer, heads: own }) => (
          <div class="layer" key={layer}>
            <button
              type="button"
              class="layer-name"
              aria-pressed={filter.layer === layer}
              title={`Only the heads of layer ${layer}`}
              onClick={() => setFilter({ ...filter, layer: filter.layer === layer ? undefined : layer })}
            >
              {`L${layer}`}
            </button>
            {own.map((head) => (
              <Cell key={headName(head)} looked={looked} head={head} choice={choice} />
            ))}
          </div>
        ))}
      </div>
      <Legend filter={filter} setFilter={setFilter} heads={heads} />
    </section>
  );
}

function Cell({ looked, head, choice }: { looked: Looked; head: HeadView; choice: Choice }) {
  const family = familyOf(head.role);
  const name = headName(head);
  const { filter, pins, changes } = choice;
  const isOut = isFiltering(filter) && !passes(filter, head, changes);
  const states = [
    head.active ? 'active' : 'idle',
    isOut && 'out',
    pins.includes(name) && 'pinned',
    changes.has(name) && 'changed',
  ];
  const said = [
    `${name}: ${head.role}`,
    head.active ? head.meaning : 'idle',
    changes.has(name) && 'changed since the last stop',
    pins.includes(name) && 'pinned',
  ];
  return (
    <button
      type="button"
      class={`cell ${states.filter(Boolean).join(' ')} ${look(looked, head)}`}
      style={{ '--family': colourOf(family) }}
      aria-pressed={looked.selected === name}
      aria-label={said.filter(Boolean).join(', ')}
      title={said.filter(Boolean).join(', ')}
      tabIndex={looked.selected === name || (looked.selected === undefined && name === 'L0·H0') ? 0 : -1}
      onClick={() => looked.select(head)}
      {...pointing(looked, head)}
    >
      {family.letter}
    </button>
  );
}

function Legend({
  filter,
  setFilter,
  heads,
}: Omit<Props, 'looked' | 'choice'> & { filter: Filter; heads: readonly HeadView[] }) {
  const { families, changed } = filter;
  const toggled = (letter: string) =>
    families.includes(letter) ? families.filter((one) => one !== letter) : [...families, letter];
  return (
    <div class="legend">
      {FAMILIES.map((family) => {
        const active = heads.filter(({ role, active }) => active && familyOf(role) === family).length;
        return (
          <button
            type="button"
            key={family.letter}
            class="family"
            aria-pressed={families.includes(family.letter)}
            title={`Only heads that look up ${family.text}`}
            onClick={() => setFilter({ ...filter, families: toggled(family.letter) })}
          >
            <FamilyMark family={family} /> {family.text} {active > 0 && <span class="note">{active}</span>}
          </button>
        );
      })}
      <label>
        <input
          type="checkbox"
          checked={changed}
          onChange={({ currentTarget }) => setFilter({ ...filter, changed: currentTarget.checked })}
        />{' '}
        changed since the last stop
      </label>
      {isFiltering(filter) && (
        <button type="button" class="link" onClick={() => setFilter(NO_FILTER)}>
          Show all heads
        </button>
      )}
    </div>
  );
}

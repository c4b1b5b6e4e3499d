/** The residual stream over the layers: a row per slot, a bar per variable; where one ends, it is erased for the next. */
/// <reference lib="dom" />
import { useState } from 'preact/hooks';
import type { Portrait } from '../../../engine/transformer/portrait.ts';
import { number } from '../dom.ts';
import { Explained } from '../parts/explained.tsx';
import { colourOf, familyOf } from '../parts/families.ts';
import { type Resident, residentsOf } from './residents.ts';

export function Slots({ portrait: { slots, layers } }: { portrait: Portrait }) {
  const [wanted, setWanted] = useState('');
  const text = wanted.trim().toLowerCase();
  const rows = slots
    .map((slot, number) => ({ number, residents: residentsOf(slot, layers.length) }))
    .filter(({ residents }) => residents.some(({ title }) => title.toLowerCase().includes(text)));
  const style = { '--layers': String(layers.length + 1) };
  return (
    <section class="slots" style={style}>
      <h2>
        <Explained term="residual">Residual stream</Explained>: {number(slots.length)}{' '}
        <Explained term="slot">slots</Explained> over the layers
      </h2>
      <p class="note">
        A bar is a variable, coloured by the head that brings it, grey where neurons write it; hover it for who writes
        it. Where it ends, neurons erase it.
      </p>
      <label>
        Find <input value={wanted} placeholder="next byte" onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="scroll" aria-label="Slots" tabIndex={0}>
        <div class="slot head" aria-hidden="true">
          <span />
          <span>embed</span>
          {layers.map((_, l) => (
            <span key={l}>L{l}</span>
          ))}
        </div>
        {rows.map(({ number: slot, residents }) => (
          <div class="slot" key={slot}>
            <span class="code">{slot}</span>
            {residents.map((resident) => (
              <Bar key={resident.start} resident={resident} />
            ))}
          </div>
        ))}
      </section>
    </section>
  );
}

function Bar({ resident: { name, start, end, title, role } }: { resident: Resident }) {
  const family = role === undefined ? {} : { '--family': colourOf(familyOf(role)) };
  // Column 1 of the grid is the slot's number.
  return (
    <span class="resident" style={{ gridColumn: `${start + 2} / ${end + 2}`, ...family }} title={title}>
      {name}
    </span>
  );
}

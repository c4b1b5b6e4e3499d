/** A row per layer: heads that the answer depends on, circuits that fired, and the strip of the residual stream. */
/// <reference lib="dom" />
import { number, roving } from '../dom.ts';
import { useKept } from '../link/hooks.ts';
import { HeadChip, Moment } from '../parts/chips.tsx';
import { Explained } from '../parts/explained.tsx';
import { colourOf, familyOf } from '../parts/families.ts';
import {
  amountText,
  type CircuitOf,
  changeText,
  circuitName,
  type HeadOf,
  type LayerRow,
  type Mark,
  signed,
} from './dissection.ts';

export function LayerRows({ rows, slots, decided }: { rows: readonly LayerRow[]; slots: number; decided: number }) {
  const [open, setOpen] = useKept<readonly number[]>('token.open', []);
  const last = rows.findLastIndex(({ quiet }) => !quiet);
  const toggle = (layer: number) =>
    setOpen(open.includes(layer) ? open.filter((other) => other !== layer) : [...open, layer]);
  return (
    <section class="layers" aria-label="Layers" onKeyDown={roving('button.layer', 'ArrowUp', 'ArrowDown')}>
      <div class="legend note">
        <span />
        <span>
          <Explained term="head">heads</Explained> that the answer depends on
        </span>
        <span>
          <Explained term="neuron">neurons</Explained> that fired
        </span>
        <span>
          <Explained term="residual">residual stream</Explained>, {number(slots)} slots: <i class="mark" /> changed{' '}
          <i class="mark active" /> on the answer's path
        </span>
      </div>
      {rows.map((row) => (
        <Row
          key={row.layer}
          row={row}
          slots={slots}
          isDeciding={row.layer === decided}
          isAfter={row.layer === last + 1}
          isOpen={open.includes(row.layer)}
          toggle={() => toggle(row.layer)}
        />
      ))}
    </section>
  );
}

interface RowProps {
  row: LayerRow;
  slots: number;
  isDeciding: boolean;
  /** The first of those that change the answer no more. */
  isAfter: boolean;
  isOpen: boolean;
  toggle: () => void;
}

function Row({ row, slots, isDeciding, isAfter, isOpen, toggle }: RowProps) {
  const { layer, quiet, unchanged, activeHeads, marks, told, says } = row;
  const state = `${quiet ? ' quiet' : ''}${unchanged ? ' unchanged' : ''}${isDeciding ? ' deciding' : ''}`;
  return (
    <>
      <div class={`row${state}`}>
        <button
          type="button"
          class="layer"
          aria-expanded={isOpen}
          title={`Layer ${layer}: everything that was added. Behind it the stream says ${says}.`}
          onClick={toggle}
        >
          L{layer}
        </button>
        <div>
          {activeHeads.map((head) => (
            <BriefHead key={head.head} head={head} />
          ))}
          {isAfter && <span class="note">nothing below changes the answer</span>}
        </div>
        <Neurons row={row} />
        <div>
          <Strip marks={marks} slots={slots} layer={layer} />
          <p class="told code" title={told.map(changeText).join('\n')}>
            {told
              .map((change) => (isDeciding ? changeText(change) : `${change.name} ${amountText(change.after)}`))
              .join(' · ')}
            {isDeciding && <b> · says {says}</b>}
          </p>
        </div>
      </div>
      {isOpen && <Details row={row} />}
    </>
  );
}

function BriefHead({ head }: { head: HeadOf }) {
  const { target, shared } = head;
  return (
    <div class="brief">
      <HeadChip head={head} />{' '}
      {target ? (
        <Moment token={target.token} place={target.place}>
          {number(target.token)} <code>{target.text}</code>
        </Moment>
      ) : (
        <span class="note">all {number(shared)}</span>
      )}
    </div>
  );
}

function Neurons({ row: { decisive, firing, fired, neurons } }: { row: LayerRow }) {
  const names = firing.map((circuit) => `${circuitName(circuit)}: ${circuit.fired} of ${circuit.neurons}`);
  return (
    <div class="neurons" title={names.join('\n')}>
      {decisive.length > 0 && <p class="circuit">{decisive.join(', ')}</p>}
      <p class="note">
        <span class="share" aria-hidden="true">
          <span style={{ width: `${neurons > 0 ? (100 * fired) / neurons : 0}%` }} />
        </span>{' '}
        {fired > 0 ? number(fired) : 'none'} of {number(neurons)}
      </p>
    </div>
  );
}

/** Marks at the slots that changed; those of the answer's path in the colour of the head that wrote them. */
function Strip({ marks, slots, layer }: { marks: readonly Mark[]; slots: number; layer: number }) {
  const active = marks.filter((mark) => mark.active).length;
  const label = `Layer ${layer} changed ${marks.length} of ${slots} slots, ${active} on the answer's path`;
  return (
    <svg class="strip" viewBox={`0 0 ${slots} 12`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="ground" width={slots} height="12" />
      {marks.map(({ slot, title, active, role }) => (
        <rect
          key={slot}
          class={active ? 'active' : ''}
          style={active && role !== undefined ? { fill: colourOf(familyOf(role)) } : undefined}
          x={slot}
          y={active ? 0 : 2}
          width="1"
          height={active ? 12 : 8}
        >
          <title>{title}</title>
        </rect>
      ))}
    </svg>
  );
}

/** Everything that a layer added: by head, by circuit, and what it came to in each slot. */
function Details({ row: { activeHeads, otherHeads, firing, changes, layer } }: { row: LayerRow }) {
  return (
    <div class="details">
      <table aria-label={`What layer ${layer} added`}>
        <thead>
          <tr>
            <th scope="col">head or circuit</th>
            <th scope="col">attended to, or fired</th>
            <th scope="col">added to slots</th>
            <th scope="col" title="Directly, to the score of the chosen token and of the one it is compared with">
              to the two scores
            </th>
          </tr>
        </thead>
        <tbody>
          {[...activeHeads, ...otherHeads].map((head) => (
            <tr key={`h${head.head}`} class={head.active ? '' : 'off-path'}>
              <td>
                <HeadChip head={head} />
              </td>
              <td class="code">
                {head.target ? `${number(head.target.token)} ${head.target.text}` : `all ${number(head.shared)}`}
              </td>
              <Added addition={head} />
            </tr>
          ))}
          {firing.map((circuit) => (
            <tr key={circuit.names[0]}>
              <td title={circuit.names.join(', ')}>{circuitName(circuit)}</td>
              <td>
                {circuit.fired} of {circuit.neurons} neurons
              </td>
              <Added addition={circuit} />
            </tr>
          ))}
        </tbody>
      </table>
      <table aria-label={`Slots that layer ${layer} changed`}>
        <thead>
          <tr>
            <th scope="col">slot</th>
            <th scope="col">variable</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ slot, name, was, before, after, active }) => (
            <tr key={slot} class={active ? '' : 'off-path'}>
              <td class="code">{slot}</td>
              <td>
                {name}
                {was !== undefined && <span class="note"> in place of {was}</span>}
              </td>
              <td class="code">{amountText(before)}</td>
              <td class="code">{amountText(after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Added({ addition: { slots, chosen, rival } }: { addition: HeadOf | CircuitOf }) {
  return (
    <>
      <td class="code">{slots.map(({ name, by }) => `${name} ${signed(by)}`).join(' · ') || 'nothing'}</td>
      <td class="code">{chosen === 0 && rival === 0 ? '' : `${signed(chosen) || '0'} / ${signed(rival) || '0'}`}</td>
    </>
  );
}

/** The rows of an origin: marks on a line of time, what happened, the C line, when, and the head that testifies. */
/// <reference lib="dom" />
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Hop, HopOperand, OriginAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { roving } from '../dom.ts';
import { useLink } from '../link/hooks.ts';
import { HeadChip, Moment, Place } from '../parts/chips.tsx';
import { colourOf, familyOf } from '../parts/families.ts';
import { type ChainRow, chainRows, isText } from './model/chain.ts';
import { characterIn } from './model/words.ts';

/** A hop of a chain, or of one that an operand unfolded to. */
export interface Chosen {
  readonly hops: readonly Hop[];
  readonly index: number;
}

interface Choosing {
  /** The hop that is looked at closer. */
  readonly chosen: Hop | undefined;
  choose(chosen: Chosen): void;
}

export function Chain({ answer, ...choosing }: { answer: OriginAnswer } & Choosing) {
  const link = useLink();
  const [rest, setRest] = useState<readonly OriginAnswer[]>([]);
  const all = [answer, ...rest];
  const hops = all.flatMap((one) => one.hops);
  const last = hops.at(-1);
  const goOn = () => {
    if (!last) return;
    link.ask('stepformer/origin', { token: last.token, limit: 20 }).then(
      (next) => setRest([...rest, next]),
      () => setRest([...rest, { hops: [], more: false }]),
    );
  };
  return (
    <ol class="chain" onKeyDown={roving('button.title', 'ArrowUp', 'ArrowDown')}>
      {chainRows(hops).map((row, index) =>
        row.kind === 'folded' ? (
          <Folded key={`folded ${index}`} row={row} />
        ) : (
          <HopRow key={`${row.hop.token} ${index}`} row={row} hops={hops} {...choosing} />
        ),
      )}
      {all[all.length - 1].more && last && last.token >= 0 && (
        <li class="row more">
          <button type="button" class="link" onClick={goOn}>
            Show what came before
          </button>
        </li>
      )}
    </ol>
  );
}

function Folded({ row }: { row: Extract<ChainRow, { kind: 'folded' }> }) {
  const [isOpen, open] = useState(false);
  return (
    <li class="row folded">
      <span class="mark" aria-hidden="true" />
      <span class="label">{row.count === 1 ? '1 copy' : `${row.count} copies`}</span>
      <div class="body">
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
          {isOpen ? '▾' : '▸'} {row.title}
        </button>
        {isOpen && (
          <ul class="through">
            {row.through.map(({ text, place, function: name, count }) => (
              <li key={`${text} ${place?.line} ${name}`}>
                <code>{text}</code> <Where place={place} name={name} /> {count > 1 && `· ${count} times`}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

function HopRow({
  row,
  hops,
  chosen,
  choose,
}: { row: Extract<ChainRow, { kind: 'hop' }>; hops: readonly Hop[] } & Choosing) {
  const link = useLink();
  const { hop, mark, label, title, line, operands } = row;
  const isChosen = chosen === hop;
  const canTravel = hop.traceLine >= 0;
  const select = () => {
    choose({ hops, index: hops.indexOf(hop) });
    if (hop.token >= 0) link.select({ token: hop.token });
  };
  const travel = () => canTravel && link.travel(hop.token, hop.place);
  return (
    <li
      class={`row ${mark} ${isChosen ? 'chosen' : ''}`}
      style={hop.evidence && { '--family': colourOf(familyOf(hop.evidence.role)) }}
    >
      <span class="mark" aria-hidden="true" />
      <span class="label">{label}</span>
      <div class="body">
        <button
          type="button"
          class="title"
          aria-pressed={isChosen}
          title={canTravel ? 'Click to look closer; double click or Enter to travel there' : 'Click to look closer'}
          onClick={select}
          onDblClick={travel}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            select();
            travel();
          }}
        >
          {title}
        </button>
        {line && <code class="line">{line}</code>}
        <Where place={hop.place} name={hop.function} />
        {operands.length > 0 && (
          <ul class="operands">
            {operands.map((operand, index) => (
              <Operand
                key={`${operand.text} ${index}`}
                operand={operand}
                isText={isText(hop)}
                chosen={chosen}
                choose={choose}
              />
            ))}
          </ul>
        )}
      </div>
      <div class="witness">
        {hop.evidence && <HeadChip head={hop.evidence} at={hop.evidence.from} />}
        {canTravel ? (
          <Moment token={hop.token} place={hop.place} />
        ) : (
          <span class="note">{hop.kind === 'unknown' ? '' : 'in the prompt'}</span>
        )}
      </div>
    </li>
  );
}

/** One value that took part; it can be asked about in place. */
function Operand({ operand, isText: mayBeText, ...choosing }: { operand: HopOperand; isText: boolean } & Choosing) {
  const link = useLink();
  const { text, value, token, bytes, constant } = operand;
  const [found, setFound] = useState<{ answer?: OriginAnswer; error?: string }>();
  const ask = () => {
    if (found) return setFound(undefined);
    setFound({});
    link.ask('stepformer/origin', { token, bytes }).then(
      (answer) => setFound({ answer }),
      (error: Error) => setFound({ error: error.message }),
    );
  };
  const character = mayBeText ? characterIn(value) : undefined;
  const content: ComponentChildren = (
    <>
      <b>{value}</b> {character && <span class="note">{character}</span>}{' '}
      {text !== value && text !== character && <code>{text}</code>}
    </>
  );
  return (
    <li>
      {constant || token < 0 ? (
        <span>
          {content} <span class="note">{constant ? 'in the program' : 'never written'}</span>
        </span>
      ) : (
        <button type="button" class="operand" aria-expanded={found !== undefined} onClick={ask}>
          {found ? '▾' : '▸'} {content}
        </button>
      )}
      {found?.error && <p role="alert">{found.error}</p>}
      {found?.answer && <Chain answer={found.answer} {...choosing} />}
    </li>
  );
}

/** Function and line. */
export function Where({ place, name }: { place: Hop['place']; name: string | undefined }) {
  if (!place && !name) return null;
  return (
    <span class="where">
      {name}
      {name && place && ' · '}
      {place && <Place place={place} />}
    </span>
  );
}

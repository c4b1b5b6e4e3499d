/**
 * The Attention view: the token in a sentence, its line with arcs to what it was made from, the heads that did it; of a
 * selected head why, and where else it looked. Pointing at something previews it, a click selects, Escape goes back.
 */
/// <reference lib="dom" />
import { useMemo, useRef, useState } from 'preact/hooks';
import type { TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { tokenWords } from '../../language-server/words.ts';
import { number } from '../dom.ts';
import { useAnswer, useKept, useLink } from '../link/hooks.ts';
import { OutputStrip } from '../output/output.tsx';
import { Explained } from '../parts/explained.tsx';
import { headName } from '../parts/families.ts';
import { HeadDetail } from './head-detail.tsx';
import { HeadGrid } from './head-grid.tsx';
import { type Folds, HeadsTable } from './heads-table.tsx';
import { Changes } from './model/changes.ts';
import { type Filter, NO_FILTER, sortHeads } from './model/heads.ts';
import { Pattern } from './pattern.tsx';
import { Readers } from './readers.tsx';
import { Sentences } from './sentence.tsx';
import type { Looked } from './shared.ts';
import { Strip } from './strip.tsx';

export function AttentionView() {
  const link = useLink();
  const { token } = link.selection;
  const { stops, status } = link.session;
  const { answer, error, pending } = useAnswer('stepformer/attention', token === undefined ? {} : { token });
  const seen = useRef(new Changes());
  const changes = useRef<ReadonlySet<string>>(new Set());
  // An answer that is still to come would be that of the stop before.
  useMemo(() => {
    if (answer && !pending) changes.current = seen.current.at(stops, answer.heads);
  }, [answer, pending]);
  const isPast = status?.past ?? false;
  // Once for each answer, and not when another is only asked for.
  const attention = useMemo(
    () =>
      answer && (
        <div class="attention">
          <Attention attention={answer} changes={changes.current} isPast={isPast} />
        </div>
      ),
    [answer, changes.current, isPast],
  );
  const isWaiting = !answer && !error && status?.state === 'running';
  return (
    <>
      {isWaiting && <p>The transformer is running. Pause it to see what its heads do.</p>}
      {error && <p>{error}</p>}
      {!error && attention}
      <OutputStrip />
    </>
  );
}

interface Props {
  attention: TokenAttention;
  changes: ReadonlySet<string>;
  /** Whether the position has been left before. */
  isPast: boolean;
}

function Attention({ attention, changes, isPast }: Props) {
  const link = useLink(({ selection }) => `${selection.layer} ${selection.head}`);
  const [folds, setFolds] = useKept<Folds>('folds', { other: false, idle: false });
  const [filter, setFilter] = useKept<Filter>('filter', NO_FILTER);
  const [pins, setPins] = useKept<readonly string[]>('pins', []);
  const [pointed, point] = useState<string | undefined>();
  const { layer, head: index } = link.selection;
  const selected = attention.heads.find((head) => head.layer === layer && head.head === index);
  const name = selected && headName(selected);
  const choice = { filter, pins, changes };
  const sorted = sortHeads(attention, choice);
  const give = () => link.select({ layer: undefined, head: undefined });
  const looked: Looked = {
    attention,
    shown: pointed ?? name,
    selected: name,
    point: (head) => point(head && headName(head)),
    select: (head) =>
      headName(head) === name ? give() : link.select({ token: attention.token, layer: head.layer, head: head.head }),
  };
  const pointedHead = attention.heads.find((head) => headName(head) === looked.shown);
  const averages = attention.heads.filter(({ target, active }) => !target && active);
  const drawn = [...new Set([...sorted.main, ...averages, ...(pointedHead ? [pointedHead] : [])])];
  const pin = (one: string) => setPins(pins.includes(one) ? pins.filter((other) => other !== one) : [...pins, one]);
  if (attention.heads.length === 0)
    return (
      <>
        <Sentences attention={attention} isPast={isPast} />
        <Strip looked={looked} heads={[]} />
        <p class="note">No head wrote this token: it belongs to the prompt, or is not generated yet.</p>
      </>
    );
  return (
    <>
      <Sentences attention={attention} isPast={isPast} />
      <Strip looked={looked} heads={drawn} />
      <About attention={attention} />
      <div class="columns">
        <HeadsTable looked={looked} sorted={sorted} folds={folds} setFolds={setFolds} />
        <HeadGrid looked={looked} choice={choice} setFilter={setFilter} />
      </div>
      {selected && (
        <div class="chosen-head">
          <HeadDetail
            key={`${name} ${attention.token}`}
            head={selected}
            token={attention.token}
            isPinned={pins.includes(headName(selected))}
            pin={() => pin(headName(selected))}
            close={give}
          />
          <Pattern key={name} head={selected} token={attention.token} traceLine={attention.traceLine} />
        </div>
      )}
    </>
  );
}

/** The token in focus in words, and who read it later. */
function About({ attention }: { attention: TokenAttention }) {
  const [isOpen, open] = useState(false);
  const { token, tokens } = attention;
  const text = tokens.find((one) => one.token === token)?.text;
  if (text === undefined) return null;
  const words = tokenWords(text)?.replaceAll('`', '');
  return (
    <div class="about">
      <Explained term={text.startsWith('commit') ? 'commit' : 'token'}>{`token ${number(token)}`}</Explained>{' '}
      <code>{text}</code> {words}{' '}
      <button type="button" class="link" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
        {isOpen ? 'Hide who read it' : 'Who read it?'}
      </button>
      {isOpen && <Readers token={token} />}
    </div>
  );
}

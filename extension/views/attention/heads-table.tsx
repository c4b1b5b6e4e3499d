/** The table of heads: what each attended to for the token in focus, what it brought, by how much it won. */
/// <reference lib="dom" />
import type { HeadView, Standing } from '../../../debug-adapter/protocol/protocol.ts';
import { number, roving } from '../dom.ts';
import { useActs } from '../link/hooks.ts';
import { FamilyMark, marginText } from '../parts/chips.tsx';
import { Explained } from '../parts/explained.tsx';
import { colourOf, familyOf, headName } from '../parts/families.ts';
import type { TermName } from '../parts/terms.ts';
import { sourceText } from './model/groups.ts';
import type { Sorted } from './model/heads.ts';
import { type Looked, look, pointing } from './shared.ts';

const COLUMNS: readonly (readonly [title: string, term: TermName])[] = [
  ['head', 'head'],
  ['role', 'role'],
  ['attends to', 'target'],
  ['brought', 'brought'],
  ['won by', 'margin'],
  ['runner-up', 'runnerUp'],
];

/** What is folded out. */
export interface Folds {
  readonly other: boolean;
  readonly idle: boolean;
}

interface Props {
  looked: Looked;
  sorted: Sorted;
  folds: Folds;
  setFolds(folds: Folds): void;
}

export function HeadsTable({ looked, sorted, folds, setFolds }: Props) {
  return (
    <div class="heads-frame">
      <table class="heads" aria-label="Attention heads" onKeyDown={roving('button', 'ArrowUp', 'ArrowDown')}>
        <thead>
          <tr>
            {COLUMNS.map(([title, term]) => (
              <th key={title} scope="col">
                <Explained term={term}>{title}</Explained>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Rows looked={looked} heads={sorted.main} />
          <Fold
            heads={sorted.other}
            text={sorted.other.length === 1 ? 'other head at work' : 'other heads at work'}
            title="Bookkeeping, and look-ups that this instruction does not use"
            isOpen={folds.other}
            toggle={() => setFolds({ ...folds, other: !folds.other })}
          />
          {folds.other && <Rows looked={looked} heads={sorted.other} />}
          <Fold
            heads={sorted.idle}
            text={sorted.idle.length === 1 ? 'idle head' : 'idle heads'}
            title="Heads that found nothing for this token"
            isOpen={folds.idle}
            toggle={() => setFolds({ ...folds, idle: !folds.idle })}
          />
          {folds.idle && <Rows looked={looked} heads={sorted.idle} />}
        </tbody>
      </table>
    </div>
  );
}

interface FoldProps {
  heads: readonly HeadView[];
  text: string;
  title: string;
  isOpen: boolean;
  toggle(): void;
}

function Fold({ heads, text, title, isOpen, toggle }: FoldProps) {
  if (heads.length === 0) return null;
  return (
    <tr>
      <td colSpan={COLUMNS.length}>
        <button type="button" class="fold" aria-expanded={isOpen} title={title} onClick={toggle}>
          {`${isOpen ? '▾' : '▸'} ${heads.length} ${text}`}
        </button>
      </td>
    </tr>
  );
}

function Rows({ looked, heads }: { looked: Looked; heads: readonly HeadView[] }) {
  return (
    <>
      {heads.map((head) => (
        <Row key={headName(head)} looked={looked} head={head} />
      ))}
    </>
  );
}

function Row({ looked, head }: { looked: Looked; head: HeadView }) {
  const { target, runnerUp } = head;
  const family = familyOf(head.role);
  const isSelected = looked.selected === headName(head);
  return (
    <tr
      class={`head ${head.active ? '' : 'idle'} ${isSelected ? 'chosen' : look(looked, head)}`}
      style={{ '--family': colourOf(family) }}
      data-head={headName(head)}
      onClick={({ target: clicked }) => (clicked as Element).closest('button') ?? looked.select(head)}
      {...pointing(looked, head)}
    >
      <td class="code">
        <button
          type="button"
          aria-pressed={isSelected}
          title={`query (${head.query.join('; ')})`}
          onClick={() => looked.select(head)}
        >
          <FamilyMark family={family} /> {headName(head)}
        </button>
      </td>
      <td>{head.role}</td>
      <td>{target ? <Target target={target} /> : <span>{`all ${number(head.shared)} tokens, equally`}</span>}</td>
      <td class="code" title={`the two numbers: ${head.value}`}>
        {head.meaning}
      </td>
      <td class="code">{target ? marginText(head.margin).replace('margin ', '') : '–'}</td>
      <td>
        {runnerUp ? (
          <>
            {`token ${number(runnerUp.token)} `}
            <code>{runnerUp.text}</code>
          </>
        ) : (
          '–'
        )}
      </td>
    </tr>
  );
}

function Target({ target }: { target: Standing }) {
  const link = useActs();
  const { token, text, traceLine, lineText, place } = target;
  const isPrompt = traceLine === undefined;
  const where = isPrompt ? (lineText ? `program: ${lineText}` : 'prompt') : `line ${number(traceLine + 1)}`;
  const title = isPrompt
    ? 'A token of the prompt, there from the beginning'
    : `Travel to trace line ${number(traceLine + 1)}${lineText ? `: ${lineText}` : ''}`;
  return (
    <button type="button" class="target" title={title} onClick={() => link.travel(token, place)}>
      {`token ${number(token)} `}
      <code>{text}</code>
      {` · ${where}${sourceText(place)}`}
    </button>
  );
}

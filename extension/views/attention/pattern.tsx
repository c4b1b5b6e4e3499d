/** The pattern of the selected head over many tokens: for each, how far back it looked. */
/// <reference lib="dom" />
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HeadPattern, HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import { atEnter, number, roving } from '../dom.ts';
import { useActs, useAnswer, useKept, useLink } from '../link/hooks.ts';
import { colourOf, familyOf, headName } from '../parts/families.ts';
import { type Dot, LINES, plot, windowAround } from './model/pattern.ts';

const HEIGHT = 120;

/** Dots of the first picture, and of the whole. */
const FEW = 32;
const MANY = 240;

export function Pattern({ head, token, traceLine }: { head: HeadView; token: number; traceLine: number }) {
  const link = useLink(({ session }) => session.status?.reached);
  const [lines, setLines] = useKept<number>('pattern', LINES[1]);
  const reached = link.session.status?.reached ?? traceLine;
  const { layer, head: index } = head;
  const asked = { layer, head: index, ...windowAround(traceLine, reached, lines) };
  const quick = useAnswer('stepformer/pattern', { ...asked, points: FEW });
  const full = useAnswer('stepformer/pattern', { ...asked, points: MANY });
  // A pass is computed for each dot: a first picture comes with few of them.
  const { answer, error } = full.pending && !quick.pending ? quick : full;
  const { pending } = full;
  return (
    <section
      class="pattern"
      aria-label={`Where ${headName(head)} looked`}
      style={{ '--family': colourOf(familyOf(head.role)) }}
    >
      <h2>
        {`Where ${headName(head)} looked`}
        <span class="note">
          {answer &&
            ` for ${answer.rows.length < answer.end - answer.first ? `${number(answer.rows.length)} of ` : ''}${number(
              answer.end - answer.first,
            )} tokens, how many tokens ago`}
          {pending && ' …'}
        </span>
        <select
          aria-label="Trace lines"
          value={String(lines)}
          onChange={({ currentTarget }) => setLines(Number(currentTarget.value))}
        >
          {LINES.map((count) => (
            <option key={count} value={String(count)}>
              {count > 1_000_000 ? 'all lines' : `${number(count)} lines`}
            </option>
          ))}
        </select>
      </h2>
      {error && <p class="note">{error}</p>}
      {answer && <Plot pattern={answer} token={token} />}
    </section>
  );
}

function Plot({ pattern, token }: { pattern: HeadPattern; token: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [shown, show] = useState<Dot | undefined>();
  useLayoutEffect(() => {
    const { current } = frame;
    if (!current) return;
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  const { dots, ticks } = plot(pattern, { width, height: HEIGHT });
  return (
    <div class="plot" ref={frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        class="dots"
        role="group"
        aria-label="Tokens, the oldest first"
        onKeyDown={roving('button', 'ArrowLeft', 'ArrowRight')}
      >
        {ticks.map(({ text, y }) => (
          <span class="tick" key={text} style={{ top: `${y}px` }}>
            {text}
          </span>
        ))}
        {dots.map((dot) => (
          <DotButton key={dot.row.token} dot={dot} isFocus={dot.row.token === token} show={show} />
        ))}
      </div>
      <p class="note" role="status">
        {shown
          ? told(shown)
          : 'Point at a dot to see its token; click selects it, a double click or Enter travels there.'}
      </p>
    </div>
  );
}

function DotButton({ dot, isFocus, show }: { dot: Dot; isFocus: boolean; show(dot: Dot | undefined): void }) {
  const link = useActs();
  const { row, x, y } = dot;
  return (
    <button
      type="button"
      class={`at ${row.active ? 'active' : ''} ${isFocus ? 'focus' : ''}`}
      style={{ left: `${x}px`, top: `${y}px` }}
      aria-label={told(dot)}
      tabIndex={isFocus ? 0 : -1}
      onClick={() => link.select({ token: row.token })}
      onDblClick={() => link.travel(row.token)}
      onKeyDown={atEnter(() => link.travel(row.token))}
      onMouseEnter={() => show(dot)}
      onFocus={() => show(dot)}
    />
  );
}

/** A dot in words. */
function told({ row }: Dot): string {
  const { token, text, traceLine, target, targetText, meaning, active } = row;
  const where = `token ${number(token)} ${text} in line ${number(traceLine + 1)}`;
  const to = target < 0 ? targetText : `token ${number(target)} ${targetText}, ${number(token - target)} tokens ago`;
  return `${where} ← ${to}: ${meaning}${active ? '' : ' (not used)'}`;
}

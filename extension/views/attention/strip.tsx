/**
 * The strip of tokens: those that heads attended to, grouped by trace line in the order of time, and the line of the position
 * whole; arcs lead from the token in focus to the heads' targets, in the colours of the heads' families. Heads that attend to
 * all tokens alike are bands.
 */
/// <reference lib="dom" />
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HeadView } from '../../../debug-adapter/protocol/protocol.ts';
import { tokenWords } from '../../language-server/words.ts';
import { atEnter, number, roving } from '../dom.ts';
import { useActs } from '../link/hooks.ts';
import { colourOf, familyOf, headName } from '../parts/families.ts';
import { type Arc, arcsOf, type Box, RISE } from './model/arcs.ts';
import { groupsOf } from './model/groups.ts';
import { type Looked, look, pointing } from './shared.ts';

/** Height of a band, in pixels. */
const BAND = 5;

/** What is drawn above the tokens, and how wide the strip is. */
interface Drawing {
  readonly arcs: readonly Arc<HeadView>[];
  readonly width: number;
  /** The middle of the token in focus: bands go so far. */
  readonly focus: number;
}

/** `heads` are those whose targets are shown. */
export function Strip({ looked, heads }: { looked: Looked; heads: readonly HeadView[] }) {
  const { attention } = looked;
  const strip = useRef<HTMLDivElement>(null);
  const [drawing, draw] = useState<Drawing>({ arcs: [], width: 0, focus: 0 });
  const targets = heads.filter(({ target }) => target);
  // To measure is to lay out, and what is measured is drawn again: only where something else is to be drawn.
  useLayoutEffect(() => {
    const { current } = strip;
    if (!current) return;
    const measure = () => draw(measured(current, attention.token, targets));
    measure();
    let isNew = true;
    const observer = new ResizeObserver(() => {
      // It begins with the size that there is.
      if (!isNew) measure();
      isNew = false;
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [attention, targets.map(headName).join(' ')]);
  // The line of the position in sight; of what it was made from, the latest.
  useLayoutEffect(() => {
    if (strip.current) strip.current.scrollLeft = strip.current.scrollWidth;
  }, [attention]);
  const bands = heads.filter(({ target, active }) => !target && active);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      class="strip"
      role="group"
      aria-label="Tokens"
      ref={strip}
      onKeyDown={roving('.token', 'ArrowLeft', 'ArrowRight')}
    >
      <div class="track">
        <svg class="arcs" aria-hidden="true" width={drawing.width} height={RISE}>
          {bands.map((head, i) => (
            <Band
              key={headName(head)}
              looked={looked}
              head={head}
              top={RISE - (i + 1) * (BAND + 1)}
              to={drawing.focus}
            />
          ))}
          {drawing.arcs.map((arc) => (
            <ArcPath key={headName(arc.of)} looked={looked} arc={arc} />
          ))}
        </svg>
        {groupsOf(attention, targets).map((group) => (
          <div key={group.key} class={`group ${group.isHere ? 'here' : ''}`}>
            <div class="tokens">
              {group.tokens.map((each) => (
                <Token key={each.token} looked={looked} heads={targets} {...each} />
              ))}
            </div>
            <div class="label">{group.label}</div>
          </div>
        ))}
      </div>
    </div>
  );
}

/** Where the tokens lie that are drawn, and the arcs between them. */
function measured(strip: HTMLElement, focus: number, heads: readonly HeadView[]): Drawing {
  const track = strip.firstElementChild as HTMLElement;
  const left = track.getBoundingClientRect().left;
  const boxOf = (token: number): Box | undefined => {
    const rectangle = track.querySelector(`.token[data-token="${token}"]`)?.getBoundingClientRect();
    return rectangle && { left: rectangle.left - left, width: rectangle.width };
  };
  const from = boxOf(focus);
  if (!from) return { arcs: [], width: 0, focus: 0 };
  const targets = heads.flatMap((head) => {
    const box = head.target && boxOf(head.target.token);
    return box ? [{ of: head, box }] : [];
  });
  return { arcs: arcsOf(from, targets), width: track.scrollWidth, focus: from.left + from.width / 2 };
}

function ArcPath({ looked, arc }: { looked: Looked; arc: Arc<HeadView> }) {
  const { of: head, path } = arc;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the heads' rows do the same for the keyboard
    <g
      class={`arc ${look(looked, head)}`}
      data-arc={headName(head)}
      style={{ '--family': colourOf(familyOf(head.role)) }}
      onMouseEnter={() => looked.point(head)}
      onMouseLeave={() => looked.point(undefined)}
      onClick={() => looked.select(head)}
    >
      <title>{`${headName(head)} ${head.role}: ${head.meaning}`}</title>
      <path class="hit" d={path} />
      <path d={path} />
    </g>
  );
}

function Band({ looked, head, top, to }: { looked: Looked; head: HeadView; top: number; to: number }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the heads' rows do the same for the keyboard
    <rect
      class={`band ${look(looked, head)}`}
      style={{ '--family': colourOf(familyOf(head.role)) }}
      y={top}
      width={to}
      height={BAND}
      onMouseEnter={() => looked.point(head)}
      onMouseLeave={() => looked.point(undefined)}
      onClick={() => looked.select(head)}
    >
      <title>{`${headName(head)} ${head.role}: all ${number(head.shared)} tokens, equally: ${head.meaning}`}</title>
    </rect>
  );
}

interface TokenProps {
  looked: Looked;
  /** Those that have targets. */
  heads: readonly HeadView[];
  token: number;
  text: string;
  between: number;
}

function Token({ looked, heads, token, text, between }: TokenProps) {
  const link = useActs();
  const isFocus = token === looked.attention.token;
  const reading = heads.filter(({ target }) => target?.token === token);
  const shown = reading.find((head) => headName(head) === looked.shown) ?? reading[0];
  const colour = shown && !isFocus ? { '--family': colourOf(familyOf(shown.role)) } : {};
  const words = tokenWords(text)?.replaceAll('`', '');
  return (
    <>
      {between > 0 && (
        <span class="gap" title={`${number(between)} tokens between`}>
          ⋯
        </span>
      )}
      <button
        type="button"
        class={`token ${isFocus ? 'focus' : ''} ${shown ? 'attended' : ''} ${shown ? look(looked, shown) : ''}`}
        style={colour}
        data-token={token}
        aria-pressed={isFocus}
        title={`token ${number(token)}${words ? `: ${words}` : ''}\nDouble click or Enter: travel there`}
        onClick={() => link.select({ token })}
        onDblClick={() => link.travel(token)}
        onKeyDown={atEnter(() => link.travel(token))}
        {...(shown ? pointing(looked, shown) : {})}
      >
        {text}
      </button>
    </>
  );
}

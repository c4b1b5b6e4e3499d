/** What is told beside the pointer: which call, where in C, how long ago, and how one got there. */
/// <reference lib="dom" />
import type { MomentAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { fileName, number } from '../dom.ts';
import { amount, distance } from '../parts/chips.tsx';
import { boxAt } from './model/boxes.ts';
import { type Content, chainText, type Target } from './model/tracks.ts';

interface TooltipProps {
  token: number;
  x: number;
  y: number;
  depth?: number;
  target?: Target;
  width: number;
  content: Content;
  moment: MomentAnswer | undefined;
  position: number;
}

/** Where there is room for it. */
const WIDTH = 360;

export function Tooltip({ token, x, y, depth, target, width, content, moment, position }: TooltipProps) {
  const { answer } = content;
  const box = depth === undefined ? undefined : boxAt(answer.spans[depth], token, (answer.to - answer.from) / width);
  const left = x + 16 + WIDTH > width ? Math.max(x - WIDTH - 12, 0) : x + 16;
  return (
    <div
      class="tooltip"
      style={{ left: `${left}px`, top: `${y + 14}px`, maxWidth: `${Math.min(WIDTH, width)}px` }}
      aria-hidden="true"
    >
      {target && <p class="what">{target.text}</p>}
      {box && (
        <p class="what">
          <strong>{answer.functions[box.fn].name}</strong>, depth {depth} ·{' '}
          {box.calls > 1 ? `${number(box.calls)} short calls` : `${amount(box.to - box.from)} tokens`}
        </p>
      )}
      <p>
        {moment && !box && <strong>{moment.function ?? 'start'}</strong>}
        {moment && !box && `, depth ${moment.depth} · `}
        token {number(token)}
        {moment && ` · line ${number(moment.traceLine + 1)}`}
      </p>
      <p class={token < position ? 'past' : ''}>{token === position ? 'you are here' : distance(token, position)}</p>
      {moment?.place && (
        <p class="code">
          {fileName(moment.place.path)}:{moment.place.line} {moment.text}
        </p>
      )}
      {moment && <p class="chain">{chainText(moment.chain)}</p>}
    </div>
  );
}

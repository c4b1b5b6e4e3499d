/**
 * What the program has printed, below the heads: text as a console would show it, each piece a way to the moment at which
 * it was printed. Seen from the past, what comes later is pale.
 */
import type { OutputChunk } from '../../../debug-adapter/protocol/protocol.ts';
import { button, element, fileName, number } from '../dom.ts';
import type { ToAttention } from '../messages.ts';

export class Output {
  readonly root = element('section.output', { 'aria-label': 'Output of the program' });
  private readonly travel: (token: number) => void;

  /** `travel` is called with the token of the piece that is clicked. */
  constructor(travel: (token: number) => void) {
    this.travel = travel;
  }

  show({ chunks, total, traceLine }: ToAttention['output']): void {
    const text = element('div.text', {}, ...chunks.map((chunk) => this.chunk(chunk, chunk.traceLine >= traceLine)));
    if (total > chunks.length)
      text.prepend(element('div.note', {}, `${number(total - chunks.length)} pieces before …`));
    if (total === 0) text.append(element('span.note', {}, 'nothing printed yet'));
    this.root.replaceChildren(element('h2', {}, 'Output'), text);
    // The latest that is printed at the position stays in sight.
    const printed = [...text.querySelectorAll('.chunk:not(.later)')].at(-1);
    text.scrollTop = printed instanceof HTMLElement ? printed.offsetTop - text.clientHeight + 24 : 0;
  }

  private chunk({ text, category, token, traceLine, place }: OutputChunk, isLater: boolean): HTMLElement {
    const where = place ? ` by ${fileName(place.path)}:${place.line}` : '';
    const when = isLater ? ', which is later than the position' : '';
    const title = `Printed${where} at trace line ${number(traceLine + 1)}${when}. Click to travel there.`;
    const kind = `${category === 'stderr' ? '.errors' : ''}${isLater ? '.later' : ''}`;
    return button(`.chunk${kind}`, { title }, () => this.travel(token), text);
  }
}

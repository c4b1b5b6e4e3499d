/** The Output view: what the program printed, with all the room that there is. */
import { OutputText } from './output.tsx';

export function OutputView() {
  return (
    <section class="output whole" aria-label="Output of the program">
      <OutputText most={10_000} />
    </section>
  );
}

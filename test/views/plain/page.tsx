/// <reference lib="dom" />
/** The panel in a plain web page: messages go through two functions of the window, which the test's end has put there. */
import { render } from 'preact';
import { Link } from '../../../extension/views/link/link.ts';
import type { FromPage, ToPage, ViewMessage } from '../../../extension/views/link/messages.ts';
import { Panel } from '../../../extension/views/panel/panel.tsx';

declare global {
  interface Window {
    toServer(message: ViewMessage<FromPage>): void;
    fromServer(message: ViewMessage<ToPage>): void;
  }
}

let kept: Readonly<Record<string, unknown>> = {};
const link = new Link({
  post: (message) => window.toServer(message),
  listen: (listener) => {
    window.fromServer = listener;
  },
  get kept() {
    return kept;
  },
  keep: (next) => {
    kept = next;
  },
});
render(<Panel link={link} />, document.getElementById('panel') as HTMLElement);

/** The panel in a plain web page: messages go through two functions of the window that a script provides. */
/// <reference lib="dom" />
import { render } from 'preact';
import { Link, type Port } from '../../../extension/views/link/link.ts';
import { type FromPage, TABS, type ToPage, type ViewMessage } from '../../../extension/views/link/messages.ts';
import { Panel } from '../../../extension/views/panel/panel.tsx';

declare global {
  interface Window {
    toHost(message: ViewMessage<FromPage>): void;
    fromHost(message: ViewMessage<ToPage>): void;
  }
}

// What benches count from: the script, and what it says to the host.
performance.mark('script');
let kept: Readonly<Record<string, unknown>> = {};
const port: Port = {
  post: (message) => {
    performance.mark(message.type);
    window.toHost(message);
  },
  listen: (listener) => {
    window.fromHost = listener;
  },
  get kept() {
    return kept;
  },
  keep: (next) => {
    kept = next;
  },
};
const root = document.getElementById('panel') as HTMLElement;
render(<Panel link={new Link(port)} only={TABS.find((tab) => tab === root.dataset.tab)} />, root);

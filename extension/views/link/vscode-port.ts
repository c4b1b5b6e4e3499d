/** VS Code's webview as the carrier of messages: the only file of the views that knows it. */
/// <reference lib="dom" />
import type { Port } from './link.ts';
import type { FromPage, ToPage, ViewMessage } from './messages.ts';

interface WebviewApi {
  postMessage(message: ViewMessage<FromPage>): void;
  getState(): Record<string, unknown> | undefined;
  setState(state: Readonly<Record<string, unknown>>): void;
}

declare function acquireVsCodeApi(): WebviewApi;

/** The port of this webview. Once only: VS Code hands out its end no second time. */
export function vscodePort(): Port {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) =>
      window.addEventListener('message', ({ data }: MessageEvent<ViewMessage<ToPage>>) => listener(data)),
    get kept() {
      return api.getState() ?? {};
    },
    keep: (kept) => api.setState(kept),
  };
}

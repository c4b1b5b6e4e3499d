/**
 * The panel without VS Code: a plain web page in a browser, served by the adapter's test driver through the same end that
 * serves webviews.
 */
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { RequestName, Status } from '../../../debug-adapter/protocol/protocol.ts';
import { PageLink } from '../../../extension/host/page-link.ts';
import type { FromPage, Opening, Selection, ViewMessage } from '../../../extension/views/link/messages.ts';
import type { Driver } from '../../debug-adapter/driver.ts';
import { localPage } from '../../workbench/chromium.ts';
import { THEMES, type Theme } from './themes.ts';

let bundle: Promise<{ script: string; style: string }> | undefined;

/** The page's script and style, made once. */
function bundled() {
  bundle ??= build({
    entryPoints: [
      { out: 'page', in: 'test/views/plain/page.tsx' },
      { out: 'page', in: 'extension/views/panel/panel.css' },
    ],
    outdir: 'page',
    write: false,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'error',
  }).then(({ outputFiles }) => {
    const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
    return { script: textOf('.js'), style: textOf('.css') };
  });
  return bundle;
}

export class PlainPanel {
  readonly page: Page;
  private readonly driver: Driver;
  private readonly link: PageLink;
  private selection: Selection = {};
  private stops = 0;
  /** Errors of the page's script. */
  readonly errors: string[] = [];

  private constructor(page: Page, driver: Driver) {
    this.page = page;
    this.driver = driver;
    page.on('pageerror', (error) => this.errors.push(error.message));
    this.link = new PageLink(
      (message) => void page.evaluate((sent) => window.fromServer(sent), message).catch(() => {}),
      {
        ask: async (command, args) => this.ask(command, args as object),
        select: (selection) => this.select(selection),
        travel: async (token) => (await this.ask('stepformer/travel', { token })).travelled,
        showPlace: () => {},
        showTrace: () => {},
        why: (why) => this.open({ tab: 'why', why }),
        show: (tab) => this.open({ tab }),
        run: () => {},
        openInEditor: () => {},
      },
    );
  }

  /** Opens the panel for a session that stands somewhere. */
  static async open(browser: Browser, driver: Driver, theme: Theme = 'dark', width = 1440): Promise<PlainPanel> {
    const { page } = await localPage(browser);
    await page.setViewportSize({ width, height: 700 });
    const panel = new PlainPanel(page, driver);
    const { script, style } = await bundled();
    await page.exposeFunction('toServer', (message: ViewMessage<FromPage>) => panel.link.receive(message));
    const { kind, colours } = THEMES[theme];
    await page.setContent(
      `<!doctype html><html lang="en"><head><title>Panel</title><style>:root{${colours}}</style><style>${style}</style></head>` +
        `<body class="${kind}"><main id="panel"></main></body></html>`,
    );
    await page.addScriptTag({ content: script });
    panel.tell();
    return panel;
  }

  /** Shows a view, as the extension's commands do. */
  open(opening: Opening): void {
    this.link.open(opening);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked at field by field
  private async ask(command: RequestName, args: object): Promise<any> {
    const seen = this.driver.events.length;
    const answer = this.driver.ask(command, args);
    while (this.driver.session.busy) this.driver.session.work(8);
    const isMoved = this.driver.events.slice(seen).some(({ event }) => event === 'stopped' || event === 'invalidated');
    if (isMoved) {
      this.stops++;
      this.select({});
      this.tell();
    }
    return answer;
  }

  private select(selection: Selection): void {
    this.selection = selection;
    this.link.selection(this.selection);
  }

  private tell(): void {
    const status: Status | undefined = this.driver.events.findLast(({ event }) => event === 'stepformer/status')?.body;
    this.link.session({ stops: this.stops, status });
  }
}

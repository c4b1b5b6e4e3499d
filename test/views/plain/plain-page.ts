/// <reference lib="dom" />
/**
 * Views in a plain web page, without VS Code: served as the extension host serves them, by a session on the driver of the
 * adapter's tests.
 */
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { RequestName, Status } from '../../../debug-adapter/protocol/protocol.ts';
import { transformerSources } from '../../../debug-adapter/recording/transformer-source.ts';
import { shippedModel } from '../../../engine/run/shipped-model.ts';
import { type PageActions, PageLink } from '../../../extension/host/page-link.ts';
import { Trail } from '../../../extension/host/trail.ts';
import type { FromPage, Selection, Tab, ViewMessage, WhyQuestion } from '../../../extension/views/link/messages.ts';
import { type Driver, drive, launched } from '../../debug-adapter/driver.ts';
import { localPage } from '../../workbench/chromium.ts';
import { THEME_CLASS, type Theme, themeStyle } from './themes.ts';

const VIEWS = 'extension/views/panel/panel.css';

/** Script and styles of the page, as one text each. */
async function bundle(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    entryPoints: [
      { out: 'page', in: 'test/views/plain/page.tsx' },
      { out: 'page', in: VIEWS },
    ],
    outdir: 'page',
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  const text = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

const { source } = transformerSources();

/** A session on a C program that the shipped model executes, stopped at its first line. */
export async function transformed(path: string): Promise<Driver> {
  const { loaded, input } = await launched(path);
  const options = { program: loaded.program, input, attention: 'hull', engine: 'kernel' } as const;
  const driver = await drive(path, {}, await source(options));
  driver.move('configurationDone');
  return driver;
}

let bundled: ReturnType<typeof bundle> | undefined;

export class PlainPage {
  readonly page: Page;
  /** What the page asked to be done outside of it, by name. */
  readonly done: { what: string; with: unknown }[] = [];
  private readonly driver: Driver;
  private readonly link: PageLink;
  private readonly trail: Trail;
  private stops = 0;
  private marks = 0;

  private constructor(page: Page, driver: Driver) {
    this.page = page;
    this.driver = driver;
    this.trail = new Trail({
      position: () => driver.ask('stepformer/position').token,
      travel: (token) => this.actions.travel(token, 'journey'),
      show: (selection) => this.link.selection(selection),
    });
    this.link = new PageLink((message) => {
      // As one text, as between VS Code's processes: Playwright would take an object apart, value by value.
      void page.evaluate((sent) => window.fromHost(JSON.parse(sent)), JSON.stringify(message)).catch(() => {});
    }, this.actions);
  }

  /** Opens a view of a session that has stopped, or with all tabs. */
  static async open(browser: Browser, driver: Driver, { tab, theme = 'dark' }: { tab?: Tab; theme?: Theme } = {}) {
    bundled ??= bundle();
    const { script, style } = await bundled;
    const { page } = await localPage(browser);
    const plain = new PlainPage(page, driver);
    await page.exposeFunction('toHost', (message: ViewMessage<FromPage>) => plain.link.receive(message));
    const main = `<main id="panel"${tab ? ` data-tab="${tab}"` : ''}></main>`;
    await page.setContent(
      `<!doctype html><html lang="en"><head><title>Views</title><style id="theme">${themeStyle(theme)}</style><style>${style}</style></head>` +
        `<body class="${THEME_CLASS[theme]}">${main}</body></html>`,
    );
    plain.moved();
    await page.addScriptTag({ content: script });
    return plain;
  }

  /** The session stands elsewhere: the page is told, as after every stop. */
  moved(): void {
    this.stops++;
    this.trail.moved();
    this.tell();
  }

  /** Breakpoints or bookmarks are others now. */
  marked(): void {
    this.marks++;
    this.tell();
  }

  private tell(): void {
    this.link.session({ stops: this.stops, marks: this.marks, status: this.status() });
  }

  /** Another theme while the page is open, as VS Code changes it. */
  async wear(theme: Theme): Promise<void> {
    const worn = { style: themeStyle(theme), name: THEME_CLASS[theme] };
    await this.page.evaluate(({ style, name }) => {
      (document.getElementById('theme') as HTMLElement).textContent = style;
      document.body.className = name;
    }, worn);
  }

  /** Opens a view with what it is to show. */
  show(opening: Parameters<PageLink['open']>[0]): void {
    this.link.open(opening);
  }

  /** Selects, as another page would. */
  select(selection: Selection): void {
    this.trail.select(selection);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  private status(): Status {
    const body = this.driver.events.findLast(({ event }) => event === 'stepformer/status')?.body;
    const state = body?.state ?? 'stopped';
    return { ...this.driver.ask('stepformer/position'), state, tokensPerSecond: 0 };
  }

  private readonly actions: PageActions = {
    ask: async (command: RequestName, args) => {
      const seen = this.driver.events.length;
      const answer = this.driver.ask(command, args as object);
      while (this.driver.session.busy) this.driver.session.work(8);
      // An edit leads to another branch, and some requests move.
      if (this.driver.events.slice(seen).some(({ event }) => event === 'stopped' || event === 'invalidated'))
        this.moved();
      return answer;
    },
    model: () => shippedModel('dist/model'),
    select: (selection: Selection) => this.trail.select(selection),
    travel: async (token, journey) => {
      this.trail.depart(journey);
      const seen = this.driver.events.length;
      const { travelled } = this.driver.ask('stepformer/travel', { token });
      while (this.driver.session.busy) this.driver.session.work(8);
      if (this.driver.events.length > seen) this.moved();
      else this.trail.depart(undefined);
      return travelled;
    },
    showPlace: (place) => this.note('place', place),
    showTrace: (line) => this.note('trace', line),
    why: (why: WhyQuestion) => this.link.open({ tab: 'why', why }),
    show: (tab) => this.link.open({ tab }),
    run: (command) => this.note('command', command),
    showDocument: (name) => this.note('document', name),
    openInEditor: (tab) => this.note('editor', tab),
    go: (by) => void this.trail.go(by),
    savePicture: (picture) => this.note('picture', picture),
  };

  private note(what: string, details: unknown): void {
    this.done.push({ what, with: details });
  }
}

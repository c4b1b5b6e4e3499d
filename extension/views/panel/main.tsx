/** The panel's page: all views as tabs. `data-tab` of the page's root shows one view alone, as in an editor. */
/// <reference lib="dom" />
import { render } from 'preact';
import { Link } from '../link/link.ts';
import { TABS, type Tab } from '../link/messages.ts';
import { vscodePort } from '../link/vscode-port.ts';
import { Panel } from './panel.tsx';

const root = document.getElementById('panel') as HTMLElement;
const only = TABS.find((tab) => tab === root.dataset.tab);
render(<Panel link={new Link(vscodePort())} only={only as Tab | undefined} />, root);

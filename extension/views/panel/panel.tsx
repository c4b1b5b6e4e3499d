/** Tabs over views: which exist, which is shown; the others are not there, and ask nothing. */
/// <reference lib="dom" />
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { AttentionView } from '../attention/view.tsx';
import { HullView } from '../hull/view.tsx';
import { LinkContext, useKept, useLink } from '../link/hooks.ts';
import type { Link } from '../link/link.ts';
import { TABS, type Tab } from '../link/messages.ts';
import { MemoryView } from '../memory/view.tsx';
import { ModelView } from '../model/view.tsx';
import { OutputView } from '../output/view.tsx';
import { TimelineView } from '../timeline/view.tsx';
import { TokenView } from '../token/view.tsx';
import { WhyView } from '../why/view.tsx';
import { Actions, useWayBack } from './actions.tsx';

interface TabView {
  title: string;
  View: ComponentType;
  /** Shown in an editor alone, without a session too. */
  alone?: boolean;
}

/** The views that there are, by the name of their tab. */
const VIEWS: Partial<Record<Tab, TabView>> = {
  attention: { title: 'Attention', View: AttentionView },
  timeline: { title: 'Timeline', View: TimelineView },
  token: { title: 'Token', View: TokenView },
  why: { title: 'Why', View: WhyView },
  hull: { title: 'Hull', View: HullView },
  output: { title: 'Output', View: OutputView },
  memory: { title: 'Memory', View: MemoryView },
  model: { title: 'Model', View: ModelView, alone: true },
};

/** All views, or `only` one of them. */
export function Panel({ link, only }: { link: Link; only?: Tab }) {
  return (
    <LinkContext.Provider value={link}>
      <Shown only={only} />
    </LinkContext.Provider>
  );
}

function Shown({ only }: { only?: Tab }) {
  const link = useLink();
  const [chosen, choose] = useKept<Tab>('tab', 'attention');
  const { opening, session, note } = link;
  useEffect(() => {
    if (opening && !only) choose(opening.tab);
  }, [opening]);
  const tab = only ?? chosen;
  const { View, alone = false } = VIEWS[tab] ?? { View: AttentionView };
  const view = useRef<HTMLElement>(null);
  useWayBack(link);
  const actions = <Actions tab={tab} view={view} isAlone={only !== undefined} hasSession={!alone} />;
  return (
    <>
      {only ? <nav class="tabs alone">{actions}</nav> : <Tabs tab={tab} choose={choose} actions={actions} />}
      <section
        id={`view-${tab}`}
        ref={view}
        class={`view ${session.status?.state === 'running' ? 'running' : ''}`}
        role={only ? undefined : 'tabpanel'}
        aria-labelledby={only ? undefined : `tab-${tab}`}
      >
        <p class="note" role="status">
          {note}
        </p>
        {session.status || alone ? <View /> : <Empty />}
      </section>
    </>
  );
}

function Tabs({ tab, choose, actions }: { tab: Tab; choose: (tab: Tab) => void; actions: ComponentChildren }) {
  const tabs = TABS.filter((name) => VIEWS[name] && !VIEWS[name].alone);
  const move = (event: KeyboardEvent) => {
    const step = event.altKey ? undefined : { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
    event.preventDefault();
  };
  return (
    <nav class="tabs">
      <div role="tablist" aria-label="Views of the transformer" onKeyDown={move}>
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={name === tab}
            aria-controls={`view-${name}`}
            tabIndex={name === tab ? 0 : -1}
            onClick={() => choose(name)}
          >
            {VIEWS[name]?.title}
          </button>
        ))}
      </div>
      {actions}
    </nav>
  );
}

/** Before anything is debugged: what one would see here, and how to come to it. */
function Empty() {
  const link = useLink();
  return (
    <div class="empty">
      <p>Here you see, for every token the transformer writes, which earlier token each attention head took it from.</p>
      <p>Open a C file and press F5.</p>
      <p>
        <button type="button" class="primary" onClick={() => link.run('stepformer.debugFile')}>
          Debug Inside the Transformer
        </button>{' '}
        <button type="button" class="primary" onClick={() => link.run('stepformer.openExamples')}>
          Open Examples
        </button>
      </p>
    </div>
  );
}

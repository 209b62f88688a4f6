'use client';

import { useSyncExternalStore } from 'react';
import { Pane } from './pane.tsx';
import { useServices, useWorkspace } from './services.ts';
import { useMarketRows } from './use-market-data.ts';
import styles from './workspace.module.css';
import { workspaceHref } from './workspace-url.ts';

const PHONE = '(max-width: 720px)';

/** The panes: a grid on a desk, the active one alone on a phone or when it is maximised. */
export function PaneGrid() {
  const rows = useMarketRows();
  const { panes, active, isMaximised } = useWorkspace((state) => state);
  const isPhone = useSyncExternalStore(
    onPhoneChange,
    () => matchMedia(PHONE).matches,
    () => false,
  );
  return (
    <section className={styles.stage} aria-label="Charts">
      <div className={styles.grid} data-maximised={isMaximised}>
        {panes.map(({ symbol, interval }, index) => (
          <Pane
            // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place in the grid
            key={index}
            index={index}
            symbol={symbol}
            interval={interval}
            isActive={index === active}
            isOnScreen={index === active || !(isPhone || isMaximised)}
            rows={rows}
          />
        ))}
      </div>
      <PaneSwitcher count={panes.length} />
    </section>
  );
}

/** On a phone: which pane this is, and the way to the others. */
function PaneSwitcher({ count }: { readonly count: number }) {
  const active = useWorkspace((state) => state.active);
  return (
    <nav className={styles.switcher} aria-label="Choose a chart">
      <PaneLink to={(active + count - 1) % count} label="Previous chart" testId="previous-pane">
        ‹
      </PaneLink>
      <span className={styles.position} data-testid="pane-position">
        {active + 1} / {count}
      </span>
      <PaneLink to={(active + 1) % count} label="Next chart" testId="next-pane">
        ›
      </PaneLink>
    </nav>
  );
}

interface PaneLinkProps {
  readonly to: number;
  readonly label: string;
  readonly testId: string;
  readonly children: string;
}

function PaneLink({ to, label, testId, children }: PaneLinkProps) {
  const { workspace } = useServices();
  const state = useWorkspace((now) => now);
  return (
    <a
      href={workspaceHref({ ...state, active: to })}
      aria-label={label}
      data-testid={testId}
      onClick={(event) => {
        event.preventDefault();
        workspace.setState({ active: to });
      }}
    >
      {children}
    </a>
  );
}

function onPhoneChange(onChange: () => void): () => void {
  const query = matchMedia(PHONE);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

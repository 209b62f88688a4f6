'use client';

import { Menu } from '../shell/menu.tsx';
import { LAYOUTS, type Layout, shapeOf } from './layouts.ts';
import { useServices, useWorkspace } from './services.ts';
import { SyncMenu } from './sync-menu.tsx';
import { useMarketRows } from './use-market-data.ts';
import styles from './workspace-bar.module.css';
import { withLayout, workspaceHref } from './workspace-url.ts';

/** Acts on the active chart, and on all of them: search, indicators, comparison, layout, what is in sync, saved layouts, appearance. */
export function WorkspaceBar() {
  const { workspace } = useServices();
  const state = useWorkspace((now) => now);
  const symbols = useMarketRows().map(({ instrument }) => instrument.symbol);
  const active = state.panes[state.active];
  const hrefOf = (layout: Layout) => workspaceHref(withLayout(state, layout, symbols, state.spare));
  const choose = (layout: Layout | undefined) => {
    if (!layout) return;
    const spare = state.panes.length >= state.spare.length ? state.panes : [...state.panes, ...state.spare.slice(state.panes.length)];
    workspace.setState({ ...withLayout(state, layout, symbols, spare), spare, isMaximised: false });
  };
  return (
    <nav className={styles.bar} aria-label="Workspace">
      <button
        type="button"
        className={styles.search}
        data-testid="open-search"
        title="Search a pair (type a letter)"
        onClick={() => workspace.setState({ dialog: { kind: 'search', text: '', purpose: 'show' } })}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
          <circle cx="7" cy="7" r="4.5" />
          <path d="M10.5 10.5 14 14" />
        </svg>
        <span className="visuallyHidden">Search a pair. Active chart: </span>
        {active?.symbol} <small>{active?.interval}</small>
      </button>
      <button
        type="button"
        className={styles.item}
        data-testid="open-indicators"
        onClick={() => workspace.setState({ dialog: { kind: 'indicators' } })}
      >
        Indicators
      </button>
      <button
        type="button"
        className={styles.item}
        data-testid="open-compare"
        onClick={() => workspace.setState({ dialog: { kind: 'search', text: '', purpose: 'compare' } })}
      >
        Compare
      </button>
      <Menu
        label={`Layout: ${shapeOf(state.layout).label}`}
        className={styles.item}
        testId="layout-menu"
        items={LAYOUTS.map((layout) => ({
          key: layout,
          href: hrefOf(layout),
          isCurrent: layout === state.layout,
          label: shapeOf(layout).label,
        }))}
        onChoose={(key) => choose(LAYOUTS.find((layout) => layout === key))}
      >
        <LayoutIcon layout={state.layout} /> Layout
      </Menu>
      <SyncMenu />
      <button
        type="button"
        className={styles.item}
        data-testid="open-layouts"
        onClick={() => workspace.setState({ dialog: { kind: 'layouts' } })}
      >
        Saved
      </button>
      <button
        type="button"
        className={styles.item}
        data-testid="open-appearance"
        onClick={() => workspace.setState({ dialog: { kind: 'appearance' } })}
      >
        Appearance
      </button>
      <button
        type="button"
        className={styles.item}
        data-testid="open-shortcuts"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => workspace.setState({ dialog: { kind: 'shortcuts' } })}
      >
        ?
      </button>
    </nav>
  );
}

function LayoutIcon({ layout }: { readonly layout: Layout }) {
  const { columns, rows, places } = shapeOf(layout);
  const [width, height] = [14 / columns, 14 / rows];
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" strokeWidth="1.2" aria-hidden="true">
      {places.map(({ column, row, rowSpan }) => (
        <rect key={`${column} ${row}`} x={1 + column * width} y={1 + row * height} width={width} height={height * rowSpan} />
      ))}
    </svg>
  );
}

'use client';

import { type CSSProperties, lazy, Suspense, useSyncExternalStore } from 'react';
import { type Place, shapeOf } from './layouts.ts';
import { Pane } from './pane.tsx';
import { useServices, useWorkspace } from './services.ts';
import { sizesFor } from './track-sizes.ts';
import { useHasMounted } from './use-has-mounted.ts';
import { useMarketRows } from './use-market-data.ts';
import styles from './workspace.module.css';
import { workspaceHref } from './workspace-url.ts';

const Dividers = lazy(() => import('./dividers.tsx').then((part) => ({ default: part.Dividers })));
const PHONE = '(max-width: 720px)';

/** The panes: a grid on a desk, the active one alone on a phone or when it is maximised. */
export function PaneGrid() {
  const rows = useMarketRows();
  const hasMounted = useHasMounted();
  const { panes, active, isMaximised, layout, columns: chosenColumns, rows: chosenRows } = useWorkspace((state) => state);
  const isPhone = useSyncExternalStore(
    onPhoneChange,
    () => matchMedia(PHONE).matches,
    () => false,
  );
  const shape = shapeOf(layout);
  const columns = sizesFor(shape.columns, chosenColumns);
  const heights = sizesFor(shape.rows, chosenRows);
  const tracks = (sizes: readonly number[]) => sizes.map((size) => `minmax(0, ${size}fr)`).join(' ');
  // A row that does not go through begins where the column that spans it ends.
  const offset = shape.places.some(({ rowSpan }) => rowSpan > 1) ? (columns[0] ?? 0) : 0;
  return (
    <section className={styles.stage} aria-label="Charts">
      <div
        className={styles.grid}
        data-maximised={isMaximised}
        data-layout={layout}
        data-testid="pane-grid"
        style={{ '--tracks': `${tracks(heights)} / ${tracks(columns)}` } as CSSProperties}
      >
        {panes.map((choice, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place in the grid
            key={index}
            className={styles.cell}
            data-active={index === active}
            style={areaOf(shape.places[index])}
          >
            <Pane
              index={index}
              choice={choice}
              isActive={index === active}
              isOnScreen={index === active || !(isPhone || isMaximised)}
              rows={rows}
            />
          </div>
        ))}
        {hasMounted && !isMaximised && (
          <Suspense>
            <Dividers columns={columns} rows={heights} offset={offset} />
          </Suspense>
        )}
      </div>
      {panes.length > 1 && <PaneSwitcher count={panes.length} />}
    </section>
  );
}

function areaOf(place: Place | undefined): CSSProperties | undefined {
  return place && ({ '--area': `${place.row + 1} / ${place.column + 1} / span ${place.rowSpan} / span 1` } as CSSProperties);
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

'use client';

import { INTERVALS, type Interval } from '@candlecast/domain';
import type { MouseEvent } from 'react';
import { Menu } from '../shell/menu.tsx';
import styles from './pane-header.module.css';
import { PaneMenu } from './pane-menu.tsx';
import type { PaneViewStore } from './pane-view.ts';
import { useServices, useWorkspace } from './services.ts';
import type { MarketRow } from './use-market-data.ts';
import { type PaneChoice, withPane, workspaceHref } from './workspace-url.ts';

const QUICK: readonly Interval[] = ['1m', '5m', '15m', '1h', '4h', '1d'];

interface Props {
  readonly index: number;
  readonly choice: PaneChoice;
  readonly rows: readonly MarketRow[];
  /** The pair's own row; undefined while it is not known. */
  readonly row: MarketRow | undefined;
  readonly view: PaneViewStore;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
}

/** A pane's choices: pair, interval, full size, and a menu of the rest. */
export function PaneHeader({ index, choice, rows, row, view, isTable, onTable }: Props) {
  const { symbol, interval } = choice;
  const { workspace } = useServices();
  const state = useWorkspace((now) => now);
  const hrefOf = (wish: Partial<PaneChoice>) => workspaceHref(withPane(state, index, wish));
  const choose = (wish: Partial<PaneChoice>) => workspace.setState(withPane(state, index, wish));
  const instrument = row?.instrument;
  const pair = instrument ? `${instrument.baseAsset}/${instrument.quoteAsset}` : symbol;
  const isQuick = QUICK.includes(interval);
  return (
    <header className={styles.header}>
      <Menu
        label={`Pair of chart ${index + 1}: ${pair}`}
        className={styles.symbol}
        testId={`symbol-${index}`}
        items={rows.map(({ instrument: { symbol: key, baseAsset, quoteAsset } }) => ({
          key,
          href: hrefOf({ symbol: key }),
          isCurrent: key === symbol,
          label: `${baseAsset}/${quoteAsset}`,
        }))}
        onChoose={(key) => choose({ symbol: key })}
      >
        <span>
          {instrument?.baseAsset ?? symbol}
          {instrument && <span className={styles.quote}>/{instrument.quoteAsset}</span>}
        </span>
        <span className={styles.caret} aria-hidden="true" />
      </Menu>
      <nav className={styles.intervals} aria-label={`Interval of chart ${index + 1}`}>
        {QUICK.map((quick) => (
          <a
            key={quick}
            className={styles.interval}
            href={hrefOf({ interval: quick })}
            aria-current={quick === interval ? 'true' : undefined}
            data-testid={`interval-${index}-${quick}`}
            onClick={(event: MouseEvent) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              choose({ interval: quick });
            }}
          >
            {quick}
          </a>
        ))}
        <Menu
          label={isQuick ? 'All intervals' : `All intervals: ${interval}`}
          className={isQuick ? styles.more : styles.moreCurrent}
          testId={`intervals-${index}`}
          columns={3}
          items={INTERVALS.map((key) => ({ key, href: hrefOf({ interval: key }), isCurrent: key === interval, label: key }))}
          onChoose={(key) => choose({ interval: INTERVALS.find((known) => known === key) ?? interval })}
        >
          {isQuick ? '' : interval}
          <span className={styles.caret} aria-hidden="true" />
        </Menu>
      </nav>
      <PaneMenu index={index} choice={choice} instrumentId={instrument?.id} view={view} isTable={isTable} onTable={onTable} />
      <button
        type="button"
        className={styles.maximise}
        aria-label={state.isMaximised ? 'Back to the grid (Escape)' : 'Maximise (Alt+Enter)'}
        title={state.isMaximised ? 'Back to the grid (Esc)' : 'Maximise (Alt+Enter)'}
        aria-pressed={state.isMaximised}
        data-testid={`maximise-${index}`}
        onClick={() => workspace.setState({ active: index, isMaximised: !state.isMaximised })}
      >
        <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
          <path d={state.isMaximised ? 'M6 2v4H2m12 0h-4V2m0 12v-4h4M2 10h4v4' : 'M2 6V2h4m4 0h4v4m0 4v4h-4m-4 0H2v-4'} />
        </svg>
      </button>
    </header>
  );
}

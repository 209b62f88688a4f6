'use client';

import { useId, useRef } from 'react';
import menu from '../shell/menu.module.css';
import { useServices, useWorkspace } from './services.ts';
import { SYNC_KINDS, type SyncKind } from './sync-switches.ts';
import styles from './workspace-bar.module.css';
import { withPane } from './workspace-url.ts';

const LABELS: Readonly<Record<SyncKind, string>> = {
  symbol: 'Symbol',
  interval: 'Interval',
  crosshair: 'Crosshair',
  time: 'Time',
  range: 'Date range',
};
const GAP_PX = 4;

/** The five switches of what charts have in common. What is switched on is at once as in the active chart. */
export function SyncMenu() {
  const { workspace, charts } = useServices();
  const id = useId();
  const sync = useWorkspace((state) => state.sync);
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const place = () => {
    if (!button.current || !list.current) return;
    const { left, bottom } = button.current.getBoundingClientRect();
    const room = document.documentElement.clientWidth - list.current.offsetWidth - GAP_PX;
    list.current.style.left = `${Math.max(GAP_PX, Math.min(left, room))}px`;
    list.current.style.top = `${bottom + GAP_PX}px`;
  };
  const set = (kind: SyncKind, isOn: boolean) => {
    workspace.setState((state) => {
      const next = { ...state, sync: { ...state.sync, [kind]: isOn } };
      const active = state.panes[state.active];
      return isOn && active ? withPane(next, state.active, { symbol: active.symbol, interval: active.interval }) : next;
    });
    if (isOn && (kind === 'time' || kind === 'range')) charts.align(workspace.getState().active);
  };
  const count = SYNC_KINDS.filter((kind) => sync[kind]).length;
  return (
    <>
      <button ref={button} type="button" className={styles.item} popoverTarget={id} data-testid="sync-menu">
        Sync <small>{count}</small>
      </button>
      <div
        ref={list}
        id={id}
        className={menu.list}
        popover="auto"
        role="dialog"
        aria-label="What charts have in common"
        onToggle={(event) => event.newState === 'open' && place()}
      >
        {SYNC_KINDS.map((kind) => (
          <label key={kind} className={menu.item}>
            <input
              type="checkbox"
              role="switch"
              aria-checked={sync[kind]}
              checked={sync[kind]}
              data-testid={`sync-${kind}`}
              onChange={(event) => set(kind, event.target.checked)}
            />
            {LABELS[kind]}
          </label>
        ))}
      </div>
    </>
  );
}

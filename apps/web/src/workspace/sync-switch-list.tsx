import { useLayoutEffect } from 'react';
import menu from '../shell/menu.module.css';
import { useServices, useWorkspace } from './services.ts';
import { SYNC_KINDS, type SyncKind } from './sync-switches.ts';
import { withPane } from './workspace-url.ts';

const LABELS: Readonly<Record<SyncKind, string>> = {
  symbol: 'Symbol',
  interval: 'Interval',
  crosshair: 'Crosshair',
  time: 'Time',
  range: 'Date range',
};

/** The five switches of what charts have in common: loaded when they are first wanted. `onReady` is called when they are there. */
export function SyncSwitchList({ onReady }: { readonly onReady: () => void }) {
  const { workspace, charts } = useServices();
  const sync = useWorkspace((state) => state.sync);
  useLayoutEffect(onReady, [onReady]);
  const set = (kind: SyncKind, isOn: boolean) => {
    workspace.setState((state) => {
      const next = { ...state, sync: { ...state.sync, [kind]: isOn } };
      const active = state.panes[state.active];
      return isOn && active ? withPane(next, state.active, { symbol: active.symbol, interval: active.interval }) : next;
    });
    if (isOn && (kind === 'time' || kind === 'range')) charts.align(workspace.getState().active);
  };
  return (
    <>
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
    </>
  );
}

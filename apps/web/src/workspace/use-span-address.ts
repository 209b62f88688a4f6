import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PaneViewStore } from './pane-view.ts';
import { useServices } from './services.ts';

const SETTLE_MS = 400;

/** Keeps what the active chart shows in the address, once it stands still; nothing while it shows the newest candles. */
export function useSpanAddress(view: PaneViewStore, isActive: boolean, isLive: boolean): void {
  const { workspace } = useServices();
  const span = useStore(view, (state) => (isActive ? state.span : undefined));
  useEffect(() => {
    if (!isActive || span === undefined) return;
    const timer = setTimeout(() => {
      const range = isLive ? undefined : span;
      if (range !== workspace.getState().range) workspace.setState({ range });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [workspace, isActive, isLive, span]);
}

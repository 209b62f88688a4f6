'use client';

import { useEffect, useState } from 'react';
import { shapeOf } from './layouts.ts';
import { useServices, type WorkspaceState } from './services.ts';

const SETTLE_MS = 300;

/** Tells screen readers, politely and once it has settled, which chart is active and what it shows after that changed. */
export function Announcer() {
  const { workspace } = useServices();
  const [text, setText] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = workspace.subscribe((state, before) => {
      const news = describe(state);
      if (news === describe(before)) return;
      clearTimeout(timer);
      timer = setTimeout(() => setText(news), SETTLE_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [workspace]);
  return (
    <p className="visuallyHidden" aria-live="polite" data-testid="announcer">
      {text}
    </p>
  );
}

function describe({ panes, active, layout, isMaximised, theme }: WorkspaceState): string {
  const pane = panes[active];
  const lines = [...(pane?.indicators ?? []).map(({ kind }) => kind.toUpperCase()), ...(pane?.compare ? [`beside ${pane.compare}`] : [])];
  const place = isMaximised ? 'maximised' : `chart ${active + 1} of ${panes.length}`;
  return `${pane?.symbol}, ${pane?.interval}${lines.length > 0 ? `, with ${lines.join(', ')}` : ''}: ${place}. ${shapeOf(layout).label}, ${theme}.`;
}

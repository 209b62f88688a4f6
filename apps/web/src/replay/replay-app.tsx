'use client';

import { type EpochMs, systemClock } from '@candlecast/domain';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import type { Workspace } from '../workspace/workspace-url.ts';
import { ReplayBar } from './replay-bar.tsx';
import type { ReplayPace, ReplayWish } from './replay-clock.ts';

const ReplayRun = lazy(() => import('./replay-run.tsx').then((part) => ({ default: part.ReplayRun })));

interface Props {
  readonly wish: ReplayWish;
  /** The venue's time when the page was rendered: the replay ends there. */
  readonly present: EpochMs;
  readonly workspace: Workspace;
  readonly socketUrl: string;
  readonly isDebug: boolean;
}

/** The workspace, run from a moment of the past. Another speed or moment is another replay: it begins anew from there. */
export function ReplayApp({ wish, present, workspace, socketUrl, isDebug }: Props) {
  const [openedAt, setOpenedAt] = useState<EpochMs>();
  const [run, setRun] = useState<{ readonly pace: ReplayPace; readonly workspace: Workspace }>();
  useEffect(() => {
    const now = systemClock.now();
    setOpenedAt(now);
    setRun({ pace: { ...wish, anchoredAt: now }, workspace });
  }, [wish, workspace]);
  const change = useCallback((pace: ReplayPace, shown: Workspace) => setRun({ pace, workspace: shown }), []);
  const waiting = <ReplayBar.Waiting wish={wish} />;
  if (!run || openedAt === undefined) return waiting;
  return (
    <Suspense fallback={waiting}>
      <ReplayRun
        key={`${run.pace.replayFrom} ${run.pace.speed} ${run.pace.anchoredAt}`}
        {...run}
        {...{ present, openedAt, socketUrl, isDebug }}
        onChange={change}
      />
    </Suspense>
  );
}

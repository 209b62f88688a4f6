'use client';

import { type EpochMs, systemClock } from '@candlecast/domain';
import { useCallback, useEffect, useState } from 'react';
import type { BrowserClientOptions } from '../graphql/create-browser-client.ts';
import { WorkspaceApp } from '../workspace/workspace-app.tsx';
import { type Workspace, workspaceHref } from '../workspace/workspace-url.ts';
import { createReplayClient } from './create-replay-client.ts';
import { ReplayBar } from './replay-bar.tsx';
import { momentAt, type ReplayPace, type ReplayWish, replayHref } from './replay-clock.ts';

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
  if (!run || openedAt === undefined) return <ReplayBar.Waiting wish={wish} />;
  return (
    <Run
      key={`${run.pace.replayFrom} ${run.pace.speed} ${run.pace.anchoredAt}`}
      {...run}
      {...{ present, openedAt, socketUrl, isDebug }}
      onChange={change}
    />
  );
}

interface RunProps extends Omit<Props, 'wish'> {
  readonly pace: ReplayPace;
  readonly openedAt: EpochMs;
  readonly onChange: (pace: ReplayPace, workspace: Workspace) => void;
}

function Run({ pace, workspace, present, openedAt, socketUrl, isDebug, onChange }: RunProps) {
  const [parts] = useState(() => {
    const moment = () => momentAt(pace, { present, openedAt }, systemClock.now());
    return {
      moment,
      createClient: (options: BrowserClientOptions) => createReplayClient(options, pace, moment),
      toHref: (shown: Workspace) => replayHref(pace, workspaceHref(shown).replace(/^\/\?/, '')),
    };
  });
  return (
    <WorkspaceApp
      workspace={workspace}
      rendered={{}}
      staleSeconds={undefined}
      socketUrl={socketUrl}
      isDebug={isDebug}
      replay={{ ...parts, banner: <ReplayBar pace={pace} present={present} moment={parts.moment} onChange={onChange} /> }}
    />
  );
}

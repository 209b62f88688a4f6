import { type EpochMs, systemClock } from '@candlecast/domain';
import { useState } from 'react';
import type { BrowserClientOptions } from '../graphql/create-browser-client.ts';
import { WorkspaceApp } from '../workspace/workspace-app.tsx';
import { type Workspace, workspaceHref } from '../workspace/workspace-url.ts';
import { createReplayClient } from './create-replay-client.ts';
import { ReplayBar } from './replay-bar.tsx';
import { momentAt, type ReplayPace, replayHref } from './replay-clock.ts';

interface Props {
  /** The venue's time when the page was rendered: the replay ends there. */
  readonly present: EpochMs;
  readonly workspace: Workspace;
  readonly socketUrl: string;
  readonly isDebug: boolean;
  readonly pace: ReplayPace;
  readonly openedAt: EpochMs;
  readonly onChange: (pace: ReplayPace, workspace: Workspace) => void;
}

/** One run of a replay: the workspace with a client that lives in the past. */
export function ReplayRun({ pace, workspace, present, openedAt, socketUrl, isDebug, onChange }: Props) {
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

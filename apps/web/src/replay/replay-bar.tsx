'use client';

import { type EpochMs, systemClock, toIso } from '@candlecast/domain';
import { type FormEvent, useEffect, useState } from 'react';
import { formatInstant } from '../charts/axis-time.ts';
import { useServices } from '../workspace/services.ts';
import { type Workspace, workspaceHref } from '../workspace/workspace-url.ts';
import styles from './replay-bar.module.css';
import { parseReplay, type ReplayPace, type ReplayWish, replayHref, SPEEDS } from './replay-clock.ts';

interface Props {
  readonly pace: ReplayPace;
  readonly present: EpochMs;
  /** The replay's time. */
  readonly moment: () => EpochMs;
  readonly onChange: (pace: ReplayPace, workspace: Workspace) => void;
}

const TICK_MS = 250;

/** Says above everything that this is the past, what time it is there, and how fast that runs. */
export function ReplayBar({ pace, present, moment, onChange }: Props) {
  const { workspace } = useServices();
  const [time, setTime] = useState(moment);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const timer = setInterval(() => setTime(moment()), TICK_MS);
    return () => clearInterval(timer);
  }, [moment]);
  const goOn = (wish: ReplayWish) => onChange({ ...wish, anchoredAt: systemClock.now() }, workspace.getState());

  function jump(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const at = new FormData(event.currentTarget).get('at');
    const parsed = parseReplay((name) => (name === 'at' ? `${at ?? ''}` : `${pace.speed}`));
    if (!parsed) return;
    const isLate = parsed.ok && parsed.wish.replayFrom >= present;
    setProblem(parsed.ok ? (isLate ? `${toIso(parsed.wish.replayFrom)} does not lie in the past` : undefined) : parsed.problem);
    if (parsed.ok && !isLate) goOn(parsed.wish);
  }

  return (
    <section className={styles.bar} aria-label="Replay" data-testid="replay-bar">
      <strong className={styles.label} data-testid="replay-label">
        Replay: not live
      </strong>
      <time className={styles.time} dateTime={toIso(time)} data-testid="replay-time">
        {formatInstant(time)}:{toIso(time).slice(17, 19)} UTC
      </time>
      <button
        type="button"
        className={styles.button}
        data-testid="replay-pause"
        onClick={() => goOn({ replayFrom: moment(), speed: pace.speed === 0 ? 1 : 0 })}
      >
        {pace.speed === 0 ? '▶ Go on' : '❚❚ Pause'}
      </button>
      <label className={styles.field}>
        Speed
        <select
          value={pace.speed}
          data-testid="replay-speed"
          onChange={({ target }) => goOn({ replayFrom: moment(), speed: SPEEDS.find((speed) => `${speed}` === target.value) ?? 0 })}
        >
          {[...new Set([0, pace.speed, ...SPEEDS])]
            .sort((a, b) => a - b)
            .map((speed) => (
              <option key={speed} value={speed}>
                {speed === 0 ? 'paused' : `${speed.toLocaleString('en')}×`}
              </option>
            ))}
        </select>
      </label>
      <form className={styles.field} onSubmit={jump}>
        <label>
          <span className="visuallyHidden">From (UTC)</span>
          <input type="datetime-local" name="at" defaultValue={toIso(pace.replayFrom).slice(0, 16)} max={toIso(present).slice(0, 16)} />
        </label>
        <button type="submit" className={styles.button}>
          Jump
        </button>
      </form>
      <a
        className={styles.button}
        href={replayHref({ replayFrom: time, speed: pace.speed }, workspaceHref(workspace.getState()).slice(2))}
        data-testid="replay-permalink"
      >
        Link to this moment
      </a>
      <a className={styles.button} href={workspaceHref(workspace.getState())}>
        Back to live
      </a>
      {time >= present && (
        <span role="status" data-testid="replay-end">
          This is where the present began when the page was opened.
        </span>
      )}
      {problem && (
        <span role="alert" className={styles.problem}>
          {problem}
        </span>
      )}
    </section>
  );
}

/** In place of the bar until the browser has begun. */
ReplayBar.Waiting = function Waiting({ wish }: { readonly wish: ReplayWish }) {
  return (
    <div data-theme="dark">
      <p className={styles.bar}>
        <strong className={styles.label} data-testid="replay-label">
          Replay: not live
        </strong>
        From {formatInstant(wish.replayFrom)} UTC. A replay needs JavaScript.
      </p>
    </div>
  );
};

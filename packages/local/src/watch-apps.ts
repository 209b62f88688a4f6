import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryProgress, TrainingProgress } from './local-event.ts';
import type { SupervisedApp } from './supervise-app.ts';
import { failWhenHopeless, findJson } from './wait-until-ready.ts';

const POLL_MS = 500;
/** Without a row for so long history goes on in the background, and the addresses are shown. */
const STALLED_MS = 60_000;

/** What ingest serves under `/status`, as far as it is read here. */
interface IngestStatus {
  readonly counts: Readonly<Record<string, number>>;
  readonly rowsDone: number;
  readonly rowsWanted: number;
}

/**
 * Reports how history loads until ingest is ready, and returns whether it is: false when no row came for a minute (the exchange
 * does not answer, say). Throws `app_failed` when ingest keeps ending.
 */
export async function watchHistory(
  ingest: SupervisedApp,
  url: string,
  signal: AbortSignal,
  onProgress: (progress: HistoryProgress) => void,
): Promise<boolean> {
  let best = -1;
  let changedAt = performance.now();
  while ((await findJson(`${url}/ready`)) === undefined) {
    failWhenHopeless(ingest);
    const progress = readProgress(await findJson(`${url}/status`));
    if (progress) onProgress(progress);
    if (progress && progress.rowsDone > best) {
      best = progress.rowsDone;
      changedAt = performance.now();
    }
    if (performance.now() - changedAt > STALLED_MS) return false;
    await delay(POLL_MS, undefined, { signal });
  }
  return true;
}

/** Reports how the training of the first model goes, whenever that changes, until a model is served or `signal` aborts. */
export async function watchTraining(url: string, signal: AbortSignal, onProgress: (progress: TrainingProgress) => void): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const progress = (await findJson(`${url}/status`)) as TrainingProgress | undefined;
    const text = JSON.stringify(progress);
    if (progress && text !== last) onProgress(progress);
    if (progress?.model) return;
    last = text;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Returns how far the first part of the history is, as ingest adds it up; undefined before it knows its instruments. */
export function readProgress(status: unknown): HistoryProgress | undefined {
  const { counts = {}, rowsDone = 0, rowsWanted = 0 } = (status ?? {}) as Partial<IngestStatus>;
  const instruments = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return instruments === 0 ? undefined : { rowsDone, rowsWanted, liveInstruments: counts.LIVE ?? 0, instruments };
}

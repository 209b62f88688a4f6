import type { BackfillProgress, InstrumentId, LatestChannel } from '@candlecast/domain';
import type { HistoryProgress } from '../series/history.ts';

/** How far the history of each instrument is, for whoever draws a progress bar. */
export interface ProgressPublisher {
  /** Takes the newest figures; never publishes by itself. */
  note(instrumentId: InstrumentId, progress: HistoryProgress): void;
  /** Publishes what has changed since the last call. */
  flush(): void;
}

/** Where the rate of a phase is measured from. */
interface Start {
  readonly phase: HistoryProgress['phase'];
  readonly atMs: number;
  readonly rowsDone: number;
}

/** `nowMs` is a steady clock of this machine: the time left is told in its milliseconds. */
export function createProgressPublisher(latest: Pick<LatestChannel, 'publish'>, nowMs: () => number): ProgressPublisher {
  const starts = new Map<InstrumentId, Start>();
  const changed = new Map<InstrumentId, BackfillProgress>();
  return {
    note(instrumentId, { phase, rowsDone, rowsWanted, isCompared }) {
      let start = starts.get(instrumentId);
      if (start?.phase !== phase || !isCompared) {
        start = { phase, atMs: nowMs(), rowsDone };
        starts.set(instrumentId, start);
      }
      const fetched = rowsDone - start.rowsDone;
      const left = rowsWanted - rowsDone;
      const etaMs = left === 0 ? 0 : fetched > 0 ? Math.round(((nowMs() - start.atMs) / fetched) * left) : null;
      changed.set(instrumentId, { instrumentId, rowsDone, rowsWanted, etaMs });
    },
    flush() {
      for (const [key, value] of changed) latest.publish({ topic: 'backfill.progress', key, value });
      changed.clear();
    },
  };
}

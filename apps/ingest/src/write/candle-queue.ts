import {
  type CandleValues,
  type CandleWriter,
  type ClosedCandles,
  type CommitResult,
  type EpochMs,
  type InstrumentId,
  LeaseLostError,
} from '@candlecast/domain';

/** Gathers the closed candles of all series into few commits. */
export interface CandleQueue {
  /**
   * Resolves when the candles (oldest first) are committed, and not before. Waits while the queue is full (policy `block`). Rejects
   * when the database refuses these candles; what others handed in at the same time is committed all the same.
   */
  commit(instrumentId: InstrumentId, candles: readonly CandleValues[]): Promise<CommitResult>;
  /** Candles that wait for their commit. */
  depth(): number;
}

/** What the queue needs; `writer` retries by itself what another try can cure. */
export interface CandleQueueOptions {
  readonly writer: Pick<CandleWriter, 'commitClosed'>;
  readonly now: () => EpochMs;
  readonly onDepth?: (candles: number) => void;
}

/** At a minute's end the closes of all pairs come within some milliseconds: waiting this long gathers them. */
const GATHER_MS = 10;
/**
 * So many series and more are committed in two halves side by side: when a week ends, each minute ends eleven larger candles with it, and to make
 * those of 1,600 pairs takes one backend of the database a second.
 */
const SERIES_IN_HALVES = 500;
const MAX_CANDLES_PER_COMMIT = 5_000;
const MAX_WAITING_CANDLES = 20_000;

interface Entry {
  readonly batch: ClosedCandles;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (cause: unknown) => void;
}

/** Returns a queue over `writer`. */
export function createCandleQueue({ writer, now, onDepth = () => undefined }: CandleQueueOptions): CandleQueue {
  let waiting: Entry[] = [];
  let blocked: (() => void)[] = [];
  let depth = 0;
  let isDraining = false;

  return {
    depth: () => depth,
    async commit(instrumentId, candles) {
      while (depth >= MAX_WAITING_CANDLES) await new Promise<void>((resolve) => blocked.push(resolve));
      changeDepth(candles.length);
      const result = new Promise<CommitResult>((resolve, reject) => {
        waiting.push({ batch: { instrumentId, candles }, resolve, reject });
      });
      if (!isDraining) void drain();
      return result;
    },
  };

  async function drain(): Promise<void> {
    isDraining = true;
    while (waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
      const entries = takeCommit();
      await Promise.all(inHalves(entries).map(commitAll));
      changeDepth(-countOf(entries));
      const woken = blocked;
      blocked = [];
      for (const wake of woken) wake();
    }
    isDraining = false;
  }

  /** One batch per instrument in a commit: whoever hands in more waits for the first. */
  function takeCommit(): Entry[] {
    const taken = new Map<InstrumentId, Entry>();
    let candles = 0;
    for (const entry of waiting) {
      if (taken.has(entry.batch.instrumentId)) continue;
      if (candles > 0 && candles + entry.batch.candles.length > MAX_CANDLES_PER_COMMIT) break;
      taken.set(entry.batch.instrumentId, entry);
      candles += entry.batch.candles.length;
    }
    const entries = new Set(taken.values());
    waiting = waiting.filter((entry) => !entries.has(entry));
    return [...entries];
  }

  async function commitAll(entries: readonly Entry[]): Promise<void> {
    try {
      const results = await writer.commitClosed(
        entries.map(({ batch }) => batch),
        now(),
      );
      const byInstrument = new Map(results.map((result) => [result.instrumentId, result]));
      for (const entry of entries) settle(entry, byInstrument);
    } catch (cause) {
      if (cause instanceof LeaseLostError) return commitKept(entries, cause);
      // One bad batch must not take the others with it.
      if (entries.length === 1) entries[0]?.reject(cause);
      else for (const entry of entries) await commitAll([entry]);
    }
  }

  /** Whoever keeps an instrument now stores its candles: the others' go on without them. */
  async function commitKept(entries: readonly Entry[], cause: LeaseLostError): Promise<void> {
    const lost = new Set(cause.instrumentIds);
    const kept = entries.filter(({ batch }) => !lost.has(batch.instrumentId));
    for (const entry of entries) if (lost.has(entry.batch.instrumentId)) entry.reject(cause);
    if (kept.length > 0 && kept.length < entries.length) await commitAll(kept);
  }

  function changeDepth(by: number): void {
    depth += by;
    onDepth(depth);
  }
}

function inHalves(entries: readonly Entry[]): (readonly Entry[])[] {
  if (entries.length < SERIES_IN_HALVES) return [entries];
  const half = Math.ceil(entries.length / 2);
  return [entries.slice(0, half), entries.slice(half)];
}

function settle({ batch, resolve, reject }: Entry, results: ReadonlyMap<InstrumentId, CommitResult>): void {
  const result = results.get(batch.instrumentId);
  if (result) resolve(result);
  else reject(new Error(`the writer did not say what became of ${batch.instrumentId}`));
}

function countOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { batch }) => sum + batch.candles.length, 0);
}

import type { InstrumentId, Trade } from '@candlecast/domain';
import type { LatestValues } from '../live/latest-values.ts';
import { toSubscription } from '../live/to-subscription.ts';

/** A trade and how many were left out before it. */
export interface ShownTrade extends Trade {
  readonly leftOut: number;
}

/** How many trades may wait for a reader. */
export const MAX_WAITING_TRADES = 1_000;

/**
 * Yields trades of `ids` as updates bring them, each once. Updates of the channel add up and say what they left out; here, too, the oldest
 * give way when a reader is slow, and the count goes to the next trade of the same instrument.
 */
export function openTradeTape(
  latest: Pick<LatestValues, 'find' | 'watch'>,
  ids: readonly InstrumentId[],
  clientSignal: AbortSignal,
): AsyncGenerator<ShownTrade, void, undefined> {
  return toSubscription(clientSignal, async function* run(signal) {
    const tape = createTape();
    const unwatch = latest.watch('trades', ids, (id) => {
      const update = latest.find('trades', id);
      if (update) tape.add(id, update.trades, update.leftOut);
    });
    signal.addEventListener('abort', tape.close, { once: true });
    try {
      for (let trade = await tape.take(); trade; trade = await tape.take()) yield trade;
    } finally {
      unwatch();
    }
  });
}

/** A bounded queue with one taker. */
function createTape() {
  const waiting: ShownTrade[] = [];
  const lost = new Map<InstrumentId, number>();
  const newest = new Map<InstrumentId, number>();
  let isClosed = false;
  let wake: (() => void) | undefined;
  return {
    add(instrumentId: InstrumentId, trades: readonly Omit<Trade, 'instrumentId'>[], leftOut: number): void {
      lost.set(instrumentId, (lost.get(instrumentId) ?? 0) + leftOut);
      const seen = newest.get(instrumentId) ?? Number.NEGATIVE_INFINITY;
      for (const trade of trades.filter(({ aggTradeId }) => aggTradeId > seen)) {
        waiting.push({ instrumentId, ...trade, leftOut: 0 });
        newest.set(instrumentId, trade.aggTradeId);
      }
      for (const gone of waiting.splice(0, Math.max(0, waiting.length - MAX_WAITING_TRADES))) {
        lost.set(gone.instrumentId, (lost.get(gone.instrumentId) ?? 0) + 1);
      }
      wake?.();
    },
    async take(): Promise<ShownTrade | undefined> {
      while (waiting.length === 0 && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const trade = isClosed ? undefined : waiting.shift();
      if (!trade) return undefined;
      const leftOut = lost.get(trade.instrumentId) ?? 0;
      lost.delete(trade.instrumentId);
      return { ...trade, leftOut };
    },
    close(): void {
      isClosed = true;
      wake?.();
    },
  };
}

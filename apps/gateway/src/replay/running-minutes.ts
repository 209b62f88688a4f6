import { type CandleValues, type EpochMs, floorToInterval, type InstrumentId, type TradeReader } from '@candlecast/domain';
import { foldTrades } from './fold-trades.ts';

/** The minute that runs at a replay's time, folded from stored trades. */
export interface RunningMinutes {
  /** Each instrument's running minute after the trades before `now`; one without a trade in it, or whose trades are not stored, is left out. */
  find(
    ids: readonly InstrumentId[],
    now: EpochMs,
  ): Promise<ReadonlyMap<InstrumentId, { readonly values: CandleValues; readonly time: EpochMs }>>;
}

interface Running {
  readonly openTime: EpochMs;
  values: CandleValues | undefined;
  newest: { readonly tradeTime: EpochMs; readonly aggTradeId: number } | undefined;
}

const PAGE_SIZE = 1_000;
/** A minute has fewer; if not, its later trades come with the next look. */
const MOST_PAGES = 10;

/** Returns the running minutes; each trade is read once. */
export function createRunningMinutes(trades: Pick<TradeReader, 'findTrades'>): RunningMinutes {
  const running = new Map<InstrumentId, Running>();

  async function follow(id: InstrumentId, now: EpochMs): Promise<Running> {
    const openTime = floorToInterval(now, '1m');
    const kept = running.get(id);
    const minute: Running = kept?.openTime === openTime ? kept : { openTime, values: undefined, newest: undefined };
    running.set(id, minute);
    for (let page = 0; page < MOST_PAGES && openTime < now; page += 1) {
      const query = { instrumentId: id, range: { from: openTime, to: now }, limit: PAGE_SIZE, take: 'oldest' } as const;
      const found = await trades.findTrades(minute.newest ? { ...query, beyond: minute.newest } : query);
      minute.values = foldTrades(openTime, minute.values, found);
      minute.newest = found.at(-1) ?? minute.newest;
      if (found.length < PAGE_SIZE) break;
    }
    return minute;
  }

  return {
    async find(ids, now) {
      const minutes = await Promise.all(ids.map(async (id) => [id, await follow(id, now)] as const));
      return new Map(minutes.flatMap(([id, { values, newest }]) => (values && newest ? [[id, { values, time: newest.tradeTime }]] : [])));
    },
  };
}

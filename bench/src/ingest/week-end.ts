import { DAY_MS, MINUTE_MS, toIso } from '@candlecast/domain';
import { createCandleWriter, createMaintenance } from '@candlecast/store';
import { createCandleQueue } from '../../../apps/ingest/src/write/candle-queue.ts';
import { MARKET_START, madeUpCandle } from '../measure/made-up-market.ts';
import type { Report } from '../measure/report.ts';
import { insertMinutes, listSeries, MARKET_SERIES, refreshAll } from '../measure/server-market.ts';
import type { TierServer } from '../measure/tier-servers.ts';
import { milliseconds, repeat, seconds } from '../measure/timing.ts';

const WEEK_MINUTES = (7 * DAY_MS) / MINUTE_MS;
const LAST = WEEK_MINUTES - 1;
/** Minutes that are committed as they come, so that the store has in memory and has materialised what it has while it runs. */
const LIVE_MINUTES = 60;
/** As often as ingest keeps the store in shape. */
const MAINTAINED_EVERY = 5;

/** Measures the commit that ends every interval of every pair at once, with a week of their minutes stored and maintained as usual. */
export async function measureWeekEnd({ database, tier }: TierServer, report: Report): Promise<void> {
  const { sessions } = database;
  const ids = await listSeries(database);
  const filled = await seconds(async () => {
    const to = LAST - LIVE_MINUTES;
    for (let from = 0; from < to; from += 1_440) await insertMinutes(sessions, from, Math.min(from + 1_440, to), 1, MARKET_SERIES);
    await refreshAll(sessions, 0);
  });
  report.figure({ what: `${tier}: filled with a week of ${MARKET_SERIES} series`, value: filled, unit: 's' });

  let now = MARKET_START;
  const queue = createCandleQueue({ writer: createCandleWriter(database), now: () => now });
  const maintenance = createMaintenance(database);
  const commit = (minute: number) => {
    now = madeUpCandle(0, minute + 1).openTime;
    const candles = ids.map((_, symbol) => [madeUpCandle(symbol, minute)]);
    return milliseconds(() => Promise.all(ids.map((id, symbol) => queue.commit(id, candles[symbol] ?? []))));
  };
  for (let minute = LAST - LIVE_MINUTES; minute < LAST; minute++) {
    await commit(minute);
    if (minute % MAINTAINED_EVERY === 0) await maintenance.refreshRollups();
  }
  const times = await repeat(3, async () => {
    const took = await commit(LAST);
    await takeBack(database);
    return took;
  });
  report.figure({ what: `${tier}: ${MARKET_SERIES} closes at Monday midnight, first`, value: times[0] ?? Number.NaN, unit: 'ms' });
  report.figure({
    what: `${tier}: ${MARKET_SERIES} closes at Monday midnight, worst of ${times.length}`,
    value: Math.max(...times),
    unit: 'ms',
    goal: { atMost: 1_000 },
  });
}

/** As if the last minute had not come yet. */
async function takeBack({ sessions }: TierServer['database']): Promise<void> {
  const last = toIso(madeUpCandle(0, LAST).openTime);
  await sessions.runUntimed({
    name: '',
    text: `delete from candle_1m where open_time = '${last}' and open_time >= '${toIso(MARKET_START)}'`,
  });
  await sessions.runUntimed({ name: '', text: `update instrument set watermark = timestamptz '${last}' - interval '1 minute'` });
}

import { addMs, type EpochMs, type Instrument, type InstrumentId, MINUTE_MS, toEpochMs } from '@candlecast/domain';
import { createCandleReader, createInstrumentReader } from '@candlecast/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBars } from '../market/load-bars.ts';
import { at, BTC, ETH, START, startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { loadCandleSnapshots } from './candle-snapshots.ts';

let market: TestMarket;

beforeEach(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
});

afterEach(() => market.stop());

async function loadInstruments(...ids: InstrumentId[]): Promise<Instrument[]> {
  const reader = createInstrumentReader(market.database);
  return (await Promise.all(ids.map((id) => reader.findInstrument(id)))).filter((found) => found !== undefined);
}

function sources() {
  return { log: market.log, candles: createCandleReader(market.database) };
}

const minutesOf = (candles: readonly { readonly openTime: number }[]) => candles.map(({ openTime }) => (openTime - START) / MINUTE_MS);

describe('a snapshot holds everything up to its own position', () => {
  it('when minutes are committed after the instruments were looked up', async () => {
    await market.close(BTC, 0, 3);
    const instruments = await loadInstruments(BTC, ETH);
    await market.close(BTC, 3, 9);
    await market.close(ETH, 0, 9);
    const { series, position } = await loadCandleSnapshots(sources(), { instruments, interval: '1m', count: 500 });
    expect(position).toEqual(await market.log.head());
    for (const { candles } of series) expect(minutesOf(candles)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('when the newest bucket is many minutes ahead of the look-up', async () => {
    const instruments = await loadInstruments(BTC);
    await market.close(BTC, 0, 130);
    const { series } = await loadCandleSnapshots(sources(), { instruments, interval: '1h', count: 2 });
    expect(minutesOf(series[0]?.candles ?? [])).toEqual([60, 120]);
  });

  it('as columns for charts, up to the wanted end', async () => {
    const [instrument] = await loadInstruments(BTC);
    if (!instrument) throw new Error('BTC is not listed');
    await market.close(BTC, 0, 9);
    const query = { instrument, interval: '1m', from: undefined, countback: 4 } as const;
    const reader = createCandleReader(market.database);
    const timesOf = async (to: EpochMs) =>
      (await loadBars(reader, { ...query, to })).columns.t.map((time) => (time * 1_000 - START) / MINUTE_MS);
    expect(await timesOf(addMs(at(0), 90 * 86_400_000))).toEqual([5, 6, 7, 8]);
    expect(await timesOf(at(3))).toEqual([0, 1, 2]);
    const later = await loadBars(reader, { ...query, countback: undefined, from: at(20), to: at(30) });
    expect(later).toMatchObject({ columns: { t: [], c: [] }, nextTime: toEpochMs(at(8)) });
  });
});
